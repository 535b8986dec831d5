"""How the rows of a look-back are cut into pieces that NumPy computes in one call each, without a mask.

A row that uses exactly q taps needs a window of exactly q frames: a tap that is not allowed is in no window, so it is
never read, and NaN cannot leak. The pieces differ only in how their windows are had cheaply.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fsmn_ref.arguments import Positions

# Shorter pieces cost more in calls than in arithmetic, and are gathered with others of their kind.
SHORTEST_RUN = 8
SHORTEST_RAMP = 4


class Plan(NamedTuple):
    """Rows by the shape of their windows; rows without taps are in none of them."""

    runs: dict[int, list[slice]]
    """Neighbouring rows that use the same number of taps, by that number. Their windows are one view of the frames."""

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
        return Plan(self.runs, {}, loose)


def plan(counts: Positions) -> Plan:
    """Cut rows by `counts`, the number of taps that each one uses."""
    runs, ramps, loose = defaultdict(list), defaultdict(list), defaultdict(list)

    def end_climb(foot: int, height: int) -> None:
        if height >= SHORTEST_RAMP:
            ramps[height].append(foot)
        else:
            for q in range(1, height + 1):
                loose[q].append(foot + q)

    foot, height = -1, 0
    for first, end, q in _equal_neighbours(counts):
        if q == height + 1 and first == foot + q and end == first + 1 and foot >= 0:
            height = q
            continue
        end_climb(foot, height)
        foot, height = (end - 1 if q == 0 else -1), 0
        if q > 0 and end - first >= SHORTEST_RUN:
            runs[q].append(slice(first, end))
        elif q > 0:
            loose[q] += range(first, end)
    end_climb(foot, height)
    return Plan(runs, ramps, loose)


def _equal_neighbours(counts: Positions) -> Iterator[tuple[int, int, int]]:
    """Yield (first, end, count) of neighbouring rows with equal counts."""
    ends = np.append(np.flatnonzero(counts[1:] != counts[:-1]) + 1, len(counts))
    return zip([0, *ends[:-1].tolist()], ends.tolist(), counts[ends - 1].tolist(), strict=True)


def gaps(runs: dict[int, list[slice]], rows: int) -> Iterator[slice]:
    """Yield the rows that are in no run."""
    begin = 0
    for run in sorted((run for some in runs.values() for run in some), key=lambda run: run.start):
        yield slice(begin, run.start)
        begin = run.stop
    yield slice(begin, rows)
