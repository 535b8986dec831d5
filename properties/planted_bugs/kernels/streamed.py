"""Streams as ports have them: what later rows read is kept in a cache before each chunk; whole sequences are not there.

Not to be tidied up: planted bugs are changes of its source.
"""

from __future__ import annotations

from typing import Any, SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import Array, chunk, float_matrices, own_tap, tap_stride


class LookBack:
    """A stream of the unidirectional form."""

    def __init__(self, filter: Array, stride: int) -> None:
        self.filter, self.stride, self.finished = filter.copy(), stride, False
        self.order = len(filter) * stride
        self.cache = np.zeros((0, filter.shape[1]), filter.dtype)

    def push(self, frames: Any) -> Array:
        """Return the rows of the frames."""
        if self.finished:
            raise ValueError("push comes after finish")
        frames = chunk(frames, self.cache)
        first = len(self.cache)
        held = np.concatenate([self.cache, frames])
        memory = held[first:].copy()
        for i, tap in enumerate(self.filter):
            lag = (i + 1) * self.stride
            begin = max(0, lag - first)
            if begin < len(memory):
                memory[begin:] += tap * held[first + begin - lag : len(held) - lag]
        self.cache = held[max(0, len(held) - self.order) :].copy()
        return memory

    def finish(self) -> Array:
        """Return no rows."""
        if self.finished:
            raise ValueError("finish comes after finish")
        self.finished = True
        return self.cache[:0].copy()


class BothWays:
    """A stream of the bidirectional form."""

    def __init__(self, bfilter: Array, ffilter: Array, bstride: int, fstride: int) -> None:
        self.bfilter, self.ffilter = bfilter.copy(), ffilter.copy()
        self.bstride, self.fstride, self.finished = bstride, fstride, False
        self.back, self.ahead = (len(bfilter) - 1) * bstride, len(ffilter) * fstride
        self.held = np.zeros((0, bfilter.shape[1]), bfilter.dtype)
        self.done = 0

    def push(self, frames: Any) -> Array:
        """Return the rows whose last tap has a frame."""
        if self.finished:
            raise ValueError("push comes after finish")
        frames = chunk(frames, self.held)
        self.held = np.concatenate([self.held, frames])
        return self.rows(max(self.done, len(self.held) - self.ahead))

    def finish(self) -> Array:
        """Return the remaining rows."""
        if self.finished:
            raise ValueError("finish comes after finish")
        self.finished = True
        return self.rows(len(self.held))

    def rows(self, end: int) -> Array:
        """Return the rows up to one of the frames that are held, and forget what no later row reads."""
        begin, held = self.done, self.held
        memory: Array = held[begin:end] + self.bfilter[0] * held[begin:end]
        for i in range(1, len(self.bfilter)):
            lag = i * self.bstride
            skip = max(0, lag - begin)
            if skip < len(memory):
                memory[skip:] += self.bfilter[i] * held[begin + skip - lag : end - lag]
        for j in range(1, len(self.ffilter) + 1):
            lead = j * self.fstride
            stop = min(end, len(held) - lead)
            if stop > begin:
                memory[: stop - begin] += self.ffilter[j - 1] * held[begin + lead : stop + lead]
        dropped = max(0, end - self.back)
        self.held, self.done = held[dropped:].copy(), end - dropped
        return memory


def compact_vfsmn_stream(filter: npt.ArrayLike, *, stride: SupportsIndex = 1) -> LookBack:
    """Return a stream of the unidirectional form."""
    (filter,) = float_matrices(filter=filter)
    stride = tap_stride("stride", stride)
    return LookBack(filter, stride)


def bi_compact_vfsmn_stream(
    bfilter: npt.ArrayLike, ffilter: npt.ArrayLike, *, bstride: SupportsIndex = 1, fstride: SupportsIndex = 1
) -> BothWays:
    """Return a stream of the bidirectional form."""
    bfilter, ffilter = float_matrices(bfilter=bfilter, ffilter=ffilter)
    own_tap("bfilter", bfilter)
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    return BothWays(bfilter, ffilter, bstride, fstride)
