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

# 128 channels of float32 gain an eighth by being folded in pairs, of float64 nothing.
LONG_ROW_BYTES = 1024


def run_sums(frames: Array, taps: Array, runs: Runs, base: Array | None, out: Array) -> None:
    """Write out[r] = base[r] + sum over i of taps[i] * frames[r-1-i] for the rows of runs, or add it to `out`."""
    ahead = frames.strides[0] < 0
    frames, totals = _turned(frames, ahead), _turned(out, ahead)
    base = None if base is None else _turned(base, ahead)
    fold = _fold(frames, totals)
    folded_taps = np.concatenate([taps] * fold, axis=1) if fold > 1 else taps
    for q, rows, view in _views(frames, runs, fold, ahead=ahead):
        factors = (folded_taps if view.shape[2] > taps.shape[1] else taps)[:q]
        total = totals[rows]
        if base is None:
            total += np.einsum("tnd,nd->td", view, factors).reshape(total.shape)
        else:
            np.einsum("tnd,nd->td", view, factors, out=total.reshape(view.shape[::2]))
            total += base[rows]


def run_products(frames: Array, sums: Array, runs: Runs, out: Array) -> None:
    """Add to out[i] the sum over the rows r of runs of frames[r-1-i] * sums[r]."""
    ahead = frames.strides[0] < 0
    frames, sums = _turned(frames, ahead), _turned(sums, ahead)
    for q, rows, view in _views(frames, runs, _fold(frames, sums), ahead=ahead):
        products = np.einsum("tnd,td->nd", view, sums[rows].reshape(view.shape[::2]))
        out[:q] += products.reshape(q, -1, out.shape[1]).sum(axis=1)


def _turned(array: Array, ahead: bool) -> Array:
    """Return the array with its last row first if frames lie so in memory: then they can't be one long row as it is."""
    return array[::-1] if ahead else array


def _fold(frames: Array, other: Array) -> int:
    """Return how many rows to fold into one; no run has fewer."""
    row_bytes = int(frames.shape[1] * frames.itemsize)
    if any(a.strides != (row_bytes, a.itemsize) for a in (frames, other)):
        return 1
    return max(1, min(SHORTEST_RUN, LONG_ROW_BYTES // max(1, row_bytes)))


def _views(frames: Array, runs: Runs, fold: int, *, ahead: bool) -> Iterator[tuple[int, slice, Array]]:
    """Yield taps, rows of the turned arrays, and their windows (rows/k, taps, k*D) for k = `fold`, or 1 for a rest."""
    T = len(frames)
    for q, some in runs.items():
        shift = 0 if ahead else q  # rows before the first that has a window
        view = _windows_of_neighbours(frames, q, fold, ahead=ahead)
        for rows in blocks([slice(T - run.stop, T - run.start) for run in some] if ahead else some, frames):
            cut = rows.stop - (rows.stop - rows.start) % fold
            yield q, slice(rows.start, cut), view[rows.start - shift : cut - shift : fold]
            if cut < rows.stop:
                rest = _windows_of_neighbours(frames, q, 1, ahead=ahead)
                yield q, slice(cut, rows.stop), rest[cut - shift : rows.stop - shift]


def _windows_of_neighbours(frames: Array, taps: int, fold: int, *, ahead: bool) -> Array:
    """Return the windows of every `fold` neighbouring rows as one long row: a view (T-taps-fold+1, taps, fold*D)."""
    (T, D), (row, channel) = frames.shape, frames.strides
    nearest, step = (frames[1:], row) if ahead else (frames[taps - 1 :], -row)
    return as_strided(nearest, (T - taps - fold + 1, taps, fold * D), (row, step, channel), writeable=False)
