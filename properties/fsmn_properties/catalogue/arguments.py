"""Arguments: what the contract refuses is refused in its words, and nothing that is handed in is changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.literals import literal
from fsmn_properties.oracles.exact import all_equal
from fsmn_properties.property import Covered, for_each_form
from fsmn_properties.strategies.cases import whole_cases
from fsmn_properties.strategies.choices import choose
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


DOMAIN: tuple[tuple[str, type[Exception], str, Any], ...] = (
    ("floats", TypeError, "positions", lambda p: np.asarray(p, dtype=float)),
    ("bools", TypeError, "positions", lambda p: np.zeros(len(p), bool)),
    ("objects", TypeError, "positions", lambda p: np.array(p, dtype=object)),
    ("one too few", ValueError, "positions", lambda p: [int(k) for k in p[:-1]]),
    ("one too many", ValueError, "positions", lambda p: [*(int(k) for k in p), 0]),
    ("two-dimensional", ValueError, "positions", lambda p: np.array([p])),
    ("one-dimensional", ValueError, "floats", lambda a: a.ravel()),
    ("a single row as a vector", ValueError, "floats", lambda a: a[0]),
    ("three-dimensional", ValueError, "floats", lambda a: a[None]),
    ("one channel less", ValueError, "floats", lambda a: a[:, :-1]),
    ("one channel more", ValueError, "floats", lambda a: np.concatenate((a, a[:, :1]), axis=1)),
    ("a single channel for all", ValueError, "floats", lambda a: a[:, :1]),
    ("complex", TypeError, "floats", lambda a: a.astype(complex)),
    ("bools", TypeError, "floats", lambda a: a.astype(bool)),
    ("text", TypeError, "floats", lambda a: a.astype(str)),
    ("objects", TypeError, "floats", lambda a: np.full(a.shape, None)),
    ("zero", ValueError, "strides", lambda _: 0),
    ("negative", ValueError, "strides", lambda _: -1),
    ("a float", TypeError, "strides", float),
    ("text", TypeError, "strides", str),
)


def _outside(case: Case) -> Iterator[tuple[str, str, type[Exception], Case]]:
    """Yield (argument, what is wrong with it, what must be raised, case) for every row of the domain table."""
    groups = {"positions": case.form.positions, "floats": ("dmemory", *case.form.floats), "strides": case.form.strides}
    for what, error, group, change in DOMAIN:
        for name in groups[group]:
            yield name, what, error, case.but(**{name: change(case[name])})
    for name in ("hidden", "dmemory"):
        yield name, "one frame less", ValueError, case.but(**{name: case[name][:-1]})
        yield name, "one frame more", ValueError, case.but(**{name: np.concatenate((case[name], case[name][:1]))})
        yield name, "a single frame for all", ValueError, case.but(**{name: case[name][:1]})
    if "bfilter" in case.form.filters:
        yield "bfilter", "without a row", ValueError, case.but(bfilter=case["bfilter"][:0])


def full_cases(form: Form) -> st.SearchStrategy[Case]:
    """Cases with two frames or more, two channels or more, and a tap or more in each filter."""
    return whole_cases(form).filter(
        lambda case: min(case["hidden"].shape) > 1 and all(len(case[name]) for name in case.form.filters)
    )


@for_each_form(full_cases)
def what_is_outside_the_domain_is_refused(implementation: Any, case: Case) -> Covered:
    """Each row of the contract's domain table is refused with its TypeError or ValueError, for every argument."""
    count = 0
    for name, what, error, bad in _outside(case):
        for function in (case.form.forward, case.form.backward):
            if function == case.form.forward and name == "dmemory":
                continue
            count += 1
            try:
                bad.call(implementation, function)
            except error:
                continue
            except Exception as raised:
                problem = f"raised {type(raised).__name__}: {raised}"
            else:
                problem = "accepted it"
            script = f"{bad.script(function)}  # should raise a {error.__name__}: {name} is {what}"
            raise Violation(f"{name} is {what}: {function} {problem}, should raise a {error.__name__}", script)
    return Covered(count)


FAR = 1 << 40  # beyond every utterance and beyond 32 bits, but a few of them still fit in 64


@for_each_form(full_cases)
def a_stride_is_any_integer(implementation: Any, case: Case) -> None:
    """Strides may be integers of NumPy, and far beyond the last frame, where no tap but the own one is used."""
    want = case.results(fsmn_ref)
    for kind in (np.int64, np.uint8, np.int32, np.uint64):
        typed = case.but(**{name: kind(stride) for name, stride in case.strides.items()})
        all_equal(typed, typed.results(implementation), want)
    far = case.but(**dict.fromkeys(case.strides, FAR))
    want = far.results(fsmn_ref)
    all_equal(far, far.results(implementation), want)


@for_each_form(whole_cases)
def a_stride_that_is_not_given_is_one(implementation: Any, case: Case) -> None:
    """Calls without strides give what stride 1 gives, on both sides."""
    want = case.but(**dict.fromkeys(case.strides, 1)).results(fsmn_ref)
    without = replace(case, strides={})
    all_equal(without, without.results(implementation), want)


PROPERTIES = (
    *inputs_are_not_changed,
    *positions_out_of_range_are_refused,
    *a_stride_is_any_integer,
    *a_stride_that_is_not_given_is_one,
    *what_is_outside_the_domain_is_refused,
)
