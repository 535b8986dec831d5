"""Verification as a call, and as parameters of somebody else's test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from fsmn_properties.catalogue import CATALOGUE, WITHOUT_REFERENCE
from fsmn_properties.implementation import implementation_of
from fsmn_properties.property import Outcome, Property

NOT_CHECKED = (
    "payloads of NaN and signs of zero, which the contract leaves open",
    "calls from several threads, for which the contract says nothing",
    "more than 66,100 frames, 2049 channels or 257 taps, which would take too long",
)


@dataclass(frozen=True)
class Report:
    """What a verification showed: prints as a table, with the counterexamples after it."""

    outcomes: tuple[Outcome, ...]

    @property
    def ok(self) -> bool:
        """Whether every property holds."""
        return not self.failures

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The outcomes of the properties that do not hold."""
        return tuple(outcome for outcome in self.outcomes if outcome.failure)

    def __str__(self) -> str:
        return "\n".join([*table(self.outcomes), *(f"\n{o.name}\n{o.failure}" for o in self.failures)])


def table(outcomes: Iterable[Outcome]) -> list[str]:
    """Return a line for each outcome, what was not checked, and one with the totals."""
    outcomes = list(outcomes)
    width = max((len(outcome.name) for outcome in outcomes), default=0)
    lines = [
        f"{o.name:{width}}  {o.cases:7,} cases  {o.seconds:6.1f} s  {'FAILS' if o.failure else 'holds'}"
        f"{o.note and f': {o.note}'}"
        for o in outcomes
    ]
    missing = {each.name for each in CATALOGUE} - {outcome.name for outcome in outcomes}
    left_out = [f"{len(missing)} of the {len(CATALOGUE)} properties, which were not selected or not reached"] * bool(
        missing
    )
    lines += [f"not checked: {what}" for what in (*left_out, *NOT_CHECKED)]
    failing = sum(bool(outcome.failure) for outcome in outcomes)
    cases, seconds = sum(o.cases for o in outcomes), sum(o.seconds for o in outcomes)
    sequences = sum(outcome.sequences for outcome in outcomes)
    total = f"{len(outcomes)} properties: {len(outcomes) - failing} hold, {failing} fail; {cases:,} cases"
    everything = f", {sequences:,} position sequences exhaustively," if sequences else ""
    return [*lines, f"{total}{everything} in {seconds:.1f} s"]


def verify(implementation: object, properties: Iterable[Property] = CATALOGUE, *, seed: int | None = None) -> Report:
    """Try every property on an implementation.

    Parameters
    ----------
    implementation : object
        Anything with the contract's four functions as attributes: a module, a class, an instance.
    properties : iterable of Property
        What to try; the whole catalogue by default.
    seed : int, optional
        Where Hypothesis starts; by default its settings decide.

    Returns
    -------
    Report
        `report.ok`, `report.failures`, and a table when printed.

    Raises
    ------
    CannotLoadError
        If the implementation lacks a function.
    """
    checked = implementation_of(implementation)
    return Report(tuple(each.run(checked, seed=seed) for each in properties))


def first_failure(
    implementation: object, properties: Iterable[Property] = CATALOGUE, *, seed: int | None = None
) -> Outcome | None:
    """Return the first property found not to hold, or None: the quickest answer to whether anything is wrong.

    A first look, at a few cases of each property that compares with the reference or draws nothing, shows most bugs.
    Then everything is tried with all cases. Parameters and errors are those of `verify`.
    """
    properties = tuple(properties)
    checked = implementation_of(implementation)
    looked_at = [each.first_look for each in properties if each not in WITHOUT_REFERENCE]
    attempts = (*looked_at, *(each.run for each in properties))
    return next((outcome for attempt in attempts if (outcome := attempt(checked, seed=seed)).failure), None)


def parametrize_with_properties(
    implementation: object, *, expected_failures: Mapping[str, str] | None = None
) -> pytest.MarkDecorator:
    """Make a test function with the argument `check` into one test for each property.

    Parameters
    ----------
    implementation : object
        Anything with the contract's four functions as attributes.
    expected_failures : mapping of property name to reason, optional
        Properties that are known to fail. One that holds after all fails the test, so that the entry goes away.

    Raises
    ------
    CannotLoadError
        If the implementation lacks a function.
    ValueError
        If an expected failure names no property.

    Examples
    --------
    >>> import fsmn_vec
    >>> @parametrize_with_properties(fsmn_vec)
    ... def test_my_port(check):
    ...     check()
    """
    checked, reasons = implementation_of(implementation), dict(expected_failures or {})
    unknown = reasons.keys() - {each.name for each in CATALOGUE}
    if unknown:
        raise ValueError(f"no property is called {', '.join(sorted(unknown))}")

    def parameter(each: Property) -> Any:
        def check() -> None:
            outcome = each.run(checked)
            if outcome.failure:
                pytest.fail(outcome.failure, pytrace=False)

        reason = reasons.get(each.name)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        return pytest.param(check, id=each.name, marks=marks)

    return pytest.mark.parametrize("check", [parameter(each) for each in CATALOGUE])
