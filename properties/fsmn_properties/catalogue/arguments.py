"""Arguments: what the contract refuses is refused in its words, and nothing that is handed in is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.literals import literal
from fsmn_properties.oracles.exact import all_equal
from fsmn_properties.property import Covered, for_each_form
from fsmn_properties.strategies.cases import whole_cases
from fsmn_properties.violation import Violation


@for_each_form(whole_cases)
def inputs_are_not_changed(implementation: Any, case: Case) -> None:
    """Neither function writes to an argument."""
    before = {name: literal(value) for name, value in case.arguments.items()}
    case.forward(implementation)
    unchanged(case, before, case.form.forward)
    case.backward(implementation)
    unchanged(case, before, case.form.backward)


def unchanged(case: Case, before: dict[str, str], function: str) -> None:
    """Raise a Violation unless every argument is what it was before the call of a function."""
    for name, value in case.arguments.items():
        if literal(value) != before[name]:
            raise Violation(f"{function} changed {name} from {before[name]} to {literal(value)}", case.script(function))


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
    *a_stride_is_any_integer,
    *a_stride_that_is_not_given_is_one,
)

REFUSALS = (*what_is_outside_the_domain_is_refused,)
