"""Arguments: whatever is handed in stays as it is, and strides are any integers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.refusals import FULL
from fsmn_properties.catalogue.sources import WHOLE
from fsmn_properties.catalogue.statement import IN_PROCESS, statement
from fsmn_properties.checks.arrays import unchanged
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.trial import Trial

FAR = (1 << 40, 1 << 63, 1 << 70)
"""Strides beyond every utterance and beyond 32 bits; a few of the first still fit in 64, and the last does not."""


@statement(WHOLE, "R2", "either", IN_PROCESS)
def inputs_are_not_changed(trial: Trial, case: Case) -> None:
    """Neither function writes to an argument."""
    for function in trial.target.functions_of(case.form):
        unchanged(trial, case, function)


@statement(FULL, "D5", "either", "strides=any|equal")
def a_stride_is_any_integer(trial: Trial, case: Case) -> None:
    """Strides may be NumPy integers, and so large that only the own tap is used."""
    for kind in (np.int64, np.uint8, np.int32, np.uint64):
        typed = case.but(**{name: kind(stride) for name, stride in case.strides.items()})
        agree(typed, trial.results(typed))
    for stride in FAR:
        far = case.but(**dict.fromkeys(case.strides, stride))
        if trial.allows(far):
            agree(far, trial.results(far))


@statement(WHOLE, "F1, F2")
def a_stride_that_is_not_given_is_one(trial: Trial, case: Case) -> None:
    """Calls without strides give what stride 1 gives, on both sides."""
    without = case.without_strides()
    if trial.allows(replace(case, plain={**case.plain, **dict.fromkeys(case.form.strides, 1)})):
        agree(without, trial.results(without))
