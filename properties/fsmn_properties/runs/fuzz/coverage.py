"""Which pairs and triples of features occurred, a byte each: they are counted, and those missing are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from random import Random

import numpy as np

from fsmn_ref.arguments import Array

MOST_LEVELS = 256
COVERED = 255
ATTEMPTS = 12
"""So many cases are made for a triple that none of them has; then it is taken for impossible."""

SEARCHES = 40


class Coverage:
    """Pairs and triples of the features of one form."""

    def __init__(self) -> None:
        self.pairs = self.triples = 0
        self._ids: dict[tuple[str, str], int] = {}
        self._levels: dict[str, list[str]] = {}
        self._pairs = np.zeros((MOST_LEVELS,) * 2, np.uint8)
        self._triples = np.zeros((MOST_LEVELS,) * 3, np.uint8)
        self._places: dict[tuple[int, int], Array] = {}

    def add(self, features: Mapping[str, str]) -> bool:
        """Add the features of a case, and return whether any of its triples is new."""
        ids = np.sort(np.array([self._id(feature) for feature in features.items()], np.intp))
        before = self.pairs + self.triples
        self.pairs += self._add(self._pairs, ids, 2)
        self.triples += self._add(self._triples, ids, 3)
        return self.pairs + self.triples > before

    def _add(self, seen: Array, ids: Array, size: int) -> int:
        where = tuple(ids[self._combinations(len(ids), size)])
        new = int((seen[where] != COVERED).sum())
        seen[where] = COVERED
        return new

    def _combinations(self, length: int, size: int) -> Array:
        key = (length, size)
        if key not in self._places:
            self._places[key] = np.array(list(combinations(range(length), size)), np.intp).reshape(-1, size).T
        return self._places[key]

    def _id(self, feature: tuple[str, str]) -> int:
        found = self._ids.get(feature)
        if found is None:
            found = self._ids[feature] = min(len(self._ids), MOST_LEVELS - 1)
            self._levels.setdefault(feature[0], []).append(feature[1])
        return found

    def missing(self, rng: Random) -> dict[str, str]:
        """Return three features that did not occur together yet, or none if they are hard to find."""
        names = list(self._levels)
        if len(names) < 3:
            return {}
        for _ in range(SEARCHES):
            some = {name: rng.choice(self._levels[name]) for name in rng.sample(names, 3)}
            where = tuple(sorted(self._ids[feature] for feature in some.items()))
            if self._triples[where] < ATTEMPTS:
                self._triples[where] += 1
                return some
        return {}
