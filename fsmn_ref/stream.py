"""Streams: the memory of one utterance whose frames arrive in chunks, as loops.

A row is known once its last look-ahead tap has a frame, and the rest once the utterance has ended.
"""

from __future__ import annotations

from fractions import Fraction
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import Array, chunk, float_matrices, own_tap, tap_stride


class Stream:
    """The memory of one utterance, chunk by chunk.

    Parameters
    ----------
    taps : ndarray, shape (K, D)
        All taps.
    lags : list of int
        How many frames earlier each tap reads; later ones, if it is negative.
    back, ahead : int
        How far the last look-back tap and the last look-ahead tap read.
    """

    def __init__(self, taps: Array, lags: list[int], back: int, ahead: int) -> None:
        self._taps, self._lags, self._back, self._ahead = taps.copy(), lags, back, ahead
        self._frames: dict[int, Array] = {}
        self._received = self._returned = 0
        self._finished = False

    def push(self, frames: npt.ArrayLike) -> Array:
        """Take the next frames, and return the rows that are known by now.

        Parameters
        ----------
        frames : array_like of float, shape (m, D)
            The next m frames, any number of them.

        Returns
        -------
        rows : ndarray, shape (n, D)
            The rows after those that were returned before, up to the one N2*fstride before the last frame. New,
            C-contiguous, of `numpy.result_type` of the filters and all chunks so far.

        Raises
        ------
        TypeError, ValueError
            If the frames are outside the contract's domain, or the stream is finished; the stream stays as it was.
        """
        self._require_open("push")
        hidden = chunk(frames, self._taps, exact=True)
        if hidden.dtype != self._taps.dtype:
            self._taps = self._taps.astype(hidden.dtype)
            self._frames = {s: frame.astype(hidden.dtype) for s, frame in self._frames.items()}
        for frame in hidden:
            self._frames[self._received] = frame.copy()
            self._received += 1
        return self._rows(max(self._returned, self._received - self._ahead))

    def finish(self) -> Array:
        """End the utterance, and return the remaining rows.

        Returns
        -------
        rows : ndarray, shape (n, D)
            As `push` returns them.

        Raises
        ------
        ValueError
            If the stream is finished.
        """
        self._require_open("finish")
        self._finished = True
        return self._rows(self._received)

    def _require_open(self, method: str) -> None:
        if self._finished:
            raise ValueError(f"{method} comes after finish (allowed: before it)")

    def _rows(self, end: int) -> Array:
        first, D = self._returned, self._taps.shape[1]
        memory = np.full((end - first, D), Fraction(0), self._taps.dtype)
        for r in range(first, end):
            memory[r - first] = self._frames[r]
            for tap, lag in zip(self._taps, self._lags, strict=True):
                if 0 <= r - lag < self._received:
                    for c in range(D):
                        memory[r - first, c] += tap[c] * self._frames[r - lag][c]
        self._returned = end
        self._frames = {s: frame for s, frame in self._frames.items() if s >= end - self._back}
        return memory


def compact_vfsmn_stream(filter: npt.ArrayLike, *, stride: SupportsIndex = 1) -> Stream:
    """Return a stream of the unidirectional memory: that of `compact_vfsmn_memory_forward`, chunk by chunk.

    Parameters
    ----------
    filter : array_like of float, shape (N, D)
        The taps, newest frame first; they are copied.
    stride : int, at least 1
        Frames between taps.

    Returns
    -------
    stream : Stream
        `push` takes frames, `finish` ends the utterance. It keeps at most N*stride frames.

    Raises
    ------
    TypeError, ValueError
        If an argument is outside the contract's domain; the message names it and says what is allowed.

    Examples
    --------
    >>> stream = compact_vfsmn_stream([[10.0]])
    >>> [rows.tolist() for rows in (stream.push([[1.0], [2.0]]), stream.push([[3.0]]), stream.finish())]
    [[[1.0], [12.0]], [[23.0]], []]
    """
    (filter,) = float_matrices(filter=filter, exact=True)
    stride = tap_stride("stride", stride)
    N = len(filter)
    return Stream(filter, [(i + 1) * stride for i in range(N)], N * stride, 0)


def bi_compact_vfsmn_stream(
    bfilter: npt.ArrayLike, ffilter: npt.ArrayLike, *, bstride: SupportsIndex = 1, fstride: SupportsIndex = 1
) -> Stream:
    """Return a stream of the bidirectional memory: that of `bi_compact_vfsmn_memory_forward`, chunk by chunk.

    Parameters
    ----------
    bfilter : array_like of float, shape (N1+1, D)
        Row 0 is the current frame's own tap, row i looks back i*bstride frames; they are copied.
    ffilter : array_like of float, shape (N2, D)
        Row j-1 looks ahead j*fstride frames; they are copied.
    bstride, fstride : int, at least 1
        Frames between look-back taps and between look-ahead taps.

    Returns
    -------
    stream : Stream
        `push` takes frames, `finish` ends the utterance. It keeps at most N1*bstride + N2*fstride frames.

    Raises
    ------
    TypeError, ValueError
        If an argument is outside the contract's domain; the message names it and says what is allowed.
    """
    bfilter, ffilter = float_matrices(bfilter=bfilter, ffilter=ffilter, exact=True)
    own_tap("bfilter", bfilter)
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    N1, N2 = len(bfilter) - 1, len(ffilter)
    lags = [i * bstride for i in range(N1 + 1)] + [-j * fstride for j in range(1, N2 + 1)]
    return Stream(np.concatenate((bfilter, ffilter)), lags, N1 * bstride, N2 * fstride)
