"""Covering arrays: few rows in which every pair of features occurs, whatever else is constrained.

Well-kept libraries for this (allpairspy, covertable) combine given levels and filter rows that are not allowed. Here a
row is what is left of its levels after sizes were cut to what a call may take, so its features are read off the
finished row: each row is asked for a pair that is missing and for whatever else adds most, as in the algorithm AETG
(Cohen et al., 1997), and counts for what it turned out to be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")
Features = Mapping[str, str]
Feature = tuple[str, str]
RandomRow = Callable[[Random, Features], tuple[T, Features]]

AT_RANDOM = 100
"""So many rows are made at random first, and show which features there are."""

ATTEMPTS = 12
"""So many rows are asked for a pair alone; if none has it, the pair is taken for impossible."""


MOST_LEVELS = 1 << 10


@dataclass
class Covering(Generic[T]):
    """Rows with their features, made as they are asked for, and kept.

    Parameters
    ----------
    random_row : callable
        `random_row(rng, wanted)` returns a row and its features, where possible those wanted.
    seed : int
        Where the random numbers start.
    implied : tuple of set of str
        Pairs of names of which one feature follows from the other: they are not combined.
    """

    random_row: RandomRow[T]
    seed: int
    implied: tuple[set[str], ...] = ()
    features: list[Features] = field(default_factory=list)
    _rows: list[T] = field(default_factory=list)
    _complete: int = 0
    _partners: dict[Feature, set[Feature]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self._growing = self._grow(Random(self.seed))  # noqa: S311, no secret

    def rows(self, least: int = 0) -> Iterator[T]:
        """Yield rows until every pair that is possible occurs, and random ones until there are so many."""
        place = 0
        while not self._complete or place < max(least, self._complete):
            if place == len(self._rows):
                next(self._growing)
                continue
            yield self._rows[place]
            place += 1

    def rows_about(self, name: str) -> Iterator[T]:
        """Yield the rows with new pairs of a feature of some name and any other."""
        seen: set[tuple[str, Feature]] = set()
        for row, features in zip(self.rows(), self.features, strict=False):
            mine = {(features[name], other) for other in features.items()}
            if not mine <= seen:
                seen |= mine
                yield row

    def occurring(self, size: int, rows: int) -> int:
        """Return how many combinations of so many features occur in the first rows."""
        features = self.features[:rows]
        names = sorted({name for each in features for name in each})
        codes = [
            {level: code for code, level in enumerate(dict.fromkeys(each.get(n) for each in features))} for n in names
        ]
        table = np.array([[code[each.get(n)] for n, code in zip(names, codes, strict=True)] for each in features])
        places = MOST_LEVELS ** np.arange(size)
        return sum(len(np.unique(table[:, columns] @ places)) for columns in combinations(range(len(names)), size))

    def covers(self, one: Feature, other: Feature) -> bool:
        """Return whether a pair of features occurs in a row."""
        return other in self._partners[one]

    def _grow(self, rng: Random) -> Iterator[None]:
        for _ in range(AT_RANDOM):
            self._add(*self.random_row(rng, {}))
            yield
        impossible: set[frozenset[Feature]] = set()
        while missing := self._missing(impossible):
            for pair in missing:
                if self.covers(*pair):
                    continue
                for attempt in range(ATTEMPTS):
                    wanted = dict(pair) if attempt else self._extended(pair, rng)
                    row, features = self.random_row(rng, wanted)
                    if set(pair) <= set(features.items()):
                        self._add(row, features)
                        yield
                        break
                else:
                    impossible.add(frozenset(pair))
        self._complete = len(self._rows)
        while True:
            yield
            self._add(*self.random_row(rng, {}))

    def _add(self, row: T, features: Features) -> None:
        self._rows.append(row)
        self.features.append(features)
        for feature in features.items():
            self._partners[feature].update(features.items())
            self._partners[feature].discard(feature)

    def _missing(self, impossible: set[frozenset[Feature]]) -> list[tuple[Feature, Feature]]:
        pairs = combinations(sorted(self._partners), 2)
        return [
            (one, other)
            for one, other in pairs
            if one[0] != other[0]
            and {one[0], other[0]} not in self.implied
            and not self.covers(one, other)
            and frozenset((one, other)) not in impossible
        ]

    def _extended(self, pair: tuple[Feature, Feature], rng: Random) -> Features:
        """Return the features of a pair, and of each other name the level with most pairs that are missing."""
        wanted = dict(pair)
        by_name: dict[str, list[Feature]] = defaultdict(list)
        for feature in sorted(self._partners):
            by_name[feature[0]].append(feature)
        names = [name for name in by_name if name not in wanted]
        rng.shuffle(names)
        chosen = set(pair)
        for name in names:
            gains = [len(chosen - self._partners[feature]) for feature in by_name[name]]
            if max(gains):
                feature = by_name[name][gains.index(max(gains))]
                wanted[name] = feature[1]
                chosen.add(feature)
        return wanted
