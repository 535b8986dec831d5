"""Runs of neighbouring rows that use the same number of taps: most of the work, done on views of the frames.

einsum's inner loop runs over the channels. Where they are few, starting it costs more than its work, so some rows are
folded into one long row: they use the same taps, and neighbours in time are neighbours in memory.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.lib.stride_tricks import as_strided

from fsmn_ref.arguments import Array
from fsmn_vec.plan import SHORTEST_RUN
from fsmn_vec.windows import blocks

Runs = dict[int, list[slice]]

# Longer rows gain nothing: benchmarks/test_kernels.py, case 'channels'.
LONG_ROW_BYTES = 1024


def run_sums(frames: Array, taps: Array, runs: Runs, base: Array | None, out: Array) -> None:
    """Write out[r] = base[r] + sum over i of taps[i] * frames[r-1-i] for the rows of runs, or add it to `out`."""
    fold = _fold(frames, out)
    folded_taps = np.tile(taps, (1, fold))
    for q, rows, view in _views(frames, runs, fold):
        factors = taps[:q] if view.shape[2] == taps.shape[1] else folded_taps[:q]
        target = _in_memory_order(out)[rows]
        if base is None:
            target += np.einsum("tnd,nd->td", view, factors).reshape(target.shape)
        else:
            np.einsum("tnd,nd->td", view, factors, out=target.reshape(len(view), -1))
            target += _in_memory_order(base)[rows]


def run_products(frames: Array, sums: Array, runs: Runs, out: Array) -> None:
    """Add to out[i] the sum over the rows r of runs of frames[r-1-i] * sums[r]."""
    for q, rows, view in _views(frames, runs, _fold(frames, sums)):
        folded = np.einsum("tnd,td->nd", view, _in_memory_order(sums)[rows].reshape(len(view), -1))
        out[:q] += folded.reshape(q, -1, out.shape[1]).sum(axis=1)


def _in_memory_order(array: Array) -> Array:
    """Return the array with frames whose neighbours can be one long row: reversed views are turned back."""
    return array[::-1] if array.strides[0] < 0 else array


def _fold(*arrays: Array) -> int:
    """Return how many rows to fold into one."""
    row_bytes = int(arrays[0].shape[1] * arrays[0].itemsize)
    if any(abs(array.strides[0]) != row_bytes or array.strides[1] != array.itemsize for array in arrays):
        return 1
    return max(1, min(SHORTEST_RUN, LONG_ROW_BYTES // max(1, row_bytes)))


def _views(frames: Array, runs: Runs, fold: int) -> Iterator[tuple[int, slice, Array]]:
    """Yield taps, rows in memory order, and their windows (rows/k, taps, k*D) with k rows folded, or one."""
    ahead = frames.strides[0] < 0
    frames = _in_memory_order(frames)
    (T, D), (row, channel) = frames.shape, frames.strides
    for q, some in runs.items():
        first, tap = (1, row) if ahead else (q - 1, -row)
        views = {
            k: as_strided(frames[first:], (T - q - k + 1, q, k * D), (row, tap, channel), writeable=False)
            for k in {1, fold}
        }
        for run in some:
            mirrored = slice(T - run.stop, T - run.start) if ahead else run
            for block in blocks(mirrored, frames):
                cut = block.stop - (block.stop - block.start) % fold
                for rows, k in ((slice(block.start, cut), fold), (slice(cut, block.stop), 1)):
                    begin, end = (rows.start, rows.stop) if ahead else (rows.start - q, rows.stop - q)
                    if begin < end:
                        yield q, rows, views[k][begin:end:k]
