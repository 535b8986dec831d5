"""Conditions on places: comparisons and remainders of what they have in common, tails, blocks, and those of cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from fsmn_properties.contract.forms import UNI, Form
from fsmn_properties.diagnosis.conditions import case_conditions
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.places.features import Feature, Places, features
from fsmn_ref.arguments import Array

DIVISORS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 100, 128, 256)
"""What remainders are looked at by, and the lengths of blocks."""


class Atom(NamedTuple):
    """A condition on places.

    Parameters
    ----------
    says : str
        In words.
    feature : Feature
        What it is about.
    test : callable
        From the numbers of places to whether it holds of each.
    cost : float
        How far-fetched it is.
    """

    says: str
    feature: Feature
    test: Callable[[Array], Array]
    cost: float

    def holds(self, places: Places) -> Array:
        """Return of which places it holds."""
        return self.test(self.feature.values(places))


def every_feature(form: Form, grain: str, facts: Facts) -> list[Feature]:
    """Return all that places of a form, of which one is in a case, may have in common."""
    return [*features(form, grain), *_tails(form, grain), *_blocks(grain), *_of_cases(facts)]


def atoms_of(feature: Feature, values: Array) -> Iterator[Atom]:
    """Yield the conditions about a feature that hold of all of some values."""
    if values.dtype == bool:
        if values.all():
            yield Atom(feature.name, feature, lambda v: v, feature.weight)
        return
    low, high = int(values.min()), int(values.max())
    weight = feature.weight
    if low == high:
        yield _compared(feature, "==", low, weight * (1 if abs(low) <= 1 else 1.4))
        yield from (_compared(feature, op, low, weight * (1.1 if abs(low) <= 1 else 1.6)) for op in (">=", "<="))
    else:
        yield _compared(feature, ">=", low, weight * (1 if abs(low) <= 1 else 1.3))
        yield _compared(feature, "<=", high, weight * (1 if abs(high) <= 1 else 1.5))
    if feature.divides:
        yield from _remainders(feature, values)


def _compared(feature: Feature, op: str, v: int, cost: float) -> Atom:
    compare = {"==": np.equal, ">=": np.greater_equal, "<=": np.less_equal}[op]
    words = {"==": "{v}", ">=": "at least {v}", "<=": "at most {v}"}[op]
    template = feature.says.get(f"{op}{v}") or feature.says.get(op) or f"where {feature.name} is {words}"
    return Atom(template.format(v=v, w=v + 1), feature, lambda values: compare(values, v), cost)


def _remainders(feature: Feature, values: Array) -> Iterator[Atom]:
    weight = feature.weight
    for m in DIVISORS:
        rests = np.unique(values % m)
        rest = int(rests[0])
        if len(rests) == 1:
            cost = weight * (1.2 + 0.01 * m + 0.1 * (rest not in {0, m - 1}))
            says = f"where {feature.name} divided by {m} leaves {rest}"
            says = f"where {feature.name} is {('even', 'odd')[rest]}" if m == 2 else says
            says = feature.says.get(f"%{rest}") or feature.says.get("%") or says
            test: Callable[[Array], Array] = lambda v, m=m, n=rest: v % m == n  # type: ignore[misc]  # noqa: E731
            yield Atom(says.format(v=rest, m=m), feature, test, cost)
        elif len(rests) == m - 1 and m <= 8:
            (other,) = set(range(m)) - {int(n) for n in rests}
            says = f"where {feature.name} is no multiple of {m}"
            says = f"where {feature.name} divided by {m} does not leave {other}" if other else says
            yield Atom(says, feature, lambda v, m=m, n=other: v % m != n, weight * (1.6 + 0.05 * m))  # type: ignore[misc]


def _tails(form: Form, grain: str) -> Iterator[Feature]:
    def flag(says: str, holds: Callable[[Places], Array], weight: float) -> Feature:
        return Feature(says, holds, {}, weight=weight + 0.01 * B)

    for B in DIVISORS:
        rows, last, channels, taps, filters = _kinds(B)
        yield flag(f"in the rows beyond the last whole block of {B}", lambda p, f=rows: f(p)[0] >= f(p)[1], 1.4)  # type: ignore[misc]
        yield flag(f"in the rows of whole blocks of {B}", lambda p, f=rows: f(p)[0] < f(p)[1], 1.6)  # type: ignore[misc]
        yield flag(f"in the last block of {B} rows, whole or not", lambda p, f=last: f(p)[0] >= f(p)[1], 1.8)  # type: ignore[misc]
        yield flag(f"outside the last block of {B} rows, whole or not", lambda p, f=last: f(p)[0] < f(p)[1], 1.7)  # type: ignore[misc]
        yield flag(f"in the channels beyond the last whole {B}", lambda p, f=channels: f(p)[0] >= f(p)[1], 1.4)  # type: ignore[misc]
        yield flag(f"in the channels of whole groups of {B}", lambda p, f=channels: f(p)[0] < f(p)[1], 1.6)  # type: ignore[misc]
        if grain != "taps":
            continue
        yield flag(f"for the taps beyond the last whole group of {B}", lambda p, f=taps: f(p)[0] >= f(p)[1], 1.4)  # type: ignore[misc]
        yield flag(f"for the taps of whole groups of {B}", lambda p, f=taps: f(p)[0] < f(p)[1], 1.6)  # type: ignore[misc]
        if form is not UNI:
            says = f"for the rows of a filter beyond the last whole group of {B}"
            yield flag(says, lambda p, f=filters: f(p)[0] >= f(p)[1], 1.5)  # type: ignore[misc]


Kind = Callable[[Places], tuple[Array, Array | int]]


def _kinds(B: int) -> tuple[Kind, ...]:
    """Return what may be taken B at a time: from places to numbers, and where the last group begins or ends."""

    def counts(p: Places) -> Array:
        every = [p.facts.counts[name] for name in p.facts.form.filters]
        return p.of_side(every[0], every[-1])

    return (
        lambda p: (p.rows, p.facts.frames // B * B),
        lambda p: (p.rows, (p.facts.frames - 1) // B * B),
        lambda p: (p.channels, p.facts.case.channels // B * B),
        lambda p: (p.numbers - 1, p.of_side(p.facts.taps[BACK], p.facts.taps.get(AHEAD, 0)) // B * B),
        lambda p: (np.where(p.filter_sides, p.numbers - 1, p.numbers), counts(p) // B * B),
    )


def _blocks(grain: str) -> Iterator[Feature]:
    if grain == "rows":
        return
    for B in DIVISORS:
        yield Feature(
            f"where the frame that is read is in another block of {B} frames than the row",
            lambda p, b=B: p.frames // b != p.rows // b,  # type: ignore[misc]
            weight=1.4 + 0.01 * B,
        )
        yield Feature(
            f"where the frame that is read is in the same block of {B} frames as the row",
            lambda p, b=B: p.frames // b == p.rows // b,  # type: ignore[misc]
            weight=1.6 + 0.01 * B,
        )


def _of_cases(facts: Facts) -> Iterator[Feature]:
    for each in case_conditions(facts):
        yield Feature(each.says, lambda p, e=each: np.full(len(p.rows), e.holds(p.facts)))  # type: ignore[misc]
