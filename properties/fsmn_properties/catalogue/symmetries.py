"""The two forms and the two directions of time say the same thing, and so do all scales."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.case import Case
from fsmn_properties.forms import BI, UNI, Form
from fsmn_properties.oracles.exact import all_equal, equal
from fsmn_properties.property import Property, for_each_form
from fsmn_properties.strategies.cases import cases, whole_cases
from fsmn_properties.strategies.values import middling_floats


def _reversed(case: Case) -> Case:
    bfilter, ffilter = case["bfilter"], case["ffilter"]
    return case.but(
        hidden=case["hidden"][::-1].copy(),
        dmemory=case.dmemory[::-1].copy(),
        bfilter=np.concatenate((bfilter[:1], ffilter)),
        ffilter=bfilter[1:].copy(),
        bposition=np.array(case["fposition"], np.intp)[::-1].copy(),
        fposition=np.array(case["bposition"], np.intp)[::-1].copy(),
        bstride=case["fstride"],
        fstride=case["bstride"],
    )


def _time_reversal(implementation: Any, case: Case) -> None:
    mirrored = _reversed(case)
    results = case.results(implementation)
    want = {
        "memory": results["memory"][::-1],
        "dhidden": results["dhidden"][::-1],
        "dbfilter": np.concatenate((results["dbfilter"][:1], results["dffilter"])),
        "dffilter": results["dbfilter"][1:],
    }
    all_equal(mirrored, mirrored.results(implementation), want)


def _one_sided(implementation: Any, case: Case) -> None:
    hidden, filter = case["hidden"], case["filter"]
    none = np.zeros_like(filter, shape=(0, filter.shape[1]))
    no_own = np.zeros_like(filter, shape=(1, filter.shape[1]))
    floats = {"hidden": hidden, "bfilter": np.concatenate((no_own, filter)), "ffilter": none}
    positions = {"bposition": case["position"], "fposition": np.zeros(len(hidden), np.intp)}
    both = Case(BI, floats, positions, {"bstride": case["stride"], "fstride": 1}, case.dmemory)
    results, want = both.results(implementation), case.results(implementation)
    equal(both, "memory", results["memory"], want["memory"])
    equal(both, "dhidden", results["dhidden"], want["dhidden"])
    equal(both, "dbfilter", results["dbfilter"], np.concatenate((results["dbfilter"][:1], want["dfilter"])))


def middling_cases(form: Form) -> Any:
    """Cases of floats whose scaled results neither overflow nor become subnormal."""
    return cases(form, middling_floats)


@for_each_form(middling_cases)
def scaling_by_a_power_of_two_is_exact(implementation: Any, case: Case) -> None:
    """2**k times the frames, or the gradient that arrives, gives exactly 2**k times the results, up and down."""
    results = case.results(implementation)
    for k in (-12, 15):
        scale = case["hidden"].dtype.type(2.0**k)
        scaled = case.but(hidden=scale * case["hidden"], dmemory=scale * case.dmemory)
        for name, got in scaled.results(implementation).items():
            factor = scale if name in {"memory", "dhidden"} else scale * scale
            equal(scaled, name, got, factor * results[name])


PROPERTIES = (
    Property(
        "bi_time_reversal_swaps_look_back_and_look_ahead",
        "Frames in reversed order, with the two sides exchanged, give the results in reversed order.",
        _time_reversal,
        whole_cases(BI),
    ),
    Property(
        "forms_agree_without_own_tap_and_look_ahead",
        "The bidirectional form with a row 0 of zeros and no look-ahead gives what the unidirectional one gives.",
        _one_sided,
        whole_cases(UNI),
    ),
    *scaling_by_a_power_of_two_is_exact,
)
