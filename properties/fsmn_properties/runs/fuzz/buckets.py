"""One entry a bug: failures that are alike, with the smallest case of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from fsmn_properties.runs.fuzz.asking import OUT_OF_MEMORY, Symptom
from fsmn_properties.runs.fuzz.corpus import Kept
from fsmn_properties.runs.fuzz.region import Facts, Region

MOST_ALIKE = 16
"""So many bugs with one symptom are told apart; then failures are counted with the last of them."""

AT_TIMES = "at times"
"""The kind of what fails, but not always."""


@dataclass
class Bucket:
    """Failures that are alike.

    Parameters
    ----------
    name : str
        Its name.
    kept : Kept
        The smallest case, as the corpus has it.
    seen : int
        How often it was seen in this run.
    replayed : bool
        Whether it came from the corpus.
    """

    name: str
    kept: Kept
    seen: int = 0
    replayed: bool = False
    symptom: Symptom = field(init=False)
    regions: tuple[Region, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.change(self.kept)

    def change(self, kept: Kept) -> None:
        """Take another case for the smallest."""
        self.kept = kept
        self.symptom = Symptom(kept.statement, kept.function, kept.result, kept.kind)
        self.regions = tuple(Region.of_data(data) for data in kept.regions)

    def holds(self, facts: Facts) -> bool:
        """Return whether a case has everything that the bug needs; before it is examined, anything may be."""
        return not self.regions or any(region.holds(facts) for region in self.regions)

    @property
    def key(self) -> tuple[str, ...]:
        """What is the same in all failures: a call that ends the process or fails at times does so in any statement."""
        return key_of(self.symptom, dies=self.kept.dies)


def key_of(symptom: Symptom, *, dies: bool) -> tuple[str, ...]:
    """Return what is the same in all failures of a bucket."""
    if symptom.kind == OUT_OF_MEMORY:  # which call it hits is chance
        return (symptom.kind,)
    if dies or symptom.kind == AT_TIMES:
        return symptom.function, symptom.kind
    return tuple(symptom)


class Buckets:
    """All buckets of a run, by name."""

    def __init__(self) -> None:
        self.all: dict[str, Bucket] = {}
        self._alike: dict[tuple[str, ...], list[Bucket]] = {}

    def add(self, bucket: Bucket) -> None:
        """Add a bucket."""
        self.all[bucket.name] = bucket
        self._alike.setdefault(bucket.key, []).append(bucket)

    def drop(self, name: str) -> None:
        """Drop a bucket."""
        bucket = self.all.pop(name)
        self._alike[bucket.key].remove(bucket)

    def of(self, key: tuple[str, ...], facts: Facts) -> Bucket | None:
        """Return the bucket of a failure with these facts, or None if it is of a new one."""
        alike = self._alike.get(key, [])
        found = next((bucket for bucket in alike if bucket.holds(facts)), None)
        return found or (alike[-1] if len(alike) >= MOST_ALIKE else None)

    def explains(self, symptom: Symptom, facts: Facts) -> bool:
        """Return whether a function is known to fail in this way for cases with these facts, in any statement."""
        same = (each for each in self.all.values() if each.symptom.function == symptom.function)
        return any(each.symptom.kind == symptom.kind and each.holds(facts) for each in same)

    def deadly(self, facts: Callable[[], Facts]) -> frozenset[str]:
        """Return the functions that end the process for a case with these facts."""
        dying = [each for each in self.all.values() if each.kept.dies and each.regions]
        if not dying:
            return frozenset()
        mine = facts()
        return frozenset(each.symptom.function for each in dying if each.holds(mine))
