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


def _whole(array: Array) -> Array:
    """Return whole numbers as Python's integers, whose sums have no limit."""
    return np.array([int(x) for x in array.flat], dtype=object)


@for_each_form(whole_cases)
def backward_is_the_adjoint_of_forward(implementation: Any, case: Case) -> None:
    """For every argument, <dmemory, J v> equals <J^T dmemory, v> with ==, with J v from forward alone."""
    memory, gradients = case.forward(implementation), case.backward(implementation)
    for name, gradient in gradients.items():
        argument = name.removeprefix("d")
        v = other(case[argument])
        moved = case.but(**{argument: case[argument] + v}).forward(implementation)
        left = int((_whole(case.dmemory) * (_whole(moved) - _whole(memory))).sum())
        right = int((_whole(gradient) * _whole(v)).sum()) if gradient.shape == v.shape else None
        if left != right:
            problem = f"<dmemory, J v> is {left}, but <{name}, v> is {right} for v = {literal(v)}"
            raise Violation(problem, case.script(case.form.backward, ", ".join(case.form.gradients)))


PROPERTIES = (*backward_equals_the_central_difference, *backward_is_the_adjoint_of_forward)
