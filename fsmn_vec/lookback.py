"""The tapped delay line: sums over the frames before each row, its transpose in the frames and in the taps.

Everything here looks back with stride 1: look-ahead is look-back on reversed views, and a stride is look-back within
every stride-th frame (`fsmn_vec.strides`). `counts[r]` is the number of taps that row r uses: they read the frames r-1,
..., r-counts[r].
With an `own` tap, taps[0] is the one that every row uses for its own frame; the identity term is such a tap of ones.
"""

from __future__ import annotations

import numpy as np

from fsmn_ref.arguments import Array, Positions
from fsmn_vec.plan import plan, rows_by_taps
from fsmn_vec.windows import (
    all_finite,
    blocks,
    folded,
    gathered,
    lies_like,
    long_rows,
    rows_like,
    stretched,
)


def with_identity(filter: Array) -> Array:
    """Return the taps with the identity term as own tap in front: 1 * x is x, and no pass over memory is needed."""
    taps = np.empty((1 + len(filter), filter.shape[1]), filter.dtype)
    taps[0] = 1
    taps[1:] = filter
    return taps


def look_back(frames: Array, taps: Array, counts: Positions, out: Array, *, own: bool) -> None:
    """Write to out[r] the sum over i <= counts[r] of taps[i] * frames[r-i].

    Without an own tap, add to out[r] the sum over i < counts[r] of taps[i] * frames[r-1-i].
    """
    if len(taps) == 0:
        return
    nearest, finite, fold = int(not own), all_finite(taps), folded(frames)
    pieces = plan(counts, fold, climbing=finite)
    long_taps = np.concatenate([taps] * fold, axis=1) if fold > 1 else taps
    for rows, windows in stretched(frames, pieces.stretches, nearest, fold):
        total = out[rows]
        in_place = own and lies_like(total, frames, fold)
        sums = total if in_place else rows_like(frames, len(total))
        np.einsum("tnd,nd->td", windows, long_taps[: windows.shape[1]], out=long_rows(sums, frames, fold))
        if not own:
            total += sums
        elif not in_place:
            total[...] = sums
    for q, loose in pieces.loose.items():
        for some, windows in gathered(frames, q, loose, nearest):
            sums = np.einsum("tnd,nd->td", windows, taps[: windows.shape[1]])
            out[some] = sums if own else out[some] + sums


def look_back_transposed(sums: Array, taps: Array, counts: Positions, out: Array, *, own: bool) -> None:
    """Write to out[s] the sum over the taps i of rows r that read frame s of taps[i] * sums[r], or add it."""
    if np.count_nonzero(counts[1:] > counts[:-1] + 1) == 0:
        # No row reads further back than the row before it, so the rows that read a frame follow it without a gap.
        rows = np.arange(len(counts))
        readers = np.cumsum(np.bincount(rows - counts, minlength=len(counts))) - rows - 1
        look_back(sums[::-1], taps, readers[::-1], out[::-1], own=own)
        return
    if own:
        np.multiply(taps[0], sums, out=out)
    _scatter(sums, taps[int(own) :], counts, out)


def _scatter(sums: Array, taps: Array, counts: Positions, out: Array) -> None:
    """Add to each frame what its readers, which may be any rows, contribute."""
    rows, used = np.nonzero(np.arange(len(taps)) < counts[:, None])
    by_frame = np.argsort(rows - used, kind="stable")
    rows, used = rows[by_frame], used[by_frame]
    readers = np.bincount(rows - used - 1, minlength=len(counts))
    first = np.cumsum(readers) - readers
    for n, frames in rows_by_taps(np.arange(len(readers)), readers).items():
        for some in blocks(frames, sums, n):
            pairs = first[some, None] + np.arange(n)
            out[some] += np.einsum("tnd,tnd->td", sums[rows[pairs]], taps[used[pairs]])


def look_back_taps(frames: Array, sums: Array, counts: Positions, out: Array, *, own: bool) -> None:
    """Add to out[i] the sum over the rows r that use tap i of the frame that it reads there times sums[r]."""
    if len(out) == 0:
        return
    nearest, fold = int(not own), folded(frames)
    pieces = plan(counts, fold, climbing=True)
    if not all(all_finite(sums[s.first : s.first + s.climb]) for s in pieces.stretches):
        pieces = plan(counts, fold, climbing=False)
    for rows, windows in stretched(frames, pieces.stretches, nearest, fold):
        factors = long_rows(sums[rows], frames, fold)  # a copy if they do not lie in memory as the frames do
        products = np.einsum("tnd,td->nd", windows, factors)
        out[: len(products)] += products.reshape(len(products), fold, -1).sum(axis=1)
    for q, loose in pieces.loose.items():
        for some, windows in gathered(frames, q, loose, nearest):
            out[: windows.shape[1]] += np.einsum("tnd,td->nd", windows, sums[some])
