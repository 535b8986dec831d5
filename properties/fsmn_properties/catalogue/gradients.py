"""Backward is the derivative of forward: no reference is asked."""

from __future__ import annotations

from typing import Any

from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import central_difference, equal
from fsmn_properties.property import for_each_form
from fsmn_properties.strategies.cases import TINY, whole_cases


def tiny_whole_cases(form: Form) -> Any:
    """Cases small enough for two forward calls an element."""
    return whole_cases(form, TINY)


@for_each_form(tiny_whole_cases)
def backward_equals_the_central_difference(implementation: Any, case: Case) -> None:
    """On whole numbers, every element of every gradient equals the central difference of forward with step 1."""
    for name, gradient in case.backward(implementation).items():
        equal(case, name, gradient, central_difference(implementation, case, name.removeprefix("d")))
