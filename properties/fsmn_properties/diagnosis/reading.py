"""A map as numbers: which row reads which frame through which tap, with which weight; and the results of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_ref.arguments import Array


@dataclass(frozen=True)
class Tap:
    """One tap, as a kernel goes through its rows.

    Parameters
    ----------
    side : {'back', 'ahead'}
        Where it reads.
    number : int
        How many strides away it is; 0 for the current frame's own.
    filter, row : str, int
        The weight that it has.
    lag : int
        How many frames away it reads.
    reach : int
        What is held against the position.
    position : ndarray
        What it is held against, row by row.
    origin : ndarray
        The frame from which `lag` is counted, row by row.
    weight : float
        The factor besides the filter's.
    at_frame : bool
        Whether the position is that of the frame that is read.
    frames : ndarray, optional
        The frame that each row reads, whatever `origin` and `lag` are.
    """

    side: str
    number: int
    filter: str
    row: int
    lag: int
    reach: int
    position: Array
    origin: Array
    weight: float = 1.0
    at_frame: bool = False
    frames: Array | None = None


class Entries(NamedTuple):
    """A map: each row reads a frame through a tap, with a weight, or one for each channel."""

    rows: Array
    frames: Array
    taps: Array
    weights: Array

    def where(self, chosen: Array) -> Entries:
        """Return some of the entries."""
        return Entries(*(array[chosen] for array in self))

    def but(self, **changes: Array) -> Entries:
        """Return entries with some of their numbers changed."""
        return self._replace(**changes)


def right_taps(facts: Facts) -> list[Tap]:
    """Return the taps as the contract has them."""
    kept: list[Tap] | None = facts.__dict__.get("_right_taps")
    if kept is None:
        kept = facts.__dict__["_right_taps"] = _right_taps(facts)
    return kept


def _right_taps(facts: Facts) -> list[Tap]:
    rows = np.arange(facts.frames)
    taps = []
    for side, count in facts.taps.items():
        own = facts.own(side)
        for number in range(1 - own, count + 1):
            distance = number * facts.strides[side]
            row, position = number - 1 + own, facts.positions[side]
            taps.append(Tap(side, number, facts.filter_of(side), row, distance, distance, position, rows))
    return taps


def entries_of(taps: list[Tap], facts: Facts, edge: str = "drop") -> Entries:
    """Return the map of taps and the identity.

    Parameters
    ----------
    taps : list of Tap
        The taps.
    facts : Facts
        The case.
    edge : {'drop', 'wrap', 'clip'}
        What becomes of a frame that is outside the array.
    """
    T, every = facts.frames, np.arange(facts.frames)
    parts = [(every, every, np.full(T, facts.identity), np.ones(T))]
    for tap in taps:
        count = facts.counts[tap.filter]
        if not 0 <= tap.row < count or T == 0:
            continue
        # As many frames away as there may be: the numbers of Python are larger than NumPy's.
        lag = tap.lag % T if edge == "wrap" else max(-2 * T, min(tap.lag, 2 * T))
        frames = tap.origin - lag if tap.side == BACK else tap.origin + lag
        frames = frames if tap.frames is None else tap.frames
        inside = (frames >= 0) & (frames < T)
        frames = np.clip(frames, 0, T - 1) if edge == "clip" else frames % T
        position = tap.position[frames] if tap.at_frame else tap.position
        rows = np.flatnonzero((tap.reach <= position) & (inside | (edge != "drop")))
        place = facts.first_rows[tap.filter] + tap.row
        parts.append((rows, frames[rows], np.full(len(rows), place), np.full(len(rows), tap.weight)))
    return Entries(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def results_of(entries: Entries, facts: Facts, values: Mapping[str, Array], result: str) -> Array:
    """Return a result of a map, for values of all matrices by name."""
    weights = np.concatenate([values[name] for name in facts.form.filters] + [np.ones((1, values["hidden"].shape[1]))])
    rows, frames, taps, factors = entries
    factors = factors if factors.ndim == 2 else factors[:, None]
    if result == "memory":
        return _sums(rows, factors * weights[taps] * values["hidden"][frames], facts.frames)
    if result == "dhidden":
        return _sums(frames, factors * weights[taps] * values["dmemory"][rows], facts.frames)
    gradients = _sums(taps, factors * values["dmemory"][rows] * values["hidden"][frames], facts.identity + 1)
    first, count = facts.first_rows[result[1:]], facts.counts[result[1:]]
    return gradients[first : first + count]


def _sums(places: Array, terms: Array, count: int) -> Array:
    sums = np.zeros((count, terms.shape[1]))
    np.add.at(sums, places, terms)
    return sums


def tensor(entries: Entries, facts: Facts) -> Array:
    """Return a map as an array: rows, frames, taps."""
    found: Array = np.zeros((facts.frames, facts.frames, facts.identity + 1))
    np.add.at(found, (entries.rows, entries.frames, entries.taps), entries.weights)
    return found


def values_of(facts: Facts) -> dict[str, Any]:
    """Return the values of all matrices, in float64."""
    return {name: facts.case[name].astype(np.float64) for name in facts.form.matrices}


SIDES = (BACK, AHEAD)
