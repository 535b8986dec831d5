"""An implementation agrees with the reference, bit for bit on whole numbers and within rounding on all others."""

from __future__ import annotations

from typing import Any

from fsmn_properties.case import Case
from fsmn_properties.oracles.exact import agrees_with_the_reference
from fsmn_properties.oracles.rounding import within_the_bound
from fsmn_properties.property import for_each_form
from fsmn_properties.strategies.cases import float_cases, whole_cases


@for_each_form(whole_cases)
def forward_equals_the_reference(implementation: Any, case: Case) -> None:
    """On whole numbers, the memory equals that of the reference with ==."""
    agrees_with_the_reference(implementation, case, backward=False)


@for_each_form(whole_cases)
def backward_equals_the_reference(implementation: Any, case: Case) -> None:
    """On whole numbers, every gradient equals that of the reference with ==."""
    agrees_with_the_reference(implementation, case, backward=True)


@for_each_form(float_cases, effort=3)
def forward_is_within_the_rounding_bound(implementation: Any, case: Case) -> None:
    """On floats of any magnitude, the memory is the exact rational result within the contract's rounding bound."""
    within_the_bound(case, {"memory": case.forward(implementation)})


@for_each_form(float_cases, effort=3)
def backward_is_within_the_rounding_bound(implementation: Any, case: Case) -> None:
    """On floats of any magnitude, the gradients are the exact rational results within the contract's rounding bound."""
    within_the_bound(case, case.backward(implementation))


PROPERTIES = (*forward_equals_the_reference, *backward_equals_the_reference)

ROUNDED = (*forward_is_within_the_rounding_bound, *backward_is_within_the_rounding_bound)
