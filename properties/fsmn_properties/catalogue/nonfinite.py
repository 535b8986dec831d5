"""NaN and infinities: a tap that is not allowed is not read, and elsewhere IEEE 754 decides."""

from __future__ import annotations

from itertools import cycle
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.catalogue.production import Scale
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import all_equal
from fsmn_properties.property import Covered, for_each_form, for_each_form_alone
from fsmn_properties.strategies.cases import whole_cases
from fsmn_properties.strategies.choices import choose
from fsmn_properties.violation import Violation
from fsmn_ref.arguments import Array

SPECIAL = (np.nan, np.inf, -np.inf)
PARTS = 64  # more than an array of a small case has elements: each can be hit


@st.composite
def special_cases(draw: st.DrawFn, form: Form) -> Case:
    """Draw a case of whole numbers with one to three NaN or infinities, and zeros for them to meet."""
    case = draw(whole_cases(form))
    assume(case["hidden"].size > 0)
    arrays = {name: case[name].copy() for name in ("dmemory", *form.floats)}
    several, *zeros = choose(draw, range(1, 4), *[range(4)] * len(arrays))
    for value, first in zip(arrays.values(), zeros, strict=True):
        value[first::4] = 0
    filled = [value for value in arrays.values() if value.size]
    for _ in range(several):
        target, part, special = choose(draw, filled, range(PARTS), SPECIAL)
        target.flat[target.size * part // PARTS] = special
    return case.but(**arrays)


@for_each_form(special_cases, effort=3)
def nonfinite_values_reach_what_sums_them_and_nothing_else(implementation: Any, case: Case) -> None:
    """NaN and infinities in any argument reach exactly the elements whose sum holds them, as in the reference."""
    agrees(implementation, case)


def agrees(implementation: Any, case: Case) -> None:
    """Raise a Violation unless every result is that of the reference; NaN equals NaN."""
    want = case.results(fsmn_ref)
    all_equal(case, case.results(implementation), want)


# Kernels choose other paths for long inputs: utterances with short and full windows, beyond a small block, and a last
# one of few frames. The taps are no multiples of 4: what pads them to whole vectors reads frames that are not allowed.
LONG = Scale(300, 3, 21, 6, utterance=97, dtype="float64")
AROUND = (-1, 0, 1, 2, LONG.taps - 1, LONG.taps, LONG.taps + 1)
LAST = LONG.frames // LONG.utterance * LONG.utterance


def long_case(form: Form) -> Case:
    """Return a long case in which every fourth tap is zero: times NaN or infinity, that is NaN."""
    case = LONG.case(form, 0)
    for name in form.filters:
        case[name][::4] = 0
    return case


@for_each_form_alone
def a_nonfinite_value_in_long_inputs_reaches_what_sums_it(implementation: Any, form: Form) -> Covered:
    """Among many frames, too, NaN and infinities reach exactly the elements whose sum holds them."""
    near = {start + d for start in (0, LONG.utterance, LAST) for d in AROUND}
    rows = sorted(near.intersection(range(LONG.frames)))
    plain, specials, cases = long_case(form), cycle(SPECIAL), 0
    finite = plain.results(fsmn_ref)
    for name in ("dmemory", *form.floats):
        height = len(plain[name])
        for row in rows if height == LONG.frames else {0, height // 2, height - 1}:
            value = plain[name].copy()
            channel = row % LONG.channels
            value[row, channel] = special = next(specials)
            case = plain.but(**{name: value})
            cases += 1
            want = _with_channel(finite, case, channel)
            try:
                all_equal(case, case.results(implementation), want)
            except Violation as violation:
                where = f"{name}[{row}, {channel}]"
                raise Violation(
                    f"With {where} = {special}, {LONG}: {violation.problem}", _script(form, name, row, special)
                ) from violation
    return Covered(cases, f"one at a time among {LONG.frames} frames")


def _with_channel(finite: dict[str, Array], case: Case, channel: int) -> dict[str, Array]:
    """Return the reference's results for a case that differs from the finite one in a channel alone."""
    alone = case.but(**{name: case[name][:, [channel]] for name in ("dmemory", *case.form.floats)})
    want = {name: value.copy() for name, value in finite.items()}
    for name, value in alone.results(fsmn_ref).items():
        want[name][:, channel] = value[:, 0]
    return want


def _script(form: Form, name: str, row: int, special: float) -> str:
    return (
        "from fsmn_properties.catalogue.nonfinite import agrees, long_case\n"
        f"from fsmn_properties.forms import {form.short.upper()}\n"
        f"case = long_case({form.short.upper()})\n"
        f"case[{name!r}][{row}, {row % LONG.channels}] = float({str(special)!r})\n"
        "agrees(implementation, case)"
    )


PROPERTIES = (*nonfinite_values_reach_what_sums_them_and_nothing_else,)

AT_SCALE = (*a_nonfinite_value_in_long_inputs_reaches_what_sums_it,)
