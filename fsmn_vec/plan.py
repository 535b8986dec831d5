"""How the rows of a look-back are cut into pieces that NumPy computes in one call each, without a mask."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from fsmn_ref.arguments import Positions

# Shorter stretches cost more in calls than in arithmetic: their rows are gathered with others of their kind.
SHORTEST = 8


class Stretch(NamedTuple):
    """Neighbouring rows that use one tap more than the row before, until they all use `taps`.

    An utterance is one, and so is any run of rows that use the same number of taps.
    """

    first: int
    end: int
    lead: int
    """The taps that the first row uses."""

    taps: int
    """The taps that the last row uses."""

    @property
    def climb(self) -> int:
        """How many rows use fewer taps than the last one."""
        return self.taps - self.lead


class Plan(NamedTuple):
    """Every row is in one stretch or loose."""

    stretches: list[Stretch]

    loose: dict[int, Positions]
    """All other rows, by the number of taps they use."""


def plan(counts: Positions, fold: int, *, climbing: bool) -> Plan:
    """Cut rows by `counts`, the number of taps that each one uses.

    Parameters
    ----------
    counts : ndarray of intp, shape (T,)
        Row r uses at most r taps.
    fold : int
        Every stretch has a multiple of so many rows; what remains is loose.
    climbing : bool
        Whether the rows of a stretch may use fewer taps than its last one; otherwise they are loose.
    """
    steps = (counts[1:] - counts[:-1]).view(np.uintp)  # one that goes down is huge
    ends = (steps[1:] > np.minimum(steps[:-1], 1)).nonzero()[0] + 2
    stretches = []
    for first, end in pairwise([0, *ends.tolist(), len(counts)]):
        if end - first < SHORTEST:
            continue
        begin = first if climbing else first + int(counts[end - 1]) - int(counts[first])
        stop = end - (end - begin) % fold
        if begin < stop:
            stretches.append(Stretch(begin, stop, int(counts[begin]), int(counts[stop - 1])))
    return Plan(stretches, _loose(counts, stretches))


def _loose(counts: Positions, stretches: list[Stretch]) -> dict[int, Positions]:
    if sum(end - first for first, end, _, _ in stretches) == len(counts):
        return {}
    is_loose = np.ones(len(counts), bool)
    for first, end, _, _ in stretches:
        is_loose[first:end] = False
    rows = np.flatnonzero(is_loose)
    return rows_by_taps(rows, counts[rows])


def rows_by_taps(rows: Positions, taps: Positions) -> dict[int, Positions]:
    """Return rows by the number of taps that each one uses."""
    return {q: rows[taps == q] for q in sorted(set(taps.tolist()))}
