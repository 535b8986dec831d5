"""A named map that is followed in some places alone: the maps of small cases read off, compared place by place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.answers import Answer, answers, calmed
from fsmn_properties.diagnosis.conditions import ALWAYS
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.difference import right_map
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.maps.catalogue import named_maps
from fsmn_properties.diagnosis.named import Model, Named, Values, mapped
from fsmn_properties.diagnosis.places.cellread import read_cells
from fsmn_properties.diagnosis.places.features import GRAINS, Places
from fsmn_properties.diagnosis.places.learning import Conjunction, learned
from fsmn_properties.diagnosis.reading import Entries, entries_of, results_of, right_taps, tensor
from fsmn_properties.diagnosis.search import Explanation
from fsmn_properties.diagnosis.settings import drawn, numbered, stretched
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array

MOST_READ = 10
"""So many cases are read off at first."""

MOST_RIGHT = 16
"""So many cases that are right are held against them at first."""

ROUNDS = 6
"""How often what was learned is learned again with a case that it does not explain."""

CELLS = 150
"""So many places of a case that are right are held against what is learned."""

FEWEST_FORETOLD = 3
"""So many wrong cases from which nothing was learned must be foretold: of what was learned from, much is true."""

BEST = 6
"""So many maps are tried on further cases."""

PLAIN = 2.5
"""A map whose places are no more far-fetched is tried before all others are known."""

SECONDS = 0.8
"""How long one result is looked at."""


@dataclass(eq=False)
class Read:
    """The map of a case that was read off, or the right one where the results are right.

    Parameters
    ----------
    answer : Answer
        The case and its results.
    found : ndarray
        Rows, frames, taps and channels; of one channel if all are right.
    right : ndarray
        The right map, of one channel.
    values : mapping of str to ndarray
        The values with which it was read.
    """

    answer: Answer
    found: Array
    right: Array
    values: Mapping[str, Array]
    equals: dict[str, Array] = field(default_factory=dict)

    @property
    def facts(self) -> Facts:
        """The case."""
        return self.answer.facts

    def is_right(self, grain: str) -> Array:
        """Return in which places the map is right."""
        if grain not in self.equals:
            self.equals[grain] = self.like(self.right, grain)
        return self.equals[grain]

    def like(self, other: Array, grain: str) -> Array:
        """Return in which places the map equals another one."""
        same = self.found == other[..., None]
        axes: dict[str, tuple[int, ...]] = {"rows": (1, 2), "taps": (1,), "frames": (2,)}
        agree: Array = same.all(axis=axes[grain])
        return agree


def partly(target: Target, form: Form, result: str, probed: Sequence[Answer], end: Deadline) -> list[Explanation]:
    """Return a map that the target follows in some places alone, and which these are.

    Parameters
    ----------
    target : Target
        What is wrong.
    form : Form
        The form.
    result : str
        The result.
    probed : sequence of Answer
        Its answers.
    end : Deadline
        When the search ends.
    """
    mine = [each for each in probed if result in each.results]
    end = end.within(SECONDS)
    reads = _reads(target, mine, result, end)
    if not any(len(each.found.shape) == 4 and not each.answer.is_right(result) for each in reads):
        return []
    further: list[Answer] = []
    left = []
    for hypothesis in _hypotheses(form, result, reads, end):
        left.append(hypothesis)
        if _cost(hypothesis) < PLAIN:
            break
    for named, grain, conjunction in sorted(left, key=_cost)[:BEST]:
        if end.is_over:
            break
        further = further or calmed(answers(target, _further(target, form)))[0]
        found = _refined(target, form, result, (named, grain, conjunction), list(reads), [*mine, *further], end)
        if found is not None:
            return [Explanation((_named(*found),), ALWAYS, max(0.01, found[2].cost))]
    return []


def _cost(hypothesis: tuple[Named, str, Conjunction]) -> float:
    named, grain, conjunction = hypothesis
    return conjunction.cost + 0.3 * GRAINS.index(grain) + 0.002 * len(named.says)


def _further(target: Target, form: Form) -> Iterator[Case]:
    yield from drawn(form, target.promises, 30, seed=5)
    yield from stretched(form, target.promises)
    yield from numbered(form, target.promises)


def _reads(target: Target, mine: Sequence[Answer], result: str, end: Deadline) -> list[Read]:
    """Return the maps of a few cases that are wrong, and of those that are right."""
    wrong = [each for each in mine if not each.is_right(result)]
    wrong.sort(key=lambda each: each.case.frames * (1 + sum(each.case.taps)))
    some = [each for each in wrong if each.case.frames <= 20][: 3 * MOST_READ] or wrong[:3]
    found = []
    for each in some[:: max(1, len(some) // MOST_READ)]:
        read = _read(target, each, result, end)
        if read is not None:
            found.append(read)
    if not found:
        return []
    right = [each for each in mine if each.is_right(result) and each.case.frames <= 20][:MOST_RIGHT]
    return [*found, *(_read_as_right(each, result) for each in right)]


def _read(target: Target, each: Answer, result: str, end: Deadline) -> Read | None:
    found = read_cells(target, each.case, result, end)
    return None if found is None else Read(each, found[0], right_map(each.facts, result), found[1])


def _read_as_right(each: Answer, result: str) -> Read:
    right = right_map(each.facts, result)
    return Read(each, np.repeat(right[..., None], each.case.channels, axis=3), right, each.values)


def _hypotheses(
    form: Form, result: str, reads: Sequence[Read], end: Deadline
) -> Iterator[tuple[Named, str, Conjunction]]:
    """Yield maps that explain every place that is wrong, with the condition that tells these places apart."""
    wrong = [read for read in reads if not read.answer.is_right(result)]
    known: dict[Any, Conjunction | None] = {}
    for named in named_maps(form):
        if end.is_over:
            return
        if named.values or named.whole or named.outputs or named.is_numbered or not named.may_be_about(result):
            continue
        if named.key == "zero" and result.endswith("filter"):
            continue  # rows add nothing to it, which is another name
        grains = _grains(named, result, wrong)
        others = [_map(named, read.facts, result) for read in reads] if grains else []
        for grain in grains:
            parts = _parts(others, grain, reads)
            if parts is None:
                continue
            # Maps that differ from the right one in the same places have them for the same reason.
            key = grain, *(each.rows.tobytes() + each.others.tobytes() for part in parts for each in part)
            if key not in known:
                known[key] = learned(form, grain, *parts)
            conjunction = known[key]
            if conjunction is not None:
                yield named, grain, conjunction
                break


def _grains(named: Named, result: str, wrong: Sequence[Read]) -> list[str]:
    """Return the kinds of places of which each, in cases that are wrong, is right or follows a map."""
    grains = list(GRAINS)
    for read in wrong:
        other = _map(named, read.facts, result)
        grains = [grain for grain in grains if (read.is_right(grain) | read.like(other, grain)).all()]
        if not grains:
            break
    return grains


def _map(named: Named, facts: Facts, result: str) -> Array:
    found = tensor(mapped((named,), facts), facts)
    if result.endswith("filter"):
        first = facts.first_rows[result[1:]]
        found[:, :, :first] = found[:, :, first + facts.counts[result[1:]] :] = 0
    return found


def _parts(others: Sequence[Array], grain: str, reads: Sequence[Read]) -> tuple[list[Places], list[Places]] | None:
    """Return where each case that was read off follows another map, and where it is right; None if it does neither."""
    wrong, right = [], []
    for read, other in zip(reads, others, strict=True):
        is_right = read.is_right(grain)
        if is_right.all() and np.array_equal(other, read.right):
            continue
        follows = read.like(other, grain)
        if not (is_right | follows).all():
            return None
        wrong.append(_places(read, grain, ~is_right))
        right.append(_places(read, grain, is_right & ~follows, CELLS))
    return wrong, right


def _places(read: Read, grain: str, chosen: Array, most: int | None = None) -> Places:
    where = np.argwhere(chosen)
    if most is not None and len(where) > most:
        where = where[np.random.default_rng(0).permutation(len(where))[:most]]
    if grain == "rows":
        where = np.insert(where, 1, 0, axis=1)
    return Places(read.facts, grain, where[:, 0], where[:, 1], where[:, 2], read.values)


def _refined(
    target: Target,
    form: Form,
    result: str,
    hypothesis: tuple[Named, str, Conjunction],
    reads: list[Read],
    mine: Sequence[Answer],
    end: Deadline,
) -> tuple[Named, str, Conjunction] | None:
    """Return a hypothesis, learned again until it explains every case; None if it does not."""
    named, grain, conjunction = hypothesis
    for _ in range(ROUNDS):
        found = _named(named, grain, conjunction)
        failing = [each for each in mine if result in each.results and not each.follows((found,), result)]
        if not failing:
            read = {id(each.answer) for each in reads}
            unread = [each for each in mine if id(each) not in read and result in each.results]
            foretold = sum(not each.is_right(result) for each in unread)
            return (named, grain, conjunction) if foretold >= FEWEST_FORETOLD else None
        failing.sort(key=lambda a: a.case.frames * (1 + sum(a.case.taps)))
        more = [
            _read_as_right(each, result) if each.is_right(result) else _read(target, each, result, end)
            for each in failing[:3]
        ]
        if end.is_over or any(each is None for each in more):
            return None
        reads += [each for each in more if each is not None]
        parts = _parts([_map(named, read.facts, result) for read in reads], grain, reads)
        again = None if parts is None else learned(form, grain, *parts)
        if again is None:
            return None
        conjunction = again
    return None


def _named(named: Named, grain: str, conjunction: Conjunction) -> Named:
    """Return the map that is followed in the places of a condition, and is right in all others."""
    return Named(
        f"{named.key} where {conjunction.says}",
        f"only {conjunction.says}: {named.says}" if conjunction.atoms else named.says,
        whole=_whole((named,), grain, conjunction),
        only=named.only,
    )


def _whole(model: Model, grain: str, conjunction: Conjunction) -> Callable[[Values, Facts, str], Array]:
    def whole(values: Values, facts: Facts, result: str) -> Array:
        right, other = entries_of(right_taps(facts), facts), mapped(model, facts)
        chosen = [_holds(each, facts, values, grain, conjunction) for each in (right, other)]
        weights = [right.weights[:, None] * ~chosen[0], other.weights[:, None] * chosen[1]]
        rows, frames, taps = (np.concatenate(pair) for pair in zip(right[:3], other[:3], strict=True))
        joined = Entries(rows, frames, taps, np.concatenate(weights))
        return results_of(joined, facts, values, result)

    return whole


def _holds(entries: Entries, facts: Facts, values: Values, grain: str, conjunction: Conjunction) -> Array:
    """Return for each entry and channel whether it is in a place of a condition."""
    D, count = facts.case.channels, len(entries.rows)
    others = entries.taps if grain == "taps" else entries.frames
    rows, others, channels = np.repeat(entries.rows, D), np.repeat(others, D), np.tile(np.arange(D), count)
    places = Places(facts, grain, rows, others, channels, values)
    return conjunction.holds(places).reshape(count, D)
