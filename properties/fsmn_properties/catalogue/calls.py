"""What calls leave behind: nothing that another call sees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.catalogue.agreement import rounded_case
from fsmn_properties.catalogue.memory import SIZES, are_new, require
from fsmn_properties.catalogue.structure import other
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import all_equal
from fsmn_properties.property import Covered, for_each_form, for_each_form_alone
from fsmn_properties.strategies.cases import float_cases
from fsmn_properties.violation import Violation, script_of, shown_by


def _bits(value: Any) -> bytes:
    return np.asarray(value).tobytes()


@for_each_form(float_cases)
def calls_do_not_know_of_each_other(implementation: Any, case: Case) -> None:
    """The same call gives the same bits, also after calls with other values; and those change no earlier result."""
    independent(implementation, case)


def independent(implementation: Any, case: Case) -> None:
    """Raise a Violation if calls share or change what is not theirs, or notice calls with other values."""
    given = {name: _bits(value) for name, value in case.arguments.items()}
    first = case.results(implementation)
    are_new(case, first)
    kept = {name: _bits(result) for name, result in first.items()}
    changed = {name: other(case[name]) for name in ("dmemory", *case.form.floats)}
    nowhere = {name: np.zeros(len(case["hidden"]), np.intp) for name in case.form.positions}
    for between in (case.but(**changed), case.but(**changed, **nowhere), case.but(**nowhere)):
        between.results(implementation)
    # Backward right after the forward call of other values: nothing may be kept from one for the other.
    case.but(**changed).forward(implementation)
    for name, result in first.items():
        require(case, _bits(result) == kept[name], f"{name} was changed by a later call with other values")
    again = case.backward(implementation) | {"memory": case.forward(implementation)}
    for name, result in again.items():
        require(case, _bits(result) == kept[name], f"{name} differs in a second call, after calls with other values")
    for name, value in case.arguments.items():
        require(case, _bits(value) == given[name], f"{name} was changed")
    _overwritten(implementation, case)


def _overwritten(implementation: Any, case: Case) -> None:
    """Call with arrays, and again when there are other numbers in them, as in weights after a step of training."""
    before = case.but(**{name: np.array(case[name], np.intp) for name in case.form.positions})
    arrays = {name: before[name].copy() for name in ("dmemory", *case.form.floats, *case.form.positions)}
    same = case.but(**arrays)
    same.results(implementation)
    for name, value in arrays.items():
        whole = np.arange(3, 3 + value.size).reshape(value.shape) % 5  # exact: nothing rounds
        value[...] = value // 2 if name in case.positions else whole
    try:
        all_equal(same, same.results(implementation), same.results(fsmn_ref))
    except Violation as violation:
        problem = f"In a second call with the same arrays, other numbers in them: {violation.problem}"
        first = [before.script(case.form.backward), before.script(case.form.forward).splitlines()[-1]]
        again = re.sub(rf"^({'|'.join(arrays)}) = ", r"\1[...] = ", violation.script, flags=re.MULTILINE)
        raise Violation(problem, "\n".join([*first, again])) from violation


@for_each_form_alone("calls before and after calls with other values")
def long_calls_do_not_know_of_each_other(implementation: Any, form: Form) -> Iterator[Covered]:
    """Among many frames, too, calls give the same bits every time, and change no earlier result."""
    for scale in SIZES:
        line = f"independent(implementation, rounded_case(form, SIZES[{SIZES.index(scale)}]))"
        with shown_by(script_of("calls", "SIZES, independent, rounded_case", form, line), f"At {scale}: "):
            independent(implementation, rounded_case(form, scale))
        yield Covered()


PROPERTIES = (*calls_do_not_know_of_each_other,)

AT_SCALE = (*long_calls_do_not_know_of_each_other,)
