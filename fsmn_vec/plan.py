"""How the rows of a look-back are cut into pieces that NumPy computes in one call each, without a mask.

A row that uses exactly q taps needs a window of exactly q frames: a tap that is not allowed is in no window, so it is
never read, and NaN cannot leak. The pieces differ only in how their windows are had cheaply.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from fsmn_ref.arguments import Positions

# Shorter pieces cost more in calls than in arithmetic, and are gathered with others of their kind.
SHORTEST_RUN = 8
SHORTEST_RAMP = 4


class Plan(NamedTuple):
    """Rows by the shape of their windows; rows without taps are only in the gaps."""

    runs: dict[int, list[slice]]
    """Neighbouring rows that use the same number of taps, by that number. Their windows are one view of the frames."""

    gaps: list[slice]
    """The rows that are in no run."""

    ramps: dict[int, list[int]]
    """Feet by height: the rows foot+1..foot+height use 1..height taps, as at the beginning of an utterance."""

    loose: dict[int, list[int]]
    """All other rows, by the number of taps they use. Their windows are gathered."""

    def loosened(self) -> Plan:
        """Return the plan with the rows of ramps as loose rows, for factors that zero padding would turn into NaN."""
        loose = defaultdict(list, {q: rows.copy() for q, rows in self.loose.items()})
        for height, feet in self.ramps.items():
            for q in range(1, height + 1):
                loose[q] += [foot + q for foot in feet]
        return Plan(self.runs, self.gaps, {}, loose)


def plan(counts: Positions) -> Plan:
    """Cut rows by `counts`, the number of taps that each one uses."""
    pieces = Plan(defaultdict(list), [], defaultdict(list), defaultdict(list))
    bounds = np.concatenate(([0], np.flatnonzero(counts[1:] != counts[:-1]) + 1, [len(counts)]))
    long = np.flatnonzero(bounds[1:] - bounds[:-1] >= SHORTEST_RUN)
    done = 0
    for first, end in zip(bounds[long].tolist(), bounds[long + 1].tolist(), strict=True):
        if counts[first] > 0:
            pieces.runs[int(counts[first])].append(slice(first, end))
            _plan_gap(counts, slice(done, first), pieces)
            done = end
    _plan_gap(counts, slice(done, len(counts)), pieces)
    return pieces


def _plan_gap(counts: Positions, gap: slice, pieces: Plan) -> None:
    """Cut the rows of a gap between runs into ramps and loose rows."""
    pieces.gaps.append(gap)
    taps = counts[gap].tolist()
    if taps == list(range(len(taps))) and len(taps) > SHORTEST_RAMP:  # an utterance begins: the usual gap
        pieces.ramps[len(taps) - 1].append(gap.start)
        return
    foot, height = -1, 0
    for row, q in enumerate([*taps, 0], gap.start):
        if 0 < q == height + 1 and foot >= 0:
            height = q
            continue
        if height >= SHORTEST_RAMP:
            pieces.ramps[height].append(foot)
        else:
            for step in range(1, height + 1):
                pieces.loose[step].append(foot + step)
        foot, height = (row, 0) if q == 0 else (-1, 0)
        if q > 0:
            pieces.loose[q].append(row)
