"""Arguments: what the contract refuses is refused in its words, and nothing that is handed in is changed."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from hypothesis import strategies as st

from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.literals import literal
from fsmn_properties.property import for_each_form
from fsmn_properties.strategies.cases import whole_cases
from fsmn_properties.violation import Violation


@for_each_form(whole_cases)
def inputs_are_not_changed(implementation: Any, case: Case) -> None:
    """Neither function writes to an argument."""
    before = {name: literal(value) for name, value in case.arguments.items()}
    case.forward(implementation)
    _unchanged(case, before, case.form.forward)
    case.backward(implementation)
    _unchanged(case, before, case.form.backward)


def _unchanged(case: Case, before: dict[str, str], function: str) -> None:
    for name, value in case.arguments.items():
        if literal(value) != before[name]:
            raise Violation(f"{function} changed {name} from {before[name]} to {literal(value)}", case.script(function))


@st.composite
def bad_position_cases(draw: st.DrawFn, form: Form) -> Case:
    """Draw a case with one position, or several, out of range."""
    case = draw(whole_cases(form).filter(lambda case: len(case["hidden"]) > 0))
    name = draw(st.sampled_from(form.positions))
    numbers = list(case[name])
    for r in draw(st.lists(st.integers(0, len(numbers) - 1), min_size=1, max_size=3, unique=True)):
        allowed = _allowed(name, r, len(numbers))
        too_far = st.integers(allowed + 1, allowed + 3) | st.sampled_from([100, 2**31 - 1, 2**62])
        numbers[r] = draw(too_far | st.sampled_from([-1, -2, -100]))
    negative = any(number < 0 for number in numbers)
    fitting = [
        t for t in (np.int8, np.int32, np.int64, np.uint8, np.uint64) if not (negative and t(0).dtype.kind == "u")
    ]
    fitting = [t for t in fitting if all(np.iinfo(t).min <= number <= np.iinfo(t).max for number in numbers)]
    return case.but(**{name: np.array(numbers, dtype=draw(st.sampled_from([np.int64, *fitting])))})


def _allowed(name: str, r: int, frames: int) -> int:
    return frames - 1 - r if name == "fposition" else r


@for_each_form(bad_position_cases)
def positions_out_of_range_are_refused(implementation: Any, case: Case) -> None:
    """A position that reaches out of the array is a ValueError naming argument, first bad index, value and range."""
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
        _unchanged(case, before, function)
