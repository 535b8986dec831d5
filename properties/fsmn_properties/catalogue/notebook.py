"""The notebook that this suite comes from: its tables and its own check."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.statement import Source, statement
from fsmn_properties.checks.exact import first, first_wrong, function_of
from fsmn_properties.checks.trial import Call, Trial, Violation
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.notebook_example import example, rel_error

# Half a unit of the last of the 8 decimals that the notebook prints, plus the rounding of 64 terms: sums of the
# example's magnitudes stay below 2e4, and 64 * 2**-53 * 2e4 < 2e-10.
HALF_A_DIGIT = 0.5e-8 + 2e-10

# The issue of the step 1e-5 is rounding in forward, which depends on the order of summation: at most this much worse.
AS_GOOD_AS_PRINTED = 10.0


def _example(form: Form, promises: Promises) -> Iterable[Case]:  # noqa: ARG001, there is but one
    yield example(form).case


NOTEBOOK = Source("notebook", listed=_example)


@statement(NOTEBOOK, "F1, F2, F4")
def notebook_tables(trial: Trial, case: Case) -> None:
    """The notebook's example gives every table that the notebook prints, to the digits that it prints."""
    tables = example(case.form).tables
    for name, got in trial.results(case).items():
        want = tables[name]
        wrong = ~(np.abs(got - want) <= HALF_A_DIGIT) if got.shape == want.shape else np.ones((1,) * want.ndim, bool)
        if wrong.any():
            fits = got.shape == want.shape
            problem = first_wrong(name, wrong, got, want) if fits else f"{name} has shape {got.shape}"
            index = first(wrong)
            element = f"{name}[{', '.join(map(str, index))}]"
            ending = [
                f"assert {name}.shape == {want.shape} and abs({element} - {want[index]}) <= {HALF_A_DIGIT}, {element}"
            ]
            raise Violation(f"In the notebook's example, {problem}", [Call(case, function_of(case, name))], ending)


@statement(NOTEBOOK, "F4", "both")
def notebook_gradient_check(trial: Trial, case: Case) -> None:
    """The notebook's own check, differences with step 1e-5, errs at most 10 times as much as it printed."""
    facts = example(case.form)
    step = facts.step
    for name, gradient in trial.backward(case).items():
        argument = name.removeprefix("d")
        value, difference = case[argument], np.zeros_like(case[argument])
        for index in np.ndindex(*value.shape):
            above, below = value.copy(), value.copy()
            above[index] += step
            below[index] -= step
            rise = trial.forward(case.but(**{argument: above})) - trial.forward(case.but(**{argument: below}))
            difference[index] = (rise * case["dmemory"]).sum() / (2 * step)
        error, printed = rel_error(difference, gradient), facts.printed_errors[name]
        if not error <= AS_GOOD_AS_PRINTED * printed:
            problem = f"rel_error of {name} is {error:.3g} with step {step}, the notebook printed {printed:.3g}"
            raise Violation(problem, script=_script(name, argument, step, AS_GOOD_AS_PRINTED * printed, case))


def _script(name: str, argument: str, step: float, most: float, case: Case) -> str:
    """Return the notebook's check as Python: the gradient of one argument."""
    form = case.form
    gradients = ", ".join(form.gradients)
    return f"""from fsmn_properties.contract.forms import {form.short.upper()} as form
from fsmn_properties.notebook_example import example, rel_error
case = example(form).case
{gradients} = implementation.{form.backward}(*case.arguments(form.backward).values(), **case.strides)
difference = np.zeros_like(case[{argument!r}])
for index in np.ndindex(*difference.shape):
    moved = [case.edited({argument!r}, index, case[{argument!r}][index] + step) for step in ({step}, -{step})]
    above, below = [implementation.{form.forward}(*m.arguments(form.forward).values(), **m.strides) for m in moved]
    difference[index] = ((above - below) * case["dmemory"]).sum() / (2 * {step})
assert rel_error(difference, {name}) <= {most!r}, rel_error(difference, {name})"""
