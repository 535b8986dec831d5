"""NaN and infinities: a tap that is not allowed is not read, and elsewhere IEEE 754 decides."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.catalogue.production import Scale
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import all_equal
from fsmn_properties.oracles.windows import sums_that_hold
from fsmn_properties.property import Covered, for_each_form, for_each_form_alone, mixed
from fsmn_properties.strategies.cases import whole_cases
from fsmn_properties.strategies.choices import choose
from fsmn_properties.violation import script_of, shown_by
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
# And others for many channels, where the work is enough for matrices with zeros in them.
LARGER = (Scale(300, 3, 21, 6, utterance=97, dtype="float64"), Scale(30, 66, 5, 3, stride=2, utterance=17))


def larger_case(form: Form, scale: Scale) -> Case:
    """Return a case of this size in which every fourth tap is zero: times NaN or infinity, that is NaN."""
    case = scale.case(form, 0)
    for name in form.filters:
        case[name][::4] = 0
    return case


# And others again for thousands of frames or channels, where the loops of the reference take too long.
LARGEST = (
    Scale(4097, 2, 6, 4, utterance=4097),
    Scale(70, 1025, 5, 3, utterance=40, dtype="float64"),
)


NUMBERS = f"{LARGER[0].frames} or {LARGEST[0].frames} frames, {LARGER[1].channels} or {LARGEST[1].channels} channels"


@for_each_form_alone(f"one at a time among {NUMBERS}", few=24)
def a_nonfinite_value_in_long_inputs_reaches_what_sums_it(implementation: Any, form: Form) -> Iterator[Covered]:
    """Among many frames or channels, too, NaN and infinities reach exactly the elements whose sum holds them."""
    plain = {scale: larger_case(form, scale) for scale in LARGER}
    finite = {scale: case.results(fsmn_ref) for scale, case in plain.items()}
    places = mixed((scale, *place) for scale, case in plain.items() for place in _places(case, scale))
    for (scale, name, row), special in zip(places, cycle(SPECIAL), strict=False):
        value = plain[scale][name].copy()
        channel = row % scale.channels
        value[row, channel] = special
        case = plain[scale].but(**{name: value})
        want = _with_channel(finite[scale], case, channel)
        script = _script(form, scale, f"case[{name!r}][{row}, {channel}] = float({str(special)!r})")
        with shown_by(script, f"With {name}[{row}, {channel}] = {special}, {scale}: "):
            all_equal(case, case.results(implementation), want)
        yield Covered()
    for scale, name in product(LARGEST, ("dmemory", *form.floats)):
        line = f"spreads(implementation, LARGEST[{LARGEST.index(scale)}].case(form, 0), {name!r})"
        with shown_by(script_of("nonfinite", "LARGEST, spreads", form, line), f"With NaN in {name}, {scale}: "):
            spreads(implementation, scale.case(form, 0), name)
        yield Covered()


def spreads(implementation: Any, case: Case, name: str) -> None:
    """Raise a Violation unless NaN amid an argument reaches exactly the sums that hold it, and changes no other."""
    want = {result: value.copy() for result, value in case.results(implementation).items()}
    value, row, channel = case[name].copy(), len(case[name]) // 2, case[name].shape[1] // 2
    value[row, channel] = np.nan
    for result, rows in sums_that_hold(case, name, row).items():
        want[result][rows, channel] = np.nan
    changed = case.but(**{name: value})
    all_equal(changed, changed.results(implementation), want)


def _places(case: Case, scale: Scale) -> Iterator[tuple[str, int]]:
    """Yield rows of each argument, among them those where the windows of some utterances begin, and are full."""
    last = scale.frames // scale.utterance * scale.utterance
    around = (-1, 0, 1, 2, scale.taps - 1, scale.taps, scale.taps + 1)
    near = {start + d for start in (0, scale.utterance, last) for d in around}
    for name in ("dmemory", *case.form.floats):
        height = len(case[name])
        for row in sorted(near.intersection(range(height)) if height == scale.frames else {0, height // 2, height - 1}):
            yield name, row


def _with_channel(finite: dict[str, Array], case: Case, channel: int) -> dict[str, Array]:
    """Return the reference's results for a case that differs from the finite one in a channel alone."""
    alone = case.but(**{name: case[name][:, [channel]] for name in ("dmemory", *case.form.floats)})
    want = {name: value.copy() for name, value in finite.items()}
    for name, value in alone.results(fsmn_ref).items():
        want[name][:, channel] = value[:, 0]
    return want


def _script(form: Form, scale: Scale, change: str) -> str:
    case = f"case = larger_case(form, LARGER[{LARGER.index(scale)}])"
    return script_of("nonfinite", "LARGER, agrees, larger_case", form, case, change, "agrees(implementation, case)")


PROPERTIES = (*nonfinite_values_reach_what_sums_them_and_nothing_else,)

AT_SCALE = (*a_nonfinite_value_in_long_inputs_reaches_what_sums_it,)
