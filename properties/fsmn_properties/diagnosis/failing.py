"""The calls that the script of a finding makes, and whether they are wrong by themselves."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

import fsmn_vec
from fsmn_properties.cases.case import Case
from fsmn_properties.contract.forms import FUNCTIONS, form_of
from fsmn_properties.diagnosis.scripts import run_script
from fsmn_properties.findings.verdict import Finding
from fsmn_properties.targets.target import Target, target_of

MOST_CALLS = 40


class Made(NamedTuple):
    """A call that a script makes: the function, its arguments as they were handed in, and as plain arrays."""

    function: str
    given: dict[str, Any]
    case: Case


def calls_of(finding: Finding, target: Target) -> list[Made]:
    """Return the calls of a finding's script, made of a correct implementation in place of the target."""
    made: list[Made] = []
    functions = {name: _recorded(name, made) for name in FUNCTIONS}
    run_script(finding.script, target, target_of(SimpleNamespace(**functions), target.promises, name="recorder"))
    return made[:MOST_CALLS]


def _recorded(name: str, made: list[Made]) -> Callable[..., Any]:
    form, right = form_of(name), getattr(fsmn_vec, name)

    def function(*arguments: Any, **named: Any) -> Any:
        given = {**dict(zip(form.arguments(name), arguments, strict=False)), **named}
        try:
            returned = right(*arguments, **named)
        finally:
            if len(made) < MOST_CALLS:
                case = _case(name, given)
                if case is not None:
                    made.append(Made(name, given, case))
        return returned

    return function


def _case(name: str, given: dict[str, Any]) -> Case | None:
    """Return the case of a call, with dmemory of ones where the call has none; None if it should be refused."""
    form = form_of(name)
    try:
        plain: dict[str, Any] = {each: np.array(given[each], order="C") for each in form.arguments(name)}
        plain = {each: array.astype(array.dtype.newbyteorder("=")) for each, array in plain.items()}
        plain.setdefault("dmemory", np.ones_like(plain["hidden"]))
        plain |= {each: given[each] for each in form.strides if each in given}
        case = Case(form, plain)
        right = all(array.dtype.kind in "iuf" for array in plain.values() if isinstance(array, np.ndarray))
        return case if right and plain["hidden"].ndim == 2 else None
    except (KeyError, TypeError, ValueError):
        return None
