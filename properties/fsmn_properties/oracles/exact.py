"""Exact comparisons: with the reference, and of derivatives with differences."""

from __future__ import annotations

from typing import Any

import numpy as np

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.literals import literal
from fsmn_properties.violation import Violation
from fsmn_ref.arguments import Array


def equal(case: Case, name: str, got: Array, want: Array) -> None:
    """Raise a Violation unless the result called `name` has the shape, dtype and values of `want`; NaN equals NaN."""
    same_kind(case, name, got, want)
    if got.tobytes() == want.tobytes():
        return  # the rule, and quickly seen
    wrong = ~((got == want) | (np.isnan(got) & np.isnan(want)))
    if wrong.any():
        raise Violation(first_wrong(name, wrong, got, want), shown(case, name, want))


def all_equal(case: Case, results: dict[str, Array], want: dict[str, Array]) -> None:
    """Raise a Violation unless each of `results` has the shape, dtype and values of that in `want`."""
    for name, got in results.items():
        equal(case, name, got, want[name])


def same_kind(case: Case, name: str, got: Array, want: Array) -> None:
    """Raise a Violation unless the result called `name` has the shape and dtype of `want`."""
    if got.shape != want.shape or got.dtype != want.dtype:
        problem = f"{name} has shape {got.shape} and dtype {got.dtype}, should have {want.shape} and {want.dtype}"
        raise Violation(problem, shown(case, name, want))


def first_wrong(name: str, wrong: Array, got: Array, want: Any) -> str:
    """Say which element is the first one marked in `wrong`, what it is and what it should be."""
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    where = ", ".join(map(str, index))
    count = f"{int(wrong.sum())} of {wrong.size} elements differ"
    return f"{name}[{where}] is {got[index]}, should be {want[index]} ({count})"


def shown(case: Case, name: str, want: Array) -> str:
    """Return Python that computes the result called `name` and prints it beside what it should be."""
    forward = name == "memory"
    function = case.form.forward if forward else case.form.backward
    assigned = name if forward else ", ".join(case.form.gradients)
    return f"{case.script(function, assigned)}\nprint({name})\nprint({literal(want)})  # what it should be"


def agrees_with_the_reference(implementation: Any, case: Case, *, backward: bool) -> None:
    """Compare the memory, or each gradient, with the loops of the reference."""
    if not backward:
        equal(case, "memory", case.forward(implementation), case.forward(fsmn_ref))
        return
    want = case.backward(fsmn_ref)
    all_equal(case, case.backward(implementation), want)


def central_difference(implementation: Any, case: Case, argument: str) -> Array:
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
        rise = case.but(**{argument: above}).forward(implementation) - case.but(**{argument: below}).forward(
            implementation
        )
        gradient[index] = (rise / 2 * case.dmemory).sum()
    return gradient
