"""An implementation agrees with the reference: bit for bit on whole numbers."""

from __future__ import annotations

import numpy as np

import fsmn_ref
from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.sources import WHOLE
from fsmn_properties.catalogue.statement import statement
from fsmn_properties.checks.exact import equal
from fsmn_properties.checks.trial import Trial
from fsmn_ref.arguments import Array


@statement(WHOLE, "F1, F2, R1", "forward")
def forward_equals_the_reference(trial: Trial, case: Case) -> None:
    """On whole numbers, the memory equals that of the reference with ==."""
    equal(case, "memory", trial.forward(case), reference(case)["memory"])


@statement(WHOLE, "F4, R1", "backward")
def backward_equals_the_reference(trial: Trial, case: Case) -> None:
    """On whole numbers, every gradient equals that of the reference with ==."""
    want = reference(case)
    for name, gradient in trial.backward(case).items():
        equal(case, name, gradient, want[name])


def reference(case: Case) -> dict[str, Array]:
    """Return the results of the reference's loops, of the dtypes of rule R1; computed once."""
    kept: dict[str, Array] | None = case.__dict__.get("_reference")
    if kept is None:
        form = case.form
        forward, backward = (
            getattr(fsmn_ref, function)(*[case[name] for name in form.arguments(function)], **case.strides)
            for function in form.functions
        )
        results = {"memory": forward, **dict(zip(form.gradients, backward, strict=True))}
        kept = {name: np.asarray(value, case.dtype(name)) for name, value in results.items()}
        case.__dict__["_reference"] = kept
    return kept
