"""Conjunctions at every size: what needs two conditions at once shows in none of the statements that vary one thing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.conjunctions import conjunction
from fsmn_properties.cases.layouts import LOSE_THEIR_TYPE
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.values import ROUNDED
from fsmn_properties.catalogue.refusals import EXTREMES, allowed, out_of_range, refused_outside, refused_position
from fsmn_properties.catalogue.statement import Source, statement
from fsmn_properties.catalogue.structure import other
from fsmn_properties.checks.arrays import bits, contents, new_results
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.guard import ProcessState
from fsmn_properties.checks.rounding import within_the_bound
from fsmn_properties.checks.trial import Trial, Violation, quietly
from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_ref.arguments import Array

OF_RESULTS = ("again", "written", "reused", "held")
"""What happens after a call alone: it is about results, or takes long."""

MOST_HELD = 10_000
"""Products of a call whose results are held forty at a time; of longer calls, six: each takes as long."""

CONJUNCTIONS = Source("conjunctions", draw=conjunction, covers=True)


@statement(CONJUNCTIONS, "F1, F2, F4, R1, R3, R4, R5", effort=8, few=40)
def every_conjunction_is_right(trial: Trial, case: Case) -> None:
    """Results are right for every combination of sizes, strides, positions, types, layouts and values."""
    _right(trial, case, trial.results(case))


def _right(trial: Trial, case: Case, results: Mapping[str, Array]) -> None:
    if rounds(case):
        within_the_bound(trial, case, results)
    else:
        agree(case, results)


def rounds(case: Case) -> bool:
    """Return whether the sums of a case may round."""
    return any(f"values='{kind}'" in case.made for kind in ROUNDED)


@statement(CONJUNCTIONS, "R2, R6", few=20, about="history")
def every_conjunction_leaves_no_trace(trial: Trial, case: Case) -> None:
    """Results are new arrays, arguments and process stay as they are, the same call gives the same bits every time."""
    state = ProcessState()
    _no_trace(trial, case)
    changed = "NumPy's error state" if trial.leaves_errors else state.changed()
    if changed:
        state.restore()
        raise Violation(f"a call changed {changed}", trial.calls, by_name=True)


def _no_trace(trial: Trial, case: Case) -> None:
    functions, events = trial.target.functions_of(case.form), tuple(dict.fromkeys(case.history))
    first: dict[str, Array] = {}
    for event in events:
        if event not in OF_RESULTS:
            _happen(trial, case, event, first)
    for function in functions:
        given = case.arguments(function)
        before = {name: contents(value) for name, value in given.items()}
        first |= new_results(trial, case, (function,), given)
        changed = next((name for name, value in given.items() if contents(value) != before[name]), "")
        if changed:
            raise Violation(f"{function} changed {changed}", trial.calls[-1:], by_name=True)
    try:
        _right(trial, case, first)
    except Violation as wrong:
        problem = f"{wrong.problem}, after other calls ({', '.join(events)})"
        raise Violation(problem, trial.calls, facts=wrong.facts, by_name=True) from None
    kept = {name: bits(value) for name, value in first.items()}
    for event in events:
        _happen(trial, case, event, first)
        if event == "written":
            first = {}  # ours to write to
        _unmoved(trial, first, kept, f"was changed by later calls ({event})")
        for function in reversed(functions):
            again = trial.call(case, function)
            _unmoved(trial, again, kept, f"differs in a second call ({event} in between)")


def _happen(trial: Trial, case: Case, event: str, first: dict[str, Array]) -> None:
    for between in _between(trial, case, event, first):
        if trial.target.functions_of(between.form) and trial.allows(between):
            Trial(trial.target, between.form, trial.calls).results(between)


def _unmoved(trial: Trial, results: dict[str, Array], kept: dict[str, bytes], problem: str) -> None:
    for name, value in results.items():
        if bits(value) != kept[name]:
            raise Violation(f"{name} {problem}", trial.calls, by_name=True)


def _between(  # noqa: C901, PLR0912, one for each event
    trial: Trial, case: Case, event: str, first: dict[str, Array]
) -> Iterator[Case]:
    """Yield the calls between, or do whatever else happens."""
    plain = case.handed(**dict.fromkeys(case.layouts, ""))
    match event:
        case "other values":
            yield plain.but(**{name: other(plain[name]) for name in plain.form.matrices})
        case "other positions":
            yield plain.but(**{name: plain[name] // 2 for name in plain.form.positions})
            yield plain.but(**{name: plain[name] * 0 for name in plain.form.positions})
        case "other form":
            yield other_form(plain)
            yield _same_filter(plain)
        case "longer":
            joined = {name: np.concatenate((plain[name], other(plain[name]))) for name in ("hidden", "dmemory")}
            tiled = {name: np.tile(plain[name], 2) for name in plain.form.positions}
            yield plain.but(**joined, **tiled)
            yield plain.but(**joined, **{name: _counted(name, 2 * plain.frames) for name in tiled})
            few = -(-plain.frames // 4)  # as many as fit into the next power of two, more often than not
            a_few = {name: np.concatenate((plain[name], other(plain[name][:few]))) for name in joined}
            yield plain.but(**a_few, **{name: _counted(name, plain.frames + few) for name in tiled})
        case "nearly equal":
            # Positions first: what is kept of them is not kept of the case yet.
            yield plain.but(**_moved_positions(plain))
            yield plain.but(**{name: _nearly_positions(plain[name]) for name in plain.form.positions})
            yield plain.but(**{name: _nearly(plain[name]) for name in plain.form.matrices})
            yield plain.but(**{name: _moved(plain[name]) for name in plain.form.matrices})
        case "other strides":
            for more in (1, 2):
                yield plain.but(**{name: int(plain[name]) + more for name in plain.strides})
        case "other format":
            _other_format(trial, plain)
        case "refused":
            _refuse(trial, plain)
        case "written":
            for value in first.values():
                value[...] = 7
        case "reused":
            yield from _reused(trial, plain)
        case "held":
            _hold(trial, plain)


def _nearly(array: Array) -> Array:
    """Return an array that differs in the middle only."""
    copy, some = array.copy(), slice(len(array) // 2, len(array) // 2 + max(1, len(array) // 4))
    copy[some] = other(copy[some])
    return copy


def _nearly_positions(positions: Array) -> Array:
    """Return positions that differ in the middle only."""
    copy = positions.copy()
    copy[len(copy) // 2 : len(copy) // 2 + 2] //= 2
    return copy


def _counted(name: str, frames: int) -> Array:
    """Return the positions of one utterance."""
    rows = np.arange(frames)
    return rows[::-1].copy() if name == "fposition" else rows


def _moved(array: Array) -> Array:
    """Return an array with the same ends and the same sum, if other numbers can do that."""
    copy = array.copy()
    copy[1:-1] = array[1:-1][::-1]
    return other(array) if np.array_equal(copy, array) else copy


def _moved_positions(case: Case) -> dict[str, Array]:
    """Return positions of the same sum, of which rows use one tap less and as many others use one more."""
    return {
        name: _moved_position(case[name], int(case.plain.get(stride, 1)), reach)
        for name, stride, reach in zip(case.form.positions, case.form.strides, case.reach, strict=True)
    }


def _moved_position(positions: Array, stride: int, reach: int) -> Array:
    copy, rows = positions.copy(), np.arange(len(positions))
    # Both forms allow so many, and the integer type holds them.
    most = np.minimum(np.minimum(rows, rows[::-1]), min(np.iinfo(positions.dtype).max, 1 << 62))
    if stride > most.max(initial=0):
        return copy
    now = np.minimum(positions, np.array(1 << 62, np.uint64)).astype(np.int64)
    less = np.flatnonzero((now >= stride) & (now <= reach))[::-1]
    more = np.flatnonzero((now + stride <= most) & (now < reach))
    less = less[: max(1, len(less) // 2)]
    more = more[~np.isin(more, less)][: len(less)]
    copy[less[: len(more)]] -= positions.dtype.type(stride)
    copy[more] += positions.dtype.type(stride)
    return copy


def _refuse(trial: Trial, case: Case) -> None:
    """Make calls that are refused, of a position and of a stride; other statements say whether they are."""
    name = case.form.positions[-1]
    row = case.frames // 2
    bad = case.but(**{name: case[name].astype(np.int64)}).edited(name, (row,), case.frames + 1)
    calls = [bad, *(case.but(**{stride: 0}) for stride in case.strides)]
    for function in trial.target.functions_of(case.form):
        for each in calls:
            with quietly():
                trial.raw(each, function)


def _hold(trial: Trial, case: Case) -> None:
    """Call so often that results would return to an array that is used in turn, and hold all of them."""
    changed = case.but(**{name: other(case[name]) for name in case.form.matrices})
    cases = [each for each in (case, changed) if trial.allows(each)]
    times = 40 if case.frames * case.channels * (1 + sum(case.taps)) < MOST_HELD else 6
    held = [trial.results(each) for _ in range(times // 2) for each in cases]
    first = {name: bits(value) for results in held[: len(cases)][::-1] for name, value in results.items()}
    for results in held[:: len(cases)]:
        _unmoved(trial, results, first, "was changed by a later call, of many")


def _reused(trial: Trial, case: Case) -> Iterator[Case]:
    """Call with the same arrays again when they hold other numbers, and compare with calls with new arrays."""
    change = (other, _moved)[case.frames // 2 % 2]
    moved = {name: case[name] // 2 for name in case.form.positions}
    changed = case.but(**{name: change(case[name]) for name in case.form.matrices}, **moved)
    if not trial.allows(changed):
        changed = changed.but(**{name: case[name] for name in moved})
    if not trial.allows(changed):
        return
    owned = case.but().arguments(case.form.backward)  # each with memory of its own
    given = {name: value.view() for name, value in owned.items()}
    for value in given.values():
        value.flags.writeable = bool(case.frames % 2)  # what is read-only may change all the same
    for number, each in enumerate((case, changed)):
        for name, value in owned.items():
            value[...] = each[name]
        for function in trial.target.functions_of(case.form):
            mine = {name: given[name] for name in case.form.arguments(function)}
            got = trial.call(each, function, mine)
            if number:
                want = {name: bits(value) for name, value in trial.call(each, function).items()}
                _unmoved(trial, got, want, "is that of the numbers that were in the same arrays before")
    yield case


def _other_format(trial: Trial, case: Case) -> None:
    """Call with numbers that fill another float format, where few are wrong if it is that of an earlier call."""
    now = case["hidden"].dtype.name
    formats = [name for name in ("float64", "float32") if name != now and name in trial.target.promises.formats]
    if not formats or case.frames * case.channels * (1 + sum(case.taps)) > MOST_HELD:
        return
    third = {name: np.resize(np.arange(1, 98) / 3, case[name].shape) for name in case.form.matrices}
    changed = case.but(**{name: value.astype(formats[0]) for name, value in third.items()})
    if not trial.allows(changed):
        return
    try:
        within_the_bound(trial, changed, trial.results(changed))
    except Violation as wrong:
        problem = f"{wrong.problem}, after a call of the same sizes in {now}"
        raise Violation(problem, trial.calls, facts=wrong.facts, by_name=True) from None


def _same_filter(case: Case) -> Case:
    """Return a case of the other form in which a filter has the same rows."""
    there = other_form(case)
    if case.form is UNI and len(case["filter"]):
        return there.but(bfilter=case["filter"])
    return there.but(filter=case["bfilter"]) if case.form is BI else there


def other_form(case: Case) -> Case:
    """Return a case of the other form with the same frames."""
    plain: dict[str, Any] = {name: case[name] for name in ("hidden", "dmemory")}
    if case.form is UNI:
        own = np.ones((1, case.channels), case["filter"].dtype)
        plain |= {"bfilter": np.concatenate((own, case["filter"])), "ffilter": case["filter"][:2]}
        plain |= {"bposition": case["position"], "fposition": case["position"] * 0}
        plain |= dict.fromkeys(BI.strides, case.plain.get("stride", 1))
        return Case(BI, plain)
    plain |= {"filter": case["bfilter"][1:], "position": case["bposition"], "stride": case.plain.get("bstride", 1)}
    return Case(UNI, plain)


@cache
def _finite(promises: Promises) -> Promises:
    return promises.but(nonfinite=False)


def _cheap(pick: Any, form: Form, promises: Promises) -> Recipe:
    """Return a conjunction of few channels: what is refused should cost no time, and what is made of it neither."""
    recipe = conjunction(pick, form, _finite(promises))
    multiple = promises.channels_multiple_of
    few = -(-max(promises.channels[0], pick((1, 2, 5, 33))) // multiple) * multiple
    return replace(recipe, channels=min(recipe.channels, few), history=(), shared="")


OUTSIDE = Source("conjunctions outside the domain", draw=_cheap, evenly=True)


@statement(OUTSIDE, "D1, D2, D5, D6, D7", "either", "refusals", "most_shapes=None", few=2)
def every_conjunction_outside_the_domain_is_refused(trial: Trial, case: Case) -> int:
    """Each row of the domain table is refused at every size, with every type and layout of the other arguments."""
    return refused_outside(trial, case)


def _bad(pick: Any, form: Form, promises: Promises) -> Case:
    recipe = _cheap(pick, form, promises)
    layouts = {name: layout for name, layout in (recipe.layouts or {}).items() if name in form.positions}
    case = replace(recipe, layouts=layouts).case()
    name, extreme = pick(form.positions), pick(EXTREMES)
    row = min(case.frames - 1, pick(range(256)) * case.frames // 256 + pick(range(8)))
    largest = allowed(name, row, case.frames)
    value = largest + 1 if extreme is None else extreme
    dtype = case[name].dtype
    # A list of such numbers makes an array of floats.
    most = np.iinfo(np.int64 if case.layouts.get(name) in LOSE_THEIR_TYPE else dtype).max
    if not np.iinfo(dtype).min <= value <= most:
        value = largest + 1
    if value > np.iinfo(dtype).max:
        wide = next((t for t in promises.position_types if np.iinfo(t).max >= value), None)
        if wide is None:
            return case
        case = case.typed(name, wide)
    later = row + pick(range(64))
    if later < case.frames:  # further off: it is the first one that must be named
        case = case.edited(name, (later,), min(largest + case.frames, np.iinfo(case[name].dtype).max))
    return case.edited(name, (row,), int(value))


BAD = Source("bad conjunctions", draw=_bad, evenly=True)


@statement(BAD, "D3, D4", "either", "refusals", "most_shapes=None", effort=5, few=4)
def every_conjunction_with_a_bad_position_is_refused(trial: Trial, case: Case) -> int | None:
    """One position that is out of range is refused anywhere, in inputs of any length, on either side, of any type."""
    if not any(len(out_of_range(case, name)) for name in case.form.positions):
        return 0
    refused_position(trial, case)
    return None
