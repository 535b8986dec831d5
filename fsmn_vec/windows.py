"""Windows of frames, channels last: there einsum's inner loop is a multiply-add over contiguous numbers.

The window of a row that uses q taps holds the q frames before it, newest first, or the row's own frame and those q: the
frames from `nearest` = 1 or 0 rows back. Where rows are neighbours, their windows are views of one copy of their
frames; elsewhere they are gathered. A tap that is not allowed is in no window, or meets a zero in it: NaN can't leak.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from fsmn_ref.arguments import Array, Positions
from fsmn_vec.plan import Stretch

# A block of frames is read again for every tap: it should stay in an L2 cache together with its sums.
BLOCK_BYTES = 1 << 19

# Starting einsum's inner loop costs more than its work on few channels, so neighbouring rows are folded into one.
LONG_ROW_BYTES = 2048
MOST_FOLDED = 8


def folded(frames: Array) -> int:
    """Return how many rows to fold into one long row."""
    return max(1, min(MOST_FOLDED, LONG_ROW_BYTES // max(1, row_bytes(frames))))


def stretched(frames: Array, stretches: list[Stretch], nearest: int, fold: int) -> Iterator[tuple[slice, Array]]:
    """Yield the rows of stretches in blocks, with their windows (rows/fold, taps, fold*D); the next overwrites them.

    The windows of `fold` rows are one long row, in the order in which the frames lie in memory. Zeros stand for the
    taps that a climbing row does not use, so only finite factors may meet its window: 0 * inf is NaN.
    """
    step = fold * max(1, rows_in_block(frames) // fold)
    most = max((end - first for first, end, _, _ in stretches), default=0)
    held = rows_like(frames, min(step, most) + max((taps for _, _, _, taps in stretches), default=0))
    for first, end, lead, taps in stretches:
        if taps < nearest:
            continue
        view = _windows(held, taps, nearest, fold)
        for begin in range(first, end, step):
            stop = min(begin + step, end)
            known = min(taps, lead + begin - first)
            held[: taps - known] = 0
            held[taps - known : taps + stop - begin] = frames[begin - known : stop]
            yield slice(begin, stop), view[: (stop - begin) // fold]


def rows_like(frames: Array, rows: int) -> Array:
    """Return an empty array of so many rows that lie in memory first to last, or last to first, as the frames do."""
    return np.empty((rows, frames.shape[1]), frames.dtype)[:: _direction(frames)]


def _windows(held: Array, taps: int, nearest: int, fold: int) -> Array:
    """Return a view of the windows of the rows from `taps` on, every `fold` of them as one long row."""
    channels, (row, channel) = held.shape[1], held.strides
    shape = ((len(held) - taps) // fold, taps + 1 - nearest, fold * channels)
    # Where the first long row begins in memory: with its last row if the frames lie last to first.
    begin = taps - nearest if row > 0 else len(held) - taps + nearest - fold
    return np.ndarray(shape, held.dtype, held[:: _direction(held)], begin * abs(row), (fold * row, -row, channel))


def lies_like(rows: Array, frames: Array, fold: int) -> bool:
    """Return whether `long_rows` are a view of these rows."""
    return fold == 1 or bool(rows[:: _direction(frames)].flags.c_contiguous)


def long_rows(rows: Array, frames: Array, fold: int) -> Array:
    """Return every `fold` rows as one long row, in the order in which the frames lie in memory."""
    if fold == 1:
        return rows
    turn = _direction(frames)
    return rows[::turn].reshape(len(rows) // fold, fold * rows.shape[1])[::turn]


def _direction(frames: Array) -> int:
    return -1 if frames.strides[0] < 0 else 1


def gathered(frames: Array, taps: int, rows: Positions, nearest: int) -> Iterator[tuple[Positions, Array]]:
    """Yield `rows` in blocks, each with a copy (block, taps, D) of their windows."""
    for some in blocks(rows, frames, taps):
        yield some, frames.take(some[:, None] - np.arange(nearest, taps + 1), axis=0)


def blocks(rows: Positions, frames: Array, copies: int) -> Iterator[Positions]:
    """Yield `rows` in blocks that are small enough if each row holds `copies` frames."""
    step = max(1, rows_in_block(frames) // max(1, copies))
    for first in range(0, len(rows), step):
        yield rows[first : first + step]


def rows_in_block(frames: Array) -> int:
    """Return how many frames fit in a block."""
    return BLOCK_BYTES // max(1, row_bytes(frames))


def row_bytes(frames: Array) -> int:
    """Return how many bytes the channels of one frame take."""
    return int(frames.shape[1] * frames.itemsize)


def all_finite(array: Array) -> bool:
    """Return whether no element is NaN or infinite; also False if the sum of all overflows.

    After `numpy.isfinite(array).all()` the next einsum takes up to a tenth longer on CPUs with AVX-512: the test below
    leaves no such trace (benchmarks/test_kernels.py, 1000 frames of 128 channels).
    """
    return math.isfinite(np.einsum("rc->", array))
