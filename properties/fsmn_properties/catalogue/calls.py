"""What calls leave behind: nothing that another call sees."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case, literal
from fsmn_properties.catalogue.sources import FLOATS
from fsmn_properties.catalogue.statement import statement
from fsmn_properties.catalogue.structure import other
from fsmn_properties.checks.arrays import bits, new_results
from fsmn_properties.checks.exact import is_equal
from fsmn_properties.checks.trial import Call, Trial, Violation, body, call_text, shown
from fsmn_ref.arguments import Array


@statement(FLOATS, "R6, R2")
def calls_do_not_know_of_each_other(trial: Trial, case: Case) -> None:
    """Repeated calls give the same bits after calls with different values, and no call changes an earlier result."""
    independent(trial, case)


def independent(trial: Trial, case: Case) -> None:
    """Raise a Violation if calls share or change what is not theirs, or notice calls with other values."""
    first = new_results(trial, case)
    kept = {name: bits(result) for name, result in first.items()}
    mine = len(trial.calls)
    for between in variations(case):
        if trial.allows(between):
            trial.results(between)
    # Backward right after the forward call of other values: nothing may be kept from one for the other.
    changed = next(variations(case))
    if trial.target.has(case.form.forward):
        trial.forward(changed)
    for name, result in first.items():
        if bits(result) != kept[name]:
            raise _changed(trial, case, name, mine)
    for function in reversed(trial.target.functions_of(case.form)):
        for name, result in trial.call(case, function).items():
            if bits(result) != kept[name]:
                raise _differs(trial, case, name, mine)
    _overwritten(trial, case)


def variations(case: Case) -> Any:
    """Yield cases of the same sizes with other values, other positions, and both."""
    changed = case.but(**{name: other(case[name]) for name in case.form.matrices})
    nowhere = {name: np.zeros(case.frames, case[name].dtype) for name in case.form.positions}
    yield changed
    yield changed.but(**nowhere)
    yield case.but(**nowhere)


def _function(case: Case, name: str) -> str:
    return case.form.forward if name == "memory" else case.form.backward


def _changed(trial: Trial, case: Case, name: str, mine: int) -> Violation:
    """Return the Violation of a result that a later call changed."""
    function = _function(case, name)
    calls = trial.calls[mine:]
    # The fewest of the later calls that are needed: each alone, tried again.
    for call in calls:
        again = trial.call(case, function)[name]
        before = bits(again)
        trial.call(call.case, call.function)
        if bits(again) != before:
            calls = [call]
            break
    lines = [body(trial.target, [Call(case, function)], ()), f"first = {name}", "before = first.copy()"]
    lines += [body(trial.target, calls, ()), "np.testing.assert_array_equal(first, before)"]
    return Violation(f"{name} was changed by a later call with other values", script="\n".join(lines))


def _differs(trial: Trial, case: Case, name: str, mine: int) -> Violation:
    """Return the Violation of a result that differs in a second call."""
    function = _function(case, name)
    calls: list[Call] = trial.calls[mine:-1]
    for call in calls:
        before = bits(trial.call(case, function)[name])
        trial.call(call.case, call.function)
        if bits(trial.call(case, function)[name]) != before:
            calls = [call]
            break
    lines = [body(trial.target, [Call(case, function)], ()), f"first = {name}.copy()"]
    lines += [body(trial.target, calls, ()), body(trial.target, [Call(case, function)], ())]
    lines.append(f"np.testing.assert_array_equal({name}, first)")
    return Violation(f"{name} differs in a second call, after calls with other values", script="\n".join(lines))


def _overwritten(trial: Trial, case: Case) -> None:
    """Call with arrays, and again when there are other numbers in them, as in weights after a step of training."""
    before = case.handed(**dict.fromkeys(case.layouts, "")).but()
    functions = trial.target.functions_of(case.form)
    given = before.arguments(case.form.backward)
    for function in functions:
        trial.call(before, function, {name: given[name] for name in case.form.arguments(function)})
    after: dict[str, Array] = {}
    for name, value in given.items():
        whole = np.arange(3, 3 + value.size).reshape(value.shape) % 5  # exact: nothing rounds
        after[name] = (value // 2 if name in case.form.positions else whole).astype(value.dtype)
    changed = before.but(**after)
    if not trial.allows(changed):
        changed = before.but(**{name: after[name] for name in case.form.matrices})
    for name, value in given.items():
        value[...] = changed[name]
    for function in functions:
        names = case.form.arguments(function)
        for name, got in trial.call(changed, function, {name: given[name] for name in names}).items():
            want = changed.want[name]
            if not (is_equal(got, want) and got.dtype == want.dtype):
                raise _second(trial, before, changed, function, name, got)


def _second(trial: Trial, before: Case, changed: Case, function: str, name: str, got: Array) -> Violation:
    """Return the Violation of a second call with the same arrays, other numbers in them."""
    form = before.form
    lines = list(before.script(form.backward).values())
    lines += [call_text(trial.target, Call(before, each)) for each in trial.target.functions_of(form)]
    names = form.arguments(form.backward)
    lines += [f"{each}[...] = {literal(changed[each])}" for each in names if changed[each].size]
    for each in trial.target.functions_of(form):
        lines.append(f"{', '.join(form.results(each))} = {call_text(trial.target, Call(changed, each))}")
        if each == function:
            break
    index = (0,) * got.ndim
    lines += shown(name, got, changed.want[name], index)
    problem = f"{name} is wrong in a second call with the same arrays, other numbers in them"
    return Violation(problem, script="\n".join(lines))
