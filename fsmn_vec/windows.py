"""Windows of frames as views or small copies, in blocks of rows that fit in the cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from fsmn_ref.arguments import Array, Positions

# A block is read again for every tap, so it should stay in an L2 cache of 1 MiB together with its sums.
BLOCK_BYTES = 1 << 18


def windows(frames: Array, taps: int) -> Array:
    """Return the view (..., T-taps+1, taps, D) of `frames` (..., T, D): windows of `taps` frames, newest first.

    Channels stay the last axis: there einsum's inner loop is a multiply-add over contiguous numbers, and with
    `numpy.lib.stride_tricks.sliding_window_view`, which puts the window last, it is not.
    """
    newest = frames[..., taps - 1 :, :]
    *outer, row, channel = newest.strides
    *sizes, channels = newest.shape
    return as_strided(newest, (*sizes, taps, channels), (*outer, row, -row, channel), writeable=False)


def blocks(rows: int, frames: Array, copies: int = 1) -> Iterator[slice]:
    """Yield slices that cover `rows` rows, in blocks of BLOCK_BYTES if a row holds `copies` frames."""
    step = max(1, BLOCK_BYTES // max(1, copies * frames.shape[1] * frames.itemsize))
    return (slice(first, min(first + step, rows)) for first in range(0, rows, step))


def gathered(frames: Array, taps: int, rows: Positions) -> Iterator[tuple[Positions, Array]]:
    """Yield `rows` in blocks, each with a copy (block, taps, D) of the `taps` frames before each row, newest first."""
    view = windows(frames, taps)
    for block in blocks(len(rows), frames, taps):
        yield rows[block], view[rows[block] - taps]


def padded(frames: Array, height: int, starts: Positions) -> Iterator[tuple[Positions, Array]]:
    """Yield ramps in blocks: the rows (block, height) after each start, with windows (block, height, height, D).

    Zeros stand for the frames before the start, so only finite factors may meet these windows: 0 * inf is NaN.
    """
    for block in blocks(len(starts), frames, 2 * height):
        rows = starts[block, None] + np.arange(height)
        zeros_first = np.zeros((len(rows), 2 * height - 1, frames.shape[1]), frames.dtype)
        zeros_first[:, height - 1 :] = frames[rows]
        yield rows + 1, windows(zeros_first, height)


def padded_at_once(frames: Array, taps: int, counts: Positions) -> Array:
    """Return a copy (T, taps, D) of the frames before each row, with zeros for the taps that row does not use."""
    rows, lags = np.arange(len(frames))[:, None], np.arange(taps)
    zeros_last = np.zeros((len(frames) + 1, frames.shape[1]), frames.dtype)
    zeros_last[:-1] = frames
    return zeros_last[np.where(lags < counts[:, None], rows - 1 - lags, len(frames))]


def is_small(frames: Array, taps: int) -> bool:
    """Return whether the windows of all rows fit in one block: then a single call beats any plan."""
    return frames.nbytes * taps <= BLOCK_BYTES // 4
