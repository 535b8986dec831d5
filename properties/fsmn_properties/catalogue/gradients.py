"""Backward is the derivative of forward: no reference is asked."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.case import Case
from fsmn_properties.catalogue.structure import other
from fsmn_properties.forms import Form
from fsmn_properties.literals import literal
from fsmn_properties.oracles.exact import central_difference, equal
from fsmn_properties.property import for_each_form
from fsmn_properties.strategies.cases import TINY, whole_cases
from fsmn_properties.violation import Violation
from fsmn_ref.arguments import Array


def tiny_whole_cases(form: Form) -> Any:
    """Cases small enough for two forward calls an element."""
    return whole_cases(form, TINY)


@for_each_form(tiny_whole_cases)
def backward_equals_the_central_difference(implementation: Any, case: Case) -> None:
    """On whole numbers, every element of every gradient equals the central difference of forward with step 1."""
    for name, gradient in case.backward(implementation).items():
        equal(case, name, gradient, central_difference(implementation, case, name.removeprefix("d")))


def _integers(array: Array) -> Array:
    """Return whole numbers as Python's integers, whose sums have no limit."""
    return np.array([int(x) for x in array.flat], dtype=object)


def _require_whole(case: Case, name: str, result: Array, shape: tuple[int, ...]) -> None:
    script = case.script(case.form.forward if name == "memory" else case.form.backward, "results")
    if result.shape != shape:
        raise Violation(f"{name} has shape {result.shape}, should have {shape}", script)
    if not (np.isfinite(result) & (result == np.rint(result))).all():
        raise Violation(f"{name} of whole numbers holds others: {literal(result)}", script)


@for_each_form(whole_cases)
def backward_is_the_adjoint_of_forward(implementation: Any, case: Case) -> None:
    """For every argument, <dmemory, J v> equals <J^T dmemory, v> with ==, with J v from forward alone."""
    memory, gradients = case.forward(implementation), case.backward(implementation)
    _require_whole(case, "memory", memory, case.dmemory.shape)
    for name, gradient in gradients.items():
        argument = name.removeprefix("d")
        v = other(case[argument])
        _require_whole(case, name, gradient, v.shape)
        at_v = case.but(**{argument: case[argument] + v})
        moved = at_v.forward(implementation)
        _require_whole(at_v, "memory", moved, memory.shape)
        left = (_integers(case.dmemory) * (_integers(moved) - _integers(memory))).sum()
        right = (_integers(gradient) * _integers(v)).sum()
        if left != right:
            problem = f"<dmemory, J v> is {left}, but <{name}, v> is {right} for v = {literal(v)}"
            raise Violation(problem, case.script(case.form.backward, ", ".join(case.form.gradients)))


PROPERTIES = (*backward_equals_the_central_difference, *backward_is_the_adjoint_of_forward)
