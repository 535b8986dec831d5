"""Streams: the memory of one utterance whose frames arrive in chunks, as `fsmn_ref.stream` defines it.

The frames that rows to come read lie one after another in an array with room for more; the windows of neighbouring
rows are a view of it, and one einsum sums a line of taps. Zeros stand before the first frame and after the last, unless
that would be many, or a tap is NaN or infinite: then rows that use the same taps are summed together.
"""

from __future__ import annotations

from typing import NamedTuple, SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import Array, chunk, float_matrices, own_tap, tap_stride
from fsmn_vec.delay_line import BLOCK_BYTES, with_identity

# Frames that there is room for at least: a push of one frame seldom makes room.
LEAST_ROOM = 16


class Taps(NamedTuple):
    """Taps at equal distances, oldest first: row r reads the frame r + oldest + k * stride through taps[k]."""

    taps: Array
    oldest: int
    stride: int


class Stream:
    """The memory of one utterance, chunk by chunk.

    Parameters
    ----------
    lines : list of Taps
        All taps.
    back, ahead : int
        How far the last look-back tap and the last look-ahead tap read.
    adds_identity : bool
        Whether the frame itself is added besides the taps.
    """

    def __init__(self, lines: list[Taps], back: int, ahead: int, *, adds_identity: bool) -> None:
        first = lines[0].taps
        # A single tap has no distance from others, which need not fit in an intp.
        self._lines = [line if len(line.taps) > 1 else line._replace(stride=1) for line in lines]
        self._back, self._ahead, self._adds_identity = back, ahead, adds_identity
        self._dtype, self._channels = first.dtype, first.shape[1]
        row = max(1, self._channels * first.itemsize)
        self._block = max(1, BLOCK_BYTES // row)
        finite = all(bool(np.isfinite(line.taps).all()) for line in lines)
        self._padded = finite and (back + ahead) * row <= BLOCK_BYTES
        self._end = back if self._padded else 0
        self._held = np.zeros((self._end, self._channels), self._dtype)
        self._received = 0
        self._finished = False

    def push(self, frames: npt.ArrayLike) -> Array:
        """Take the next frames, and return the rows that are known by now: as in the reference, but for Fractions."""
        if self._finished:
            raise ValueError("push comes after finish (allowed: before it)")
        if not (
            type(frames) is np.ndarray
            and frames.dtype == self._dtype
            and frames.ndim == 2
            and frames.shape[1] == self._channels
        ):
            frames = self._checked(frames)
        count = len(frames)
        known = max(0, self._received - self._ahead)
        memory = np.empty((max(0, self._received + count - self._ahead) - known, self._channels), self._dtype)
        begin = known
        for first in range(0, count, self._block):
            self._append(frames[first : first + self._block])
            stop = self._received - self._ahead
            if stop > begin:
                self._write(begin, memory[begin - known : stop - known])
                begin = stop
        return memory

    def finish(self) -> Array:
        """End the utterance, and return the remaining rows."""
        if self._finished:
            raise ValueError("finish comes after finish (allowed: before it)")
        self._finished = True
        known, frames = max(0, self._received - self._ahead), self._received
        memory = np.empty((frames - known, self._channels), self._dtype)
        if self._padded and self._ahead:
            self._append(np.zeros((self._ahead, self._channels), self._dtype))
        self._write(known, memory)
        self._held = self._held[:0].copy()
        return memory

    def _checked(self, frames: npt.ArrayLike) -> Array:
        """Return the frames in the dtype of the rows from here on, to which everything is widened."""
        checked = chunk(frames, self._lines[0].taps)
        if checked.dtype != self._dtype:
            self._dtype, self._held = checked.dtype, self._held.astype(checked.dtype)
            self._lines = [line._replace(taps=line.taps.astype(checked.dtype)) for line in self._lines]
        return checked

    def _append(self, frames: Array) -> None:
        count = len(frames)
        if self._end + count > len(self._held):
            kept = min(self._end, self._back + self._ahead)
            room = kept + max(count, kept, LEAST_ROOM)
            last = self._held[self._end - kept : self._end]
            if room > len(self._held):
                self._held = np.empty((room, self._channels), self._dtype)
            self._held[:kept] = last
            self._end = kept
        self._held[self._end : self._end + count] = frames
        self._end += count
        self._received += count

    def _write(self, row: int, memory: Array) -> None:
        """Compute the memory from a row on, of which all frames are held."""
        if not memory.size:
            return
        first = self._end - self._received + row
        every = self._padded or (row >= self._back and row + len(memory) + self._ahead <= self._received)
        summed = False
        for line in self._lines if every else ():
            sums = self._sums(first, len(memory), line, None if summed else memory)
            if summed:
                memory += sums
            summed = True
        if not summed:
            memory[...] = 0
        if self._adds_identity:
            memory += self._held[first : first + len(memory)]
        for line in () if every else self._lines:
            self._add_in_runs(row, line, memory)

    def _sums(self, first: int, rows: int, line: Taps, out: Array | None) -> Array:
        """Return the sums of a line of taps for rows of which the first one's frame lies at `first`."""
        taps, oldest, stride = line
        if rows == 1:
            window = self._held[first + oldest : first + oldest + (len(taps) - 1) * stride + 1 : stride]
            row: Array = np.einsum("nd,nd->d", window, taps, out=None if out is None else out[0])
            return row
        step, item = self._held.strides
        shape, strides = (rows, len(taps), self._channels), (step, stride * step, item)
        windows: Array = np.ndarray(shape, self._dtype, self._held, (first + oldest) * step, strides)
        sums: Array = np.einsum("tnd,nd->td", windows, taps, out=out)
        return sums

    def _add_in_runs(self, row: int, line: Taps, memory: Array) -> None:
        """Add the sums of a line of taps, run by run of rows that use the same taps."""
        taps, oldest, stride = line
        begin, end, frames = row, row + len(memory), self._received
        while begin < end:
            most = frames - 1 - begin - oldest  # the distance of the last frame from that of taps[0]
            low, high = max(0, -((begin + oldest) // stride)), min(len(taps), most // stride + 1)
            stop = end
            if low:
                stop = min(stop, begin + 1 + (-(begin + oldest) - 1) % stride)
            if high > 0:
                stop = min(stop, begin + most - (high - 1) * stride + 1)
            if low < high:
                some = Taps(taps[low:high], oldest + low * stride, min(stride, frames))
                memory[begin - row : stop - row] += self._sums(self._end - frames + begin, stop - begin, some, None)
            begin = stop


def compact_vfsmn_stream(filter: npt.ArrayLike, *, stride: SupportsIndex = 1) -> Stream:
    """Return a stream of the unidirectional memory: `fsmn_ref.compact_vfsmn_stream`, vectorized.

    Parameters
    ----------
    filter : array_like of float, shape (N, D)
    stride : int, at least 1
        As in the reference, but for Fractions.

    Returns
    -------
    stream : Stream
        `push` takes frames, `finish` ends the utterance. It keeps at most 2*N*stride frames or, if these are few, as
        many as fit in an L2 cache.

    Raises
    ------
    TypeError, ValueError
        If an argument is outside the contract's domain; the message names it.
    """
    (filter,) = float_matrices(filter=filter)
    stride = tap_stride("stride", stride)
    back = len(filter) * stride
    taps = np.ascontiguousarray(with_identity(filter)[::-1])
    return Stream([Taps(taps, -back, stride)], back, 0, adds_identity=False)


def bi_compact_vfsmn_stream(
    bfilter: npt.ArrayLike, ffilter: npt.ArrayLike, *, bstride: SupportsIndex = 1, fstride: SupportsIndex = 1
) -> Stream:
    """Return a stream of the bidirectional memory: `fsmn_ref.bi_compact_vfsmn_stream`, vectorized.

    Parameters
    ----------
    bfilter : array_like of float, shape (N1+1, D)
    ffilter : array_like of float, shape (N2, D)
    bstride, fstride : int, at least 1
        As in the reference, but for Fractions.

    Returns
    -------
    stream : Stream
        As that of `compact_vfsmn_stream`; it keeps the frames that are looked ahead at besides.

    Raises
    ------
    TypeError, ValueError
        If an argument is outside the contract's domain; the message names it.
    """
    bfilter, ffilter = float_matrices(bfilter=bfilter, ffilter=ffilter)
    own_tap("bfilter", bfilter)
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    back, ahead = (len(bfilter) - 1) * bstride, len(ffilter) * fstride
    if bstride == fstride or not ahead:
        lines = [Taps(np.concatenate((bfilter[::-1], ffilter)), -back, bstride)]
    else:
        lines = [Taps(bfilter[::-1].copy(), -back, bstride), Taps(ffilter.copy(), fstride, fstride)]
    return Stream(lines, back, ahead, adds_identity=True)
