"""A named wrong map, and what a target that follows some of them returns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from fsmn_properties.contract.forms import UNI, Form
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.reading import Entries, Tap, entries_of, results_of, right_taps
from fsmn_ref.arguments import Array

Values: TypeAlias = Mapping[str, Array]
Sides: TypeAlias = tuple[str, ...]
TapChange: TypeAlias = Callable[[Tap, Facts], Tap | None]


@dataclass(frozen=True)
class Named:
    """One way of being wrong, as changes at the stages at which results come about.

    Parameters
    ----------
    key : str
        Its name, with what it is about after a colon.
    says : str
        What the target does instead of the right thing; a clause after "in forward alone: ".
    values : callable, optional
        From the values of all matrices, facts and the name of the result to other values.
    taps : callable, optional
        From taps and facts to other taps.
    edge : str
        What becomes of a frame outside the array, as in `entries_of`.
    entries : callable, optional
        From entries and facts to other entries.
    whole : callable, optional
        From values, facts and the name of the result to the result.
    outputs : callable, optional
        From a result, the values, facts and the name of the result to another result.
    only : tuple of str
        The results that it may be about; all, if empty.
    known : mapping of str to int
        The row of the list of known bugs, by scope; under an empty scope for all.
    """

    key: str
    says: str
    values: Callable[[Values, Facts, str], Values] | None = None
    taps: Callable[[list[Tap], Facts], list[Tap]] | None = None
    edge: str = "drop"
    entries: Callable[[Entries, Facts], Entries] | None = None
    whole: Callable[[Values, Facts, str], Array] | None = None
    outputs: Callable[[Array, Values, Facts, str], Array] | None = None
    only: tuple[str, ...] = ()
    known: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_numbered(self) -> bool:
        """Whether a number is part of it, which one among many may fit by accident."""
        return any(letter.isdigit() for letter in self.key.replace("row 0", "").replace("distance 1", ""))

    def may_be_about(self, result: str) -> bool:
        """Return whether it may be what is wrong with a result."""
        kind = "dfilter" if result.endswith("filter") else result
        return not self.only or kind in self.only or result in self.only


MOST_KEPT = 200
"""The map of a case of so many frames times taps is kept."""

Model: TypeAlias = tuple[Named, ...]
"""Named maps that hold at once; none is the right map."""


def predicted(model: Model, facts: Facts, values: Values, result: str) -> Array:
    """Return a result of a target that follows a model."""
    given = values
    for each in model:
        if each.values is not None:
            given = each.values(given, facts, result)
    value = next((each.whole(given, facts, result) for each in model if each.whole is not None), None)
    if value is None:
        value = results_of(mapped(model, facts), facts, given, result)
    for each in model:
        if each.outputs is not None:
            value = each.outputs(value, values, facts, result)
    return value


def mapped(model: Model, facts: Facts) -> Entries:
    """Return the map of a model; of small cases it is kept, for other results follow the same map."""
    keys = tuple(each.key for each in model)
    kept: dict[tuple[str, ...], Entries] = facts.__dict__.setdefault("_maps", {})
    if keys in kept:
        return kept[keys]
    taps = [*right_taps(facts)]
    for each in model:
        if each.taps is not None:
            taps = each.taps(taps, facts)
    edge = next((each.edge for each in model if each.edge != "drop"), "drop")
    entries = entries_of(taps, facts, edge)
    for each in model:
        if each.entries is not None:
            entries = each.entries(entries, facts)
    if facts.frames * facts.identity <= MOST_KEPT:
        kept[keys] = entries
    return entries


def on(sides: Sequence[str], change: TapChange, *, own: bool = False) -> Callable[[list[Tap], Facts], list[Tap]]:
    """Return a change of all taps that changes those of some sides; the current frame's own only if asked for."""

    def changed(taps: list[Tap], facts: Facts) -> list[Tap]:
        found = []
        for tap in taps:
            concerned = tap.side in sides and (own or tap.number > 0)
            other = change(tap, facts) if concerned else tap
            if other is not None:
                found.append(other)
        return found

    return changed


def sides_of(form: Form) -> Iterator[tuple[Sides, str, str]]:
    """Yield sides of a form: the look-back, the look-ahead, and both; with a suffix for keys and words for the taps."""
    if form is UNI:
        yield (BACK,), "", "the taps"
        return
    yield (BACK,), ":back", "the look-back taps"
    yield (AHEAD,), ":ahead", "the look-ahead taps"
    yield (BACK, AHEAD), ":both", "the taps of both sides"


def each_side(form: Form) -> Iterator[tuple[Sides, str, str, dict[str, Any]]]:
    """Yield what `sides_of` does, and the names of filter, position and stride."""
    for sides, suffix, words in sides_of(form):
        filters = [name for side, name in zip((BACK, AHEAD), form.filters, strict=False) if side in sides]
        positions = [name for side, name in zip((BACK, AHEAD), form.positions, strict=False) if side in sides]
        strides = [name for side, name in zip((BACK, AHEAD), form.strides, strict=False) if side in sides]
        each = "each of "
        names = {
            "filter": " and ".join(filters),
            "position": each * (len(sides) > 1) + " and ".join(positions),
            "stride": each * (len(sides) > 1) + " and ".join(strides),
        }
        yield sides, suffix, words, names
