"""The memory block as an optimizer writes it: blocks of frames, four taps at a time, plans and scratch that are kept.

Everything looks back: look-ahead is look-back on reversed views.
"""

from __future__ import annotations

from typing import Any, NamedTuple, SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import (
    Array,
    Positions,
    float_matrices,
    look_ahead_positions,
    look_back_positions,
    own_tap,
    tap_stride,
)

BLOCK = 64
PLANS_KEPT = 32


class Block(NamedTuple):
    """Neighbouring rows, and how many taps each of them uses."""

    first: int
    counts: Positions

    @property
    def rows(self) -> slice:
        """Where the rows are."""
        return slice(self.first, self.first + len(self.counts))

    @property
    def common(self) -> int:
        """The number of taps that every row uses."""
        return int(self.counts.min())

    def using(self, i: int) -> Positions:
        """Return the rows that use tap i."""
        rows: Positions = self.first + np.flatnonzero(self.counts > i)
        return rows


_plans: dict[Any, list[Block]] = {}
_scratch: dict[Any, Array] = {}


def compact_vfsmn_memory_forward(
    hidden: npt.ArrayLike, filter: npt.ArrayLike, position: npt.ArrayLike, *, stride: SupportsIndex = 1
) -> Array:
    """Return the memory of every frame."""
    hidden, filter = float_matrices(hidden=hidden, filter=filter)
    position = look_back_positions("position", position, len(hidden))
    stride = tap_stride("stride", stride)

    memory = hidden.copy(order="C")
    _add_taps(hidden, filter, _plan(position, stride, len(filter)), stride, memory)
    return memory


def compact_vfsmn_memory_backward(
    dmemory: npt.ArrayLike,
    hidden: npt.ArrayLike,
    filter: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    stride: SupportsIndex = 1,
) -> tuple[Array, Array]:
    """Return the gradients of hidden and of the filter."""
    dmemory, hidden, filter = float_matrices(dmemory=dmemory, hidden=hidden, filter=filter)
    position = look_back_positions("position", position, len(hidden))
    stride = tap_stride("stride", stride)

    dhidden = dmemory.copy(order="C")
    dfilter = np.zeros(filter.shape, filter.dtype)
    plan = _plan(position, stride, len(filter))
    _add_to_frames(dmemory, filter, plan, stride, dhidden)
    _add_to_taps(hidden, dmemory, plan, stride, dfilter)
    return dhidden, dfilter


def bi_compact_vfsmn_memory_forward(
    hidden: npt.ArrayLike,
    bfilter: npt.ArrayLike,
    ffilter: npt.ArrayLike,
    bposition: npt.ArrayLike,
    fposition: npt.ArrayLike,
    *,
    bstride: SupportsIndex = 1,
    fstride: SupportsIndex = 1,
) -> Array:
    """Return the bidirectional memory of every frame."""
    hidden, bfilter, ffilter = float_matrices(hidden=hidden, bfilter=bfilter, ffilter=ffilter)
    own_tap("bfilter", bfilter)
    bposition = look_back_positions("bposition", bposition, len(hidden))
    fposition = look_ahead_positions("fposition", fposition, len(hidden))
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)

    memory: Array = np.add(hidden, bfilter[0] * hidden, order="C")
    back, ahead = bfilter[1:], ffilter
    _add_taps(hidden, back, _plan(bposition, bstride, len(back)), bstride, memory)
    _add_taps(hidden[::-1], ahead, _plan(fposition[::-1], fstride, len(ahead)), fstride, memory[::-1])
    return memory


def bi_compact_vfsmn_memory_backward(
    dmemory: npt.ArrayLike,
    hidden: npt.ArrayLike,
    bfilter: npt.ArrayLike,
    ffilter: npt.ArrayLike,
    bposition: npt.ArrayLike,
    fposition: npt.ArrayLike,
    *,
    bstride: SupportsIndex = 1,
    fstride: SupportsIndex = 1,
) -> tuple[Array, Array, Array]:
    """Return the gradients of hidden and of both filters."""
    dmemory, hidden, bfilter, ffilter = float_matrices(dmemory=dmemory, hidden=hidden, bfilter=bfilter, ffilter=ffilter)
    own_tap("bfilter", bfilter)
    bposition = look_back_positions("bposition", bposition, len(hidden))
    fposition = look_ahead_positions("fposition", fposition, len(hidden))
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)

    dhidden = np.add(dmemory, bfilter[0] * dmemory, order="C")
    dbfilter = np.zeros(bfilter.shape, bfilter.dtype)
    dffilter = np.zeros(ffilter.shape, ffilter.dtype)
    dbfilter[0] = np.einsum("td,td->d", hidden, dmemory)
    back, ahead = bfilter[1:], ffilter
    plan = _plan(bposition, bstride, len(back))
    _add_to_frames(dmemory, back, plan, bstride, dhidden)
    _add_to_taps(hidden, dmemory, plan, bstride, dbfilter[1:])
    plan = _plan(fposition[::-1], fstride, len(ahead))
    _add_to_frames(dmemory[::-1], ahead, plan, fstride, dhidden[::-1])
    _add_to_taps(hidden[::-1], dmemory[::-1], plan, fstride, dffilter)
    return dhidden, dbfilter, dffilter


def _add_taps(frames: Array, taps: Array, plan: list[Block], stride: int, sums: Array) -> None:
    """Add to every row the frames before it, weighted by its taps."""
    for block in plan:
        rows = block.rows
        unrolled = block.common - block.common % 4
        for i in range(0, unrolled, 4):
            a, b, c, d = (_earlier(rows, (i + k) * stride) for k in (1, 2, 3, 4))
            partial = _scratch_like(sums[rows])
            np.multiply(taps[i], frames[a], out=partial)
            partial += taps[i + 1] * frames[b]
            partial += taps[i + 2] * frames[c]
            partial += taps[i + 3] * frames[d]
            sums[rows] += partial
        for i in range(unrolled, len(taps)):
            some = block.using(i)
            if len(some) == 0:
                break
            sums[some] += taps[i] * frames[some - (i + 1) * stride]


def _add_to_frames(sums: Array, taps: Array, plan: list[Block], stride: int, frames: Array) -> None:
    """Add to every frame the rows that read it, weighted by the taps that they read it with."""
    for block in plan:
        for i in range(block.common):
            frames[_earlier(block.rows, (i + 1) * stride)] += taps[i] * sums[block.rows]
        for i in range(block.common, len(taps)):
            some = block.using(i)
            if len(some) == 0:
                break
            frames[some - (i + 1) * stride] += taps[i] * sums[some]


def _add_to_taps(frames: Array, sums: Array, plan: list[Block], stride: int, taps: Array) -> None:
    """Add to every tap the products of the rows that use it and the frames that they read with it."""
    for block in plan:
        for i in range(block.common):
            taps[i] += np.einsum("td,td->d", frames[_earlier(block.rows, (i + 1) * stride)], sums[block.rows])
        for i in range(block.common, len(taps)):
            some = block.using(i)
            if len(some) == 0:
                break
            taps[i] += np.einsum("td,td->d", frames[some - (i + 1) * stride], sums[some])


def _earlier(rows: slice, lag: int) -> slice:
    return slice(rows.start - lag, rows.stop - lag)


def _plan(position: Positions, stride: int, taps: int) -> list[Block]:
    """Return the rows in blocks; plans are kept, since the next layer asks for the same one."""
    key = position.tobytes(), stride, taps
    if key not in _plans:
        if len(_plans) == PLANS_KEPT:
            _plans.clear()
        # A stride beyond the last frame reads nothing, however large it is.
        counts = np.minimum(position // min(stride, len(position) + 1), taps)
        _plans[key] = [Block(first, counts[first : first + BLOCK]) for first in range(0, len(counts), BLOCK)]
    return _plans[key]


def _scratch_like(rows: Array) -> Array:
    """Return an array that is kept for what is computed on the way to a result."""
    key = rows.shape, rows.dtype
    if key not in _scratch:
        _scratch.clear()
        _scratch[key] = np.empty(*key)
    return _scratch[key]
