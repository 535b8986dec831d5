"""Exact comparisons: with the oracle, and of derivatives with differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.checks.trial import Call, Trial, Violation, shown
from fsmn_ref.arguments import Array


def equal(case: Case, name: str, got: Array, want: Array) -> None:
    """Raise a Violation unless a result of the last calls has the shape, dtype and values of `want`; NaN equals NaN."""
    same_kind(case, name, got, want)
    if got.tobytes() == want.tobytes():
        return  # the rule, and quickly seen
    wrong = ~((got == want) | (np.isnan(got) & np.isnan(want)))
    if wrong.any():
        index = first(wrong)
        call = [Call(case, function_of(case, name))]
        facts = {"result": name, "element": index, "got": str(got[index]), "wanted": str(want[index])}
        raise Violation(first_wrong(name, wrong, got, want), call, shown(name, got, want, index), facts)


def is_equal(got: Array, want: Array) -> bool:
    """Return whether two arrays have the same shape and values; NaN equals NaN."""
    return got.shape == want.shape and (
        got.tobytes() == want.tobytes() or bool(((got == want) | (np.isnan(got) & np.isnan(want))).all())
    )


def agree(case: Case, results: Mapping[str, Array]) -> None:
    """Raise a Violation unless each result is the exact one, as the oracle computes it."""
    for name, got in results.items():
        equal(case, name, got, case.want[name])


def same_kind(case: Case, name: str, got: Array, want: Array) -> None:
    """Raise a Violation unless a result has the shape and dtype of `want`."""
    if got.shape != want.shape or got.dtype != want.dtype:
        problem = (
            f"{name} has shape {got.shape} and dtype {got.dtype}, should have shape {want.shape} and dtype {want.dtype}"
        )
        index = (0,) * want.ndim
        facts = {"result": name, "got": f"{got.shape} {got.dtype}", "wanted": f"{want.shape} {want.dtype}"}
        raise Violation(problem, [Call(case, function_of(case, name))], shown(name, got, want, index), facts)


def function_of(case: Case, result: str) -> str:
    """Return the name of the function that a result comes from."""
    return case.form.forward if result == "memory" else case.form.backward


def first(wrong: Array) -> tuple[int, ...]:
    """Return the index of the first element marked."""
    return tuple(int(i) for i in np.argwhere(wrong)[0])


def first_wrong(name: str, wrong: Array, got: Array, want: Any) -> str:
    """Say which element is the first one marked, what it is and what it should be."""
    index = first(wrong)
    where = ", ".join(map(str, index))
    count = f"{int(wrong.sum())} of {wrong.size} elements differ"
    return f"{name}[{where}] is {got[index]}, should be {want[index]} ({count})"


def relation(trial: Trial, name: str, got: Array, want: Array, says: str) -> None:
    """Raise a Violation unless two results that were computed from calls of the target are equal.

    If they differ, at least one of the calls is wrong: the first of them whose result is not the oracle's is shown.
    """
    if is_equal(got, want):
        return
    wrong = np.ones(1, bool) if got.shape != want.shape else ~((got == want) | (np.isnan(got) & np.isnan(want)))
    told = first_wrong(name, wrong, got, want) if got.shape == want.shape else f"shapes {got.shape} and {want.shape}"
    blame(trial, f"{says}: {told}")


def blame(trial: Trial, problem: str) -> None:
    """Raise a Violation with the first call of the trial whose results are not the oracle's."""
    for call in list(trial.calls):
        again = Trial(trial.target, trial.form)
        try:
            agree(call.case, again.call(call.case, call.function))
        except Violation as violation:
            told = f"{problem}. A single call is wrong already: {violation.problem}"
            raise Violation(told, violation.calls, violation.ending, violation.facts) from violation
    raise Violation(f"{problem}. Each call alone is right if repeated", trial.calls, by_name=True)


def central_difference(trial: Trial, case: Case, argument: str) -> Array:
    """Return the exact gradient of <dmemory, forward> in `argument`, from the forward function alone.

    The memory is linear in each argument, so the central difference with step 1 is no approximation, and on whole
    numbers none of its operations rounds.
    """
    value = case[argument]
    gradient = np.zeros(value.shape, value.dtype)
    for index in np.ndindex(*value.shape):
        above, below = value.copy(), value.copy()
        above[index] += 1
        below[index] -= 1
        rise = trial.forward(case.but(**{argument: above})) - trial.forward(case.but(**{argument: below}))
        gradient[index] = (rise / 2 * case["dmemory"]).sum()
    return gradient
