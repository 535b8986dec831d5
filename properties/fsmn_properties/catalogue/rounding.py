"""Floats of any magnitude: the exact result within the contract's bound."""

from __future__ import annotations

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.sources import FLOATS
from fsmn_properties.catalogue.statement import statement
from fsmn_properties.checks.rounding import within_the_bound
from fsmn_properties.checks.trial import Trial


@statement(FLOATS, "R4", "forward", effort=3)
def forward_is_within_the_rounding_bound(trial: Trial, case: Case) -> None:
    """On floats of any magnitude, the memory is the exact result within the contract's rounding bound."""
    within_the_bound(trial, case, {"memory": trial.forward(case)})


@statement(FLOATS, "R4", "backward", effort=3)
def backward_is_within_the_rounding_bound(trial: Trial, case: Case) -> None:
    """On floats of any magnitude, the gradients are the exact results within the contract's rounding bound."""
    within_the_bound(trial, case, trial.backward(case))
