"""Windows of frames: views where the rows are neighbours, small copies where they are not."""

from __future__ import annotations

import math
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


def blocks(runs: list[slice], frames: Array, copies: int = 1) -> Iterator[slice]:
    """Yield the rows of `runs` in blocks of at most BLOCK_BYTES if each row holds `copies` frames."""
    step = max(1, BLOCK_BYTES // max(1, copies * frames.shape[1] * frames.itemsize))
    for rows in runs:
        for first in range(rows.start, rows.stop, step):
            yield slice(first, min(first + step, rows.stop))


def gathered(frames: Array, taps: int, rows: list[int]) -> Iterator[tuple[Positions, Array]]:
    """Yield `rows` in blocks, each with a copy (block, taps, D) of the `taps` frames before each row, newest first."""
    view, every = windows(frames, taps), np.array(rows)
    for block in blocks([slice(0, len(rows))], frames, taps):
        yield every[block], view[every[block] - taps]


def padded(frames: Array, height: int, feet: list[int]) -> Iterator[tuple[slice, Array]]:
    """Yield the rows of each ramp with their windows (height, height, D); the next ramp overwrites them.

    Zeros stand for the frames before the foot, so only finite factors may meet these windows: 0 * inf is NaN.
    """
    zeros_first = np.zeros((2 * height - 1, frames.shape[1]), frames.dtype)
    view = windows(zeros_first, height)
    for foot in feet:
        zeros_first[height - 1 :] = frames[foot : foot + height]
        yield slice(foot + 1, foot + 1 + height), view


def padded_at_once(frames: Array, taps: int, counts: Positions) -> Array:
    """Return a copy (T, taps, D) of the frames before each row, with zeros for the taps that row does not use."""
    rows, lags = np.arange(len(frames))[:, None], np.arange(taps)
    zeros_last = np.zeros((len(frames) + 1, frames.shape[1]), frames.dtype)
    zeros_last[:-1] = frames
    return zeros_last[np.where(lags < counts[:, None], rows - 1 - lags, len(frames))]


def all_finite(array: Array) -> bool:
    """Return whether no element is NaN or infinite; also False if the sum of all overflows.

    After `numpy.isfinite(array).all()` the next einsum takes up to a tenth longer on CPUs with AVX-512: the test below
    leaves no such trace (benchmarks/test_kernels.py, 1000 frames of 128 channels).
    """
    return math.isfinite(np.einsum("rc->", array))


def is_small(frames: Array, taps: int) -> bool:
    """Return whether there are windows, and those of all rows fit in a quarter of a block: one call beats any plan."""
    return taps > 0 and frames.nbytes * taps <= BLOCK_BYTES // 4
