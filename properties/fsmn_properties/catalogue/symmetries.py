"""The two forms, and the two directions of time, say the same thing."""

from __future__ import annotations

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.sources import WHOLE
from fsmn_properties.catalogue.statement import statement
from fsmn_properties.checks.exact import relation
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import BI, UNI


@statement(WHOLE, "F2", asks_reference=False, forms=(BI,))
def time_reversal_swaps_look_back_and_look_ahead(trial: Trial, case: Case) -> int | None:
    """Frames in reversed order, with the two sides exchanged, give the results in reversed order."""
    bfilter, ffilter = case["bfilter"], case["ffilter"]
    mirrored = case.but(
        hidden=case["hidden"][::-1].copy(),
        dmemory=case["dmemory"][::-1].copy(),
        bfilter=np.concatenate((bfilter[:1], ffilter)),
        ffilter=bfilter[1:].copy(),
        bposition=case["fposition"][::-1].copy(),
        fposition=case["bposition"][::-1].copy(),
        bstride=case["fstride"],
        fstride=case["bstride"],
    )
    if not trial.allows(mirrored):
        return 0
    results = trial.results(case)
    swapped = trial.results(mirrored)
    for name in results.keys() & {"memory", "dhidden"}:
        relation(trial, name, swapped[name], results[name][::-1], "frames in reversed order give another result")
    if {"dbfilter", "dffilter"} <= results.keys():
        dbfilter, dffilter = results["dbfilter"], results["dffilter"]
        says = "frames in reversed order give another gradient"
        relation(trial, "dbfilter", swapped["dbfilter"], np.concatenate((dbfilter[:1], dffilter)), says)
        relation(trial, "dffilter", swapped["dffilter"], dbfilter[1:], says)
    return None


@statement(WHOLE, "F1, F2", asks_reference=False, forms=(UNI,))
def forms_agree_without_own_tap_and_look_ahead(trial: Trial, case: Case) -> int | None:
    """The bidirectional form with a row 0 of zeros and no look-ahead equals the unidirectional form."""
    filter = case["filter"]
    none = np.zeros_like(filter, shape=(0, filter.shape[1]))
    bfilter = np.concatenate((np.zeros_like(filter, shape=(1, filter.shape[1])), filter))
    count = np.zeros(case.frames, case["position"].dtype)
    plain = {
        "hidden": case["hidden"],
        "bfilter": bfilter,
        "ffilter": none,
        "bposition": case["position"],
        "fposition": count,
        "bstride": case["stride"],
        "fstride": case["stride"] if trial.target.promises.strides == "equal" else 1,
        "dmemory": case["dmemory"],
    }
    both = Case(BI, plain)
    if not trial.target.functions_of(BI) or not trial.allows(both):
        return 0
    two = Trial(trial.target, BI, trial.calls)
    results, want = two.results(both), trial.results(case)
    for name in results.keys() & want.keys():
        relation(two, name, results[name], want[name], "the two forms differ")
    if "dbfilter" in results and "dfilter" in want:
        relation(two, "dbfilter", results["dbfilter"][1:], want["dfilter"], "the two forms differ")
    return None
