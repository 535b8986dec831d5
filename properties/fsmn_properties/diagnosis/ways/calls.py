"""What is kept from an earlier call, and what the key seems to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.within import outside
from fsmn_properties.checks.arrays import bits
from fsmn_properties.checks.exact import is_equal
from fsmn_properties.checks.trial import Trial, Violation
from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.settings import filled, settings
from fsmn_properties.diagnosis.sizes import sized, sizes_of
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array

UNSEEN = 75
"""So many more frames than small cases have, for calls of sizes that no call had before."""


CALLS = 10
"""So often the same call is made: often enough that no chance alternates."""


class Second(NamedTuple):
    """A second call that a key may take for the first: what they share, in words, and its case."""

    shares: str
    make: Callable[[Case], Case]
    in_place: bool = False


def kept(target: Target, form: Form, function: str, case: Case | None = None) -> list[str]:
    """Return what calls of a function leave behind that a later one sees, in words.

    Parameters
    ----------
    target : Target
        The target.
    form : Form
        The form.
    function : str
        The function whose results are looked at.
    case : Case, optional
        A case at whose sizes it is tried; otherwise at small ones.
    """
    trial = Trial(target, form)
    cases = iter(_fresh(target, form, case))
    for told in (_not_the_same_twice(trial, function, cases), _overwritten(trial, function, cases)):
        if told:
            return [told]
    # Positions of both kinds of cases.
    for second in (each for each in _seconds(form) for _ in range(2)):
        first = next(cases, None)
        if first is None:
            return []
        told = _stale(trial, target, function, first, second)
        if told:
            return [told]
    return []


def _fresh(target: Target, form: Form, case: Case | None) -> Iterator[Case]:
    """Yield cases of sizes that no call had before, so that each experiment begins anew."""
    starts = [case] if case is not None else settings(form, target.promises)[:3:2]
    for number in range(1, 60 if starts else 1):
        start = starts[number % len(starts)]
        sizes = sizes_of(start)
        sizes["frames"] = max(sizes["frames"], 6)
        strides = {name: max(2, sizes[name]) for name in form.strides}
        every = {"frames": number, "channels": number * target.promises.channels_multiple_of}
        # More frames than any case had before, if they are promised.
        longer = {**every, "frames": number + UNSEEN}
        some: tuple[tuple[dict[str, int], dict[str, int]], ...] = (
            (longer, strides),
            (longer, {}),
            (every, strides),
            (every, {}),
        )
        for grown, stride in (*some, ({"frames": number}, {}), ({"channels": number}, {})):
            more = {**sizes, **stride, **{name: sizes[name] + n for name, n in grown.items()}}
            found = filled(sized(start, more), number)
            if not outside(found, target.promises):
                yield found
                break


def _results(trial: Trial, function: str, case: Case, given: Mapping[str, Any] | None = None) -> dict[str, Array]:
    try:
        return trial.call(case, function, given)
    except Violation:
        return {}


def _not_the_same_twice(trial: Trial, function: str, cases: Iterator[Case]) -> str:
    case = next(cases, None)
    if case is None:
        return ""
    got = [{name: value.copy() for name, value in _results(trial, function, case).items()} for _ in range(CALLS)]
    for name, value in got[0].items():
        others = [each[name] for each in got[1:] if name in each]
        differing = [each for each in others if bits(each) != bits(value)]
        if not differing:
            continue
        want = case.want[name]
        first = value.astype(np.float64)
        if all(is_equal(each.astype(np.float64), (k + 2) * first) for k, each in enumerate(others)):
            return f"{name} is added to that of the calls before"
        turns = [len({bits(each[name]) for each in got[first::2] if name in each}) for first in (0, 1)]
        times = "every other time" if turns == [1, 1] else "from call to call"
        right = sum(is_equal(each.astype(np.float64), want.astype(np.float64)) for each in (value, *others))
        return f"the same call gives {name} other values {times}: {right} of {CALLS} results are right"
    for name, (first, again) in _twice(trial, function, _of_floats(case)).items():
        if bits(first) != bits(again) and is_equal(np.rint(first), np.rint(again)):
            return f"the same call gives other bits of {name} the second time"
    return ""


def _twice(trial: Trial, function: str, case: Case) -> dict[str, tuple[Array, Array]]:
    first, again = ({n: v.copy() for n, v in _results(trial, function, case).items()} for _ in range(2))
    return {name: (value, again[name]) for name, value in first.items() if name in again}


def _of_floats(case: Case) -> Case:
    """Return a case whose sums round."""
    kinds = {name: case[name].dtype for name in case.form.matrices}
    return case.but(
        **{
            name: (case[name] * np.pi / 3).astype(kind) if kind.kind == "f" else case[name]
            for name, kind in kinds.items()
        }
    )


def _overwritten(trial: Trial, function: str, cases: Iterator[Case]) -> str:
    case = next(cases, None)
    if case is None:
        return ""
    results = _results(trial, function, case)
    before = {name: bits(value) for name, value in results.items()}
    _results(trial, function, filled(case, 77))
    for name, value in results.items():
        if bits(value) != before[name]:
            return f"{name} lies in an array that the next call of these sizes overwrites: results are scratch"
    return ""


def _stale(trial: Trial, target: Target, function: str, first: Case, second: Second) -> str:
    """Say which arguments of a second call are those of the first one."""
    later = second.make(first)
    if outside(later, target.promises) or outside(first, target.promises):
        return ""
    form = first.form
    given = {name: first[name].copy() for name in form.arguments(form.backward)}
    for each in target.functions_of(form):
        _results(trial, each, first, {name: given[name] for name in form.arguments(each)})
    if second.in_place:
        for name, value in given.items():
            value[...] = later[name]
    else:
        given = {name: later[name].copy() for name in given}
    got = _results(trial, function, later, {name: given[name] for name in form.arguments(function)})
    wrong = [name for name, value in got.items() if not is_equal(value, later.want[name])]
    if not wrong:
        return ""
    if not _is_right_alone(trial, target, function, later):
        return ""
    told = _from_the_first(first, later, function, got)
    if told:
        return f"{told} kept from an earlier call {second.shares}"
    if not _is_wrong_after(trial, target, function, first, second):
        return ""
    return f"{' and '.join(wrong)} {'is' if len(wrong) == 1 else 'are'} wrong after an earlier call {second.shares}"


def _is_right_alone(trial: Trial, target: Target, function: str, case: Case) -> bool:
    """Return whether such cases are right as the first calls of their sizes."""
    alone = [_grown(case, more, target) for more in (31, 37)]
    return all(
        not outside(each, target.promises) and _is_right(_results(trial, function, each), each) for each in alone
    )


def _is_wrong_after(trial: Trial, target: Target, function: str, first: Case, second: Second) -> bool:
    """Return whether the first call makes the second one wrong at other sizes as well."""
    for more in (131, 137):
        before = _grown(first, more, target)
        after = second.make(before)
        _results(trial, function, before)
        if outside(after, target.promises) or _is_right(_results(trial, function, after), after):
            return False
    return True


def _grown(case: Case, more: int, target: Target) -> Case:
    """Return a case with more frames, and more channels if they are promised."""
    sizes = {**sizes_of(case), "frames": case.frames + more}
    wider = sized(case, {**sizes, "channels": case.channels + more * target.promises.channels_multiple_of})
    return sized(case, sizes) if outside(wider, target.promises) else wider


def _is_right(got: Mapping[str, Array], case: Case) -> bool:
    return bool(got) and all(is_equal(value, case.want[name]) for name, value in got.items())


def _from_the_first(first: Case, later: Case, function: str, got: Mapping[str, Array]) -> str:
    """Return the fewest arguments of the first call with which the results are those of the later one, and a verb."""
    names = [name for name in (*first.form.arguments(function), *first.form.strides) if name in later.plain]
    for count in (1, 2, 3, len(names)):
        for some in combinations(names, count):
            if all(not _differs(first, later, name) for name in some):
                continue
            mixed = _mixed(first, later, some)
            if mixed is not None and all(_matches(got[name], mixed, name) for name in got):
                what = "everything" if count == len(names) > 1 else " and ".join(some)
                verb = "are" if count > 1 and what != "everything" else "is"
                return f"{what} {verb}"
    return ""


def _differs(first: Case, later: Case, name: str) -> bool:
    return not np.array_equal(np.asarray(first[name]), np.asarray(later[name]))


def _mixed(first: Case, later: Case, some: tuple[str, ...]) -> Case | None:
    """Return the later case with some arguments of the first one."""
    if any(np.shape(first[name]) != np.shape(later[name]) for name in some):
        return None
    return later.but(**{name: first[name] for name in some})


def _matches(got: Array, mixed: Case, name: str) -> bool:
    try:
        return is_equal(got, mixed.want[name])
    except (IndexError, ValueError):
        return False


def _seconds(form: Form) -> Iterator[Second]:
    """Yield second calls, those first that share least with the first one."""
    yield Second("with arguments of the same shapes", lambda case: _other_positions(filled(case, 90)))
    yield Second("with the same positions", lambda case: filled(case, 91))
    for name, words in (("taps", "look-back"), ("ahead", "look-ahead")):
        if name == "taps" or len(form.filters) > 1:
            yield Second(f"with fewer {words} taps", lambda case, name=name: _more_taps(case, name))  # type: ignore[misc]
    for name in form.strides:
        yield Second(f"that differs in {name} alone", lambda case, name=name: _other_stride(filled(case, 92), name))  # type: ignore[misc]
    yield Second("whose positions have the same sum", lambda case: _same_sum(filled(case, 93)))
    yield Second("with the same arrays, in which other numbers stand", lambda case: filled(case, 94), in_place=True)
    yield Second(
        "with the same arrays, in which other numbers and positions stand",
        lambda case: _other_positions(filled(case, 95)),
        in_place=True,
    )
    yield Second("whose arrays begin and end with the same rows", lambda case: _same_ends(case, filled(case, 96)))
    yield Second("whose positions begin with the same numbers", lambda case: _same_beginning(filled(case, 97)))


def _other_positions(case: Case) -> Case:
    """Return a case with the positions of utterances of other lengths."""
    rows = np.arange(case.frames)
    whole = all(int(case[name].max(initial=0)) == case.frames - 1 for name in case.form.positions)
    length = max(1, (case.frames + 1) // 2) if whole else case.frames
    back = rows % length
    ahead = np.minimum(length - 1 - back, case.frames - 1 - rows)
    return case.but(
        **{name: (ahead if side else back).astype(case[name].dtype) for side, name in enumerate(case.form.positions)}
    )


def _other_stride(case: Case, name: str) -> Case:
    stride = int(case.plain.get(name, 1))
    return case.but(**{name: stride - 1 or 2}) if name in case.plain else case


def _more_taps(case: Case, name: str) -> Case:
    sizes = sizes_of(case)
    return sized(case, {**sizes, name: sizes[name] + 2})


def _same_sum(case: Case) -> Case:
    """Return a case whose positions are others with the same sum."""
    changed = {}
    for name in case.form.positions:
        position = case[name].copy()
        rows = np.arange(len(position))
        room = rows if not name.startswith("f") else rows[::-1]
        # As far as a stride, so that other taps are allowed.
        step = max(int(stride) for stride in (1, *case.strides.values()))
        up, down = np.flatnonzero(room - position >= step), np.flatnonzero(position >= step)
        down = down[down != up[0]] if len(up) else down
        if len(up) and len(down):
            position[up[0]] += step
            position[down[-1]] -= step
        changed[name] = position
    return case.but(**changed)


def _same_ends(first: Case, case: Case) -> Case:
    changed = {}
    for name in case.form.matrices:
        value = case[name].copy()
        value[:1], value[-1:] = first[name][:1], first[name][-1:]
        changed[name] = value
    return case.but(**changed)


def _same_beginning(case: Case) -> Case:
    changed = {}
    for name in case.form.positions:
        position = case[name].copy()
        position[-1:] = 0
        position[-2:-1] = 0
        changed[name] = position
    return case.but(**changed)
