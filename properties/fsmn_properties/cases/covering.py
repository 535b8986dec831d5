"""Covering arrays: few rows in which every pair of features occurs, whatever else is constrained.

Well-kept libraries for this (allpairspy, covertable) combine given levels and filter rows that are not allowed. Here a
row is what is left of its levels after sizes were cut to what a call may take, so its features are read off the
finished row: the best of some random rows is taken, and then one row for each pair that is still missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")
Features = Mapping[str, str]
Pair = tuple[tuple[str, str], ...]

CANDIDATES = 12
"""So many random rows compete for each place."""

ATTEMPTS = 24
"""So many rows are made with both features of a pair; if none has them in the end, the pair is impossible."""

ENOUGH = 6
"""While a row adds so many pairs, another random one may."""


def combined(features: Features, size: int) -> list[Pair]:
    """Return all combinations of so many features."""
    return list(combinations(sorted(features.items()), size))


@dataclass
class Covering(Generic[T]):
    """Rows, and how many combinations of their features there are.

    Parameters
    ----------
    rows : list
        The rows, each of which adds pairs that no earlier one has.
    pairs, triples : set
        The combinations that occur.
    impossible : int
        Pairs that no row can have.
    """

    rows: list[T] = field(default_factory=list)
    pairs: set[Pair] = field(default_factory=set)
    triples: set[Pair] = field(default_factory=set)
    impossible: int = 0

    def add(self, row: T, features: Features) -> None:
        """Add a row."""
        self.rows.append(row)
        self.pairs.update(combined(features, 2))
        self.triples.update(combined(features, 3))


def covering(random_row: Callable[[Random, Features], tuple[T, Features]], seed: int) -> Covering[T]:
    """Return rows in which every pair of features occurs that can.

    Parameters
    ----------
    random_row : callable
        `random_row(rng, wanted)` returns a row and its features, where possible those wanted.
    seed : int
        Where the random numbers start.
    """
    rng, found = Random(seed), Covering[T]()  # noqa: S311, no secret
    levels: dict[str, set[str]] = defaultdict(set)
    while True:
        candidates = [random_row(rng, {}) for _ in range(CANDIDATES)]
        for _, features in candidates:
            for name, level in features.items():
                levels[name].add(level)
        gains = [len(set(combined(features, 2)) - found.pairs) for _, features in candidates]
        best = gains.index(max(gains))
        found.add(*candidates[best])
        if gains[best] < ENOUGH:
            break
    for one, other in combinations(sorted(levels), 2):
        for pair in (((one, a), (other, b)) for a in sorted(levels[one]) for b in sorted(levels[other])):
            if pair not in found.pairs:
                rows = (random_row(rng, dict(pair)) for _ in range(ATTEMPTS))
                fits = next((row for row in rows if set(pair) <= set(row[1].items())), None)
                if fits is None:
                    found.impossible += 1
                else:
                    found.add(*fits)
    return found
