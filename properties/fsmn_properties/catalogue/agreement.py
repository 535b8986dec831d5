"""An implementation agrees with the reference, bit for bit on whole numbers and within rounding on all others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fsmn_properties.case import Case
from fsmn_properties.catalogue.production import Scale
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import agrees_with_the_reference
from fsmn_properties.oracles.rounding import within_the_bound
from fsmn_properties.property import Covered, for_each_form, for_each_form_alone
from fsmn_properties.strategies.cases import float_cases, whole_cases
from fsmn_properties.violation import script_of, shown_by


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


# Kernels choose other paths for long inputs: of few bytes, and of more.
LONG = (Scale(150, 2, 5, 3, utterance=110), Scale(300, 2, 21, 4, utterance=110, dtype="float64"))


@for_each_form_alone("memory and gradients, every element", few=1)
def long_results_are_within_the_rounding_bound(implementation: Any, form: Form) -> Iterator[Covered]:
    """Among many frames, too, results are the exact rational ones within the contract's rounding bound."""
    for scale in LONG:
        case = rounded_case(form, scale)
        script = script_of(
            "agreement",
            "LONG, rounded_case, within_the_bound",
            form,
            f"case = rounded_case(form, LONG[{LONG.index(scale)}])",
            "within_the_bound(case, case.results(implementation))",
        )
        with shown_by(script, f"At {scale}: "):
            within_the_bound(case, case.results(implementation))
        yield Covered()


def rounded_case(form: Form, scale: Scale) -> Case:
    """Return a case of this size whose numbers have as many digits as their type holds."""
    case, rng = scale.case(form, 0), np.random.default_rng(0)
    shapes = {name: case[name].shape for name in ("dmemory", *form.floats)}
    return case.but(**{name: rng.standard_normal(shape).astype(scale.dtype) for name, shape in shapes.items()})


PROPERTIES = (*forward_equals_the_reference, *backward_equals_the_reference)

ROUNDED = (*forward_is_within_the_rounding_bound, *backward_is_within_the_rounding_bound)

AT_SCALE = (*long_results_are_within_the_rounding_bound,)
