"""The tapped delay line: sums over the frames before each row, its transpose in the frames and in the taps.

Everything here looks back with stride 1: look-ahead is look-back on reversed views, and a stride is look-back within
every stride-th frame. `counts[r]` is the number of taps that row r uses: they read the frames r-1, ..., r-counts[r].
"""

from __future__ import annotations

import numpy as np

from fsmn_ref.arguments import Array, Positions
from fsmn_vec.plan import plan
from fsmn_vec.runs import run_products, run_sums
from fsmn_vec.windows import all_finite, blocks, gathered, is_small, padded, padded_at_once


def look_back(frames: Array, taps: Array, counts: Positions, base: Array | None, out: Array) -> None:
    """Write out[r] = base[r] + sum over i < counts[r] of taps[i] * frames[r-1-i]; without a base, add to `out`."""
    if is_small(frames, len(taps)) and all_finite(taps):
        sums = np.einsum("tnd,nd->td", padded_at_once(frames, len(taps), counts), taps)
        np.add(out if base is None else base, sums, out=out)
        return
    pieces = plan(counts)
    if pieces.ramps and not all_finite(taps):
        pieces = pieces.loosened()
    if base is not None:
        for gap in pieces.gaps:
            out[gap] = base[gap]
    run_sums(frames, taps, pieces.runs, base, out)
    for height, feet in pieces.ramps.items():
        for ramp, view in padded(frames, height, feet):
            out[ramp] += np.einsum("tnd,nd->td", view, taps[:height])
    for q, rows in pieces.loose.items():
        for some, view in gathered(frames, q, rows):
            out[some] += np.einsum("tnd,nd->td", view, taps[:q])


def look_back_transposed(sums: Array, taps: Array, counts: Positions, base: Array | None, out: Array) -> None:
    """Write out[s] = base[s] + sum over the taps i of rows r that read frame s of taps[i] * sums[r], or add it."""
    if np.count_nonzero(counts[1:] > counts[:-1] + 1) == 0:
        # No row reads further back than the row before it, so the rows that read a frame follow it without a gap.
        rows = np.arange(len(counts))
        readers = np.cumsum(np.bincount(rows - counts, minlength=len(counts))) - rows - 1
        look_back(sums[::-1], taps, readers[::-1], None if base is None else base[::-1], out[::-1])
    else:
        if base is not None:
            out[...] = base
        _scatter(sums, taps, counts, out)


def _scatter(sums: Array, taps: Array, counts: Positions, out: Array) -> None:
    """Add to each frame what its readers, which may be any rows, contribute."""
    rows, used = np.nonzero(np.arange(len(taps)) < counts[:, None])
    by_frame = np.argsort(rows - used, kind="stable")
    rows, used = rows[by_frame], used[by_frame]
    readers = np.bincount(rows - used - 1, minlength=len(counts))
    first = np.cumsum(readers) - readers
    for n in set(readers[readers > 0].tolist()):
        frames = np.flatnonzero(readers == n)
        for block in blocks([slice(0, len(frames))], sums, n):
            pairs = first[frames[block], None] + np.arange(n)
            out[frames[block]] += np.einsum("tnd,tnd->td", sums[rows[pairs]], taps[used[pairs]])


def look_back_taps(frames: Array, sums: Array, counts: Positions, out: Array) -> None:
    """Add to out[i] the sum over the rows r with counts[r] > i of frames[r-1-i] * sums[r]."""
    if is_small(frames, len(out)) and all_finite(sums):
        out += np.einsum("tnd,td->nd", padded_at_once(frames, len(out), counts), sums)
        return
    pieces = plan(counts)
    if not all(all_finite(sums[foot + 1 : foot + 1 + h]) for h, feet in pieces.ramps.items() for foot in feet):
        pieces = pieces.loosened()
    run_products(frames, sums, pieces.runs, out)
    for height, feet in pieces.ramps.items():
        for ramp, view in padded(frames, height, feet):
            out[:height] += np.einsum("tnd,td->nd", view, sums[ramp])
    for q, loose in pieces.loose.items():
        for some, view in gathered(frames, q, loose):
            out[:q] += np.einsum("tnd,td->nd", view, sums[some])
