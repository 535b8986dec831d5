"""What a target returns for a case that it is probed at, and which of it is right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.oracle import results_of
from fsmn_properties.checks.exact import is_equal
from fsmn_properties.checks.trial import Trial, Violation
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.named import Model, predicted
from fsmn_properties.diagnosis.reading import values_of
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array


@dataclass(frozen=True, eq=False)
class Answer:
    """Results of one call of each function.

    Parameters
    ----------
    case : Case
        What it was called with.
    results : mapping of str to ndarray
        Each result by name, if there is one.
    problems : mapping of str to str
        What each function raised or returned instead of its results.
    """

    case: Case
    results: Mapping[str, Array]
    problems: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def facts(self) -> Facts:
        """The case without its values."""
        return Facts(self.case)

    @cached_property
    def values(self) -> dict[str, Array]:
        """The values of all matrices."""
        return values_of(self.facts)

    def is_right(self, result: str) -> bool:
        """Return whether a result has the right values."""
        return result in self.results and is_equal(self.results[result].astype(np.float64), self.right(result))

    def right(self, result: str) -> Array:
        """Return what a result should be."""
        kept: dict[str, Array] = self.__dict__.setdefault("_right", {})
        if result not in kept:
            with np.errstate(all="ignore"):
                kept |= results_of(self.case.form, self.case.plain, np.float64)
        return kept[result]

    def follows(self, model: Model, result: str) -> bool:
        """Return whether a result is what a model predicts."""
        return result in self.results and is_close(self.results[result], self.predicted(model, result))

    def predicted(self, model: Model, result: str) -> Array:
        """Return what a model predicts."""
        with np.errstate(all="ignore"):
            return predicted(model, self.facts, self.values, result)


NOISE = 1e-6
"""So little noise is no part of a map."""

EXACT = 2.0**40
"""Whole numbers below are exact in double precision, sums of them as well."""


def is_close(got: Array, want: Array) -> bool:
    """Return whether small whole numbers, or fractions of them, are the same but for the rounding of a quotient."""
    if got.shape != want.shape:
        return False
    wide = got.astype(np.float64)
    if is_equal(wide, want):
        return True
    scale = np.abs(want).max(initial=1.0)
    if np.array_equal(want, np.rint(want)) and scale < EXACT:
        return False  # nothing rounds
    unit = np.finfo(got.dtype).eps if got.dtype.kind == "f" else 0.0
    return bool((np.abs(wide - want) <= 64 * unit * scale).all())


def answer(target: Target, case: Case) -> Answer:
    """Call each promised function of a form once."""
    trial = Trial(target, case.form)
    results: dict[str, Array] = {}
    problems: dict[str, str] = {}
    for function in target.functions_of(case.form):
        try:
            found = trial.call(case, function)
        except Violation as violation:
            problems[function] = violation.problem
            continue
        for name, value in found.items():
            if value.dtype.kind in "iufb":
                results[name] = value.copy()
            else:
                problems[function] = f"{name} is of the type {value.dtype}"
    return Answer(case, results, problems)


def calmed(probed: Sequence[Answer]) -> tuple[list[Answer], dict[str, float]]:
    """Return answers without the noise of sums that round where none has to, and how large it is for each result.

    Parameters
    ----------
    probed : sequence of Answer
        Answers to small whole numbers.
    """
    noise: dict[str, float] = {}
    for name in {name for each in probed for name in each.results}:
        mine = [each.results[name].astype(np.float64) for each in probed if name in each.results]
        with np.errstate(all="ignore"):
            worst = max((float(np.abs(each - np.rint(each)).max(initial=0.0)) for each in mine), default=0.0)
        if 0 < worst < NOISE:
            noise[name] = worst
    if not noise:
        return [*probed], noise
    quiet = [
        Answer(each.case, {n: np.rint(v) if n in noise else v for n, v in each.results.items()}, each.problems)
        for each in probed
    ]
    return quiet, noise


def answers(target: Target, cases: Iterable[Case]) -> list[Answer]:
    """Call the target with each case."""
    return [answer(target, case) for case in cases]
