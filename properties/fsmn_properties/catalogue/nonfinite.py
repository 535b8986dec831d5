"""NaN and infinities: a tap that is not allowed is not read, and elsewhere IEEE 754 decides."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import equal
from fsmn_properties.property import for_each_form
from fsmn_properties.strategies.cases import whole_cases

SPECIAL = (np.nan, np.inf, -np.inf)


@st.composite
def special_cases(draw: st.DrawFn, form: Form) -> Case:
    """Draw a case of whole numbers with one to three NaN or infinities, and zeros for them to meet."""
    case = draw(whole_cases(form).filter(lambda case: case["hidden"].size > 0))
    arrays = {name: case[name].copy() for name in ("dmemory", *form.floats)}
    for value in arrays.values():
        value[draw(st.integers(0, 3)) :: 4] = 0
    filled = [name for name, value in arrays.items() if value.size]
    for _ in range(draw(st.integers(1, 3))):
        target = arrays[draw(st.sampled_from(filled))]
        target.flat[draw(st.integers(0, target.size - 1))] = draw(st.sampled_from(SPECIAL))
    return case.but(**arrays)


@for_each_form(special_cases, effort=3)
def nonfinite_values_reach_what_sums_them_and_nothing_else(implementation: Any, case: Case) -> None:
    """NaN and infinities in any argument reach exactly the elements whose sum holds them, as in the reference."""
    want = case.results(fsmn_ref)
    for name, got in case.results(implementation).items():
        equal(case, name, got, want[name])


PROPERTIES = (*nonfinite_values_reach_what_sums_them_and_nothing_else,)
