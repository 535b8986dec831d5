"""Positions out of range: refused in the contract's words, however many there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from fsmn_properties.case import Case
from fsmn_properties.catalogue.arguments import unchanged
from fsmn_properties.catalogue.production import Scale
from fsmn_properties.forms import Form
from fsmn_properties.literals import literal
from fsmn_properties.property import Covered, for_each_form, for_each_form_alone
from fsmn_properties.strategies.cases import whole_cases
from fsmn_properties.strategies.choices import choose
from fsmn_properties.violation import Violation, script_of, shown_by


@st.composite
def bad_position_cases(draw: st.DrawFn, form: Form) -> Case:
    """Draw a case with one position, or several, out of range."""
    case = draw(whole_cases(form))
    assume(len(case["hidden"]) > 0)
    name, several = choose(draw, form.positions, range(1, 4))
    numbers = list(case[name])
    for _ in range(several):
        r, kind = choose(draw, range(len(numbers)), range(6))
        numbers[r] = (_allowed(name, r, len(numbers)) + 1, -1, 2**63, 2**31 - 1, 2**62, -100)[kind]
    negative = any(number < 0 for number in numbers)
    fitting = [
        t for t in (np.int8, np.int32, np.int64, np.uint8, np.uint64) if not (negative and t(0).dtype.kind == "u")
    ]
    fitting = [t for t in fitting if all(np.iinfo(t).min <= number <= np.iinfo(t).max for number in numbers)]
    assume(fitting)  # no type holds -1 and 2**63
    (dtype,) = choose(draw, fitting)
    return case.but(**{name: np.array(numbers, dtype=dtype)})


def _allowed(name: str, r: int, frames: int) -> int:
    return frames - 1 - r if name == "fposition" else r


@for_each_form(bad_position_cases)
def positions_out_of_range_are_refused(implementation: Any, case: Case) -> None:
    """A position that reaches out of the array is a ValueError naming argument, first bad index, value and range."""
    refused(implementation, case)


def refused(implementation: Any, case: Case) -> None:
    """Raise a Violation unless both functions refuse the first position that is out of range."""
    frames = len(case["hidden"])
    name, r = next(
        (name, r)
        for name in case.form.positions
        for r, value in enumerate(case[name])
        if not 0 <= value <= _allowed(name, r, frames)
    )
    value, allowed = int(case[name][r]), _allowed(name, r, frames)
    before = {name: literal(value) for name, value in case.arguments.items()}
    for function in (case.form.forward, case.form.backward):
        wanted = f"a ValueError that names {name}, index {r}, value {value} and the range 0 to {allowed}"
        script = f"{case.script(function)}  # should raise {wanted}"
        try:
            case.call(implementation, function)
        except ValueError as error:
            numbers = [int(number) for number in re.findall(r"-?\d+", str(error))]
            if name not in str(error) or not {r, value, 0, allowed} <= set(numbers):
                raise Violation(f"{function} raised ValueError: {error}; wanted {wanted}", script) from None
        except Exception as error:
            raise Violation(f"{function} raised {type(error).__name__}: {error}; wanted {wanted}", script) from None
        else:
            raise Violation(f"{function} accepted {name}[{r}] = {value}; wanted {wanted}", script)
        unchanged(case, before, function)


LONG = Scale(300, 3, 5, 4)
ANYWHERE = (0, 1, 63, 64, 127, 128, 200, 255, 256, 298, 299)


@for_each_form_alone(f"one position at a time among {LONG.frames}", few=2 * len(ANYWHERE))
def a_long_sequence_is_refused_for_one_position(implementation: Any, form: Form) -> Iterator[Covered]:
    """Among many positions, too, the one that is out of range is found and named."""
    for name, r in product(form.positions, ANYWHERE):
        case, value = LONG.case(form, 0), _allowed(name, r, LONG.frames) + 1
        case[name][r] = value
        lines = "case = LONG.case(form, 0)", f"case[{name!r}][{r}] = {value}", "refused(implementation, case)"
        with shown_by(script_of("refusals", "LONG, refused", form, *lines)):
            refused(implementation, case)
        yield Covered()


PROPERTIES = (*positions_out_of_range_are_refused,)

AT_SCALE = (*a_long_sequence_is_refused_for_one_position,)
