"""The notebook that this suite comes from: its tables and its own check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fsmn_properties.forms import Form
from fsmn_properties.notebook_example import example, rel_error
from fsmn_properties.oracles.exact import first_wrong, shown
from fsmn_properties.property import Covered, for_each_form_alone
from fsmn_properties.violation import Violation

# Half a unit of the last of the 8 decimals that the notebook prints, plus the rounding of 64 terms: sums of the
# example's magnitudes stay below 2e4, and 64 * 2**-53 * 2e4 < 2e-10.
HALF_A_DIGIT = 0.5e-8 + 2e-10

# The issue of the step 1e-5 is rounding in forward, which depends on the order of summation: at most this much worse.
AS_GOOD_AS_PRINTED = 10.0


@for_each_form_alone()
def notebook_tables(implementation: Any, form: Form) -> Iterator[Covered]:
    """The notebook's example gives every table that the notebook prints, to the digits that it prints."""
    shown_example = example(form)
    for name, got in shown_example.case.results(implementation).items():
        want = shown_example.tables[name]
        wrong = ~(np.abs(got - want) <= HALF_A_DIGIT) if got.shape == want.shape else np.ones(got.shape, bool)
        if got.shape != want.shape or wrong.any():
            problem = (
                first_wrong(name, wrong, got, want) if got.shape == want.shape else f"{name} has shape {got.shape}"
            )
            raise Violation(problem, shown(shown_example.case, name, want))
    yield Covered()


@for_each_form_alone()
def notebook_gradient_check(implementation: Any, form: Form) -> Iterator[Covered]:
    """The notebook's own check, differences with step 1e-5, errs at most 10 times as much as it printed."""
    shown_example = example(form)
    case, step = shown_example.case, shown_example.step
    for name, gradient in case.backward(implementation).items():
        argument = name.removeprefix("d")
        value, difference = case[argument], np.zeros_like(case[argument])
        for index in np.ndindex(*value.shape):
            above, below = value.copy(), value.copy()
            above[index] += step
            below[index] -= step
            rise = case.but(**{argument: above}).forward(implementation) - case.but(**{argument: below}).forward(
                implementation
            )
            difference[index] = (rise * case.dmemory).sum() / (2 * step)
        error, printed = rel_error(difference, gradient), shown_example.printed_errors[name]
        if not error <= AS_GOOD_AS_PRINTED * printed:
            problem = f"rel_error of {name} is {error:.3g} with step {step}, the notebook printed {printed:.3g}"
            raise Violation(problem, shown(case, name, difference))
    yield Covered()


PROPERTIES = (*notebook_tables, *notebook_gradient_check)
