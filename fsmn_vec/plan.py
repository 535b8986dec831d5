"""How the rows of a look-back are cut into pieces that NumPy computes in one call each, without a mask.

A row that uses exactly q taps needs a window of exactly q frames: a tap that is not allowed is in no window, so it is
never read, and NaN cannot leak. The pieces differ only in how their windows are had cheaply.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

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
    first, end = np.append(0, edges), np.append(edges, len(counts))
    long = (end - first >= SHORTEST_RUN) & (counts[first] > 0)
    runs = list(zip(first[long].tolist(), end[long].tolist(), counts[first[long]].tolist(), strict=True))
    short = counts > 0
    for a, b, _ in runs:
        short[a:b] = False
    ramps = _ramps(counts, short)
    for height, starts in ramps:
        short[starts[:, None] + np.arange(1, height + 1)] = False
    rows = np.flatnonzero(short)
    return Plan(runs, ramps, [(q, rows[counts[rows] == q]) for q in np.unique(counts[rows]).tolist()])


def _ramps(counts: Positions, short: npt.NDArray[np.bool_]) -> list[tuple[int, Positions]]:
    climbs = np.append(short[1:] & (counts[1:] == counts[:-1] + 1), False)
    starts = np.flatnonzero(climbs & (counts == 0))
    tops = np.flatnonzero(~climbs)
    heights = tops[np.searchsorted(tops, starts)] - starts
    return [(h, starts[heights == h]) for h in np.unique(heights).tolist() if h >= SHORTEST_RAMP]


def loosened(ramps: list[tuple[int, Positions]]) -> list[tuple[int, Positions]]:
    """Return the rows of `ramps` as loose rows, for factors that zero padding would turn into NaN."""
    return [(q, starts + q) for height, starts in ramps for q in range(1, height + 1)]


def gaps(runs: list[tuple[int, int, int]], rows: int) -> list[slice]:
    """Return the slices of the rows between the runs."""
    begins = [0, *(end for _, end, _ in runs)]
    ends = [*(first for first, _, _ in runs), rows]
    return [slice(begin, end) for begin, end in zip(begins, ends, strict=True) if begin < end]
