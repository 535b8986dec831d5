"""How the rows of a look-back are cut into pieces that NumPy computes in one call each, without a mask.

A row that uses exactly q taps needs a window of exactly q frames: a tap that is not allowed is in no window, so it is
never read, and NaN cannot leak. The pieces differ only in how their windows are had cheaply.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fsmn_ref.arguments import Positions

# Shorter pieces cost more in calls than in arithmetic, and are gathered with others of their kind.
SHORTEST_RUN = 8
SHORTEST_RAMP = 4


class Plan(NamedTuple):
    """Rows by the shape of their windows; rows without taps are in none of the lists."""

    runs: list[tuple[int, int, int]]
    """(first, end, taps): the rows first..end-1 use `taps` taps each. Their windows are one view of the frames."""

    ramps: list[tuple[int, Positions]]
    """(height, starts): the rows start+1..start+height use 1..height taps, as at the beginning of an utterance."""

    loose: list[tuple[int, Positions]]
    """(taps, rows): all other rows, by the number of taps they use. Their windows are gathered."""


def plan(counts: Positions) -> Plan:
    """Cut rows by `counts`, the number of taps that each one uses."""
    edges = np.flatnonzero(counts[1:] != counts[:-1]) + 1
    first = np.concatenate(([0], edges))
    size = np.concatenate((edges, [len(counts)])) - first
    taps = counts[first]
    kept = (size >= SHORTEST_RUN) & (taps > 0)
    runs = [(a, a + n, q) for a, n, q in zip(*(v[kept].tolist() for v in (first, size, taps)), strict=True)]

    # A ramp stands on the last row of a run without taps; each of its rows is a run of one row, one tap more.
    climbs = np.concatenate(([False], (size[1:] == 1) & (taps[1:] == taps[:-1] + 1), [False]))
    feet = np.flatnonzero((taps == 0) & climbs[1:])
    stops = np.flatnonzero(~climbs)
    heights = stops[np.searchsorted(stops, feet, side="right")] - feet - 1
    ramps = _by_key(heights, first[feet] + size[feet] - 1)
    for height in [h for h in ramps if h < SHORTEST_RAMP]:
        del ramps[height]
    for height, starts in ramps.items():
        kept[np.searchsorted(first, starts, side="right")[:, None] + np.arange(height)] = True

    kept |= taps == 0
    rows = np.flatnonzero(np.repeat(~kept, size))
    return Plan(runs, list(ramps.items()), list(_by_key(counts[rows], rows).items()))


def _by_key(keys: Positions, values: Positions) -> dict[int, Positions]:
    return {key: values[keys == key] for key in sorted(set(keys.tolist()))}


def loosened(ramps: list[tuple[int, Positions]]) -> list[tuple[int, Positions]]:
    """Return the rows of `ramps` as loose rows, for factors that zero padding would turn into NaN."""
    return [(q, starts + q) for height, starts in ramps for q in range(1, height + 1)]


def gaps(runs: list[tuple[int, int, int]], rows: int) -> list[slice]:
    """Return the slices of the rows between the runs."""
    begins = [0, *(end for _, end, _ in runs)]
    ends = [*(first for first, _, _ in runs), rows]
    return [slice(begin, end) for begin, end in zip(begins, ends, strict=True) if begin < end]
