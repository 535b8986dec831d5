"""Reasons of what is wrong at the sizes, or of the types, of a failing case alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.within import outside
from fsmn_properties.contract.forms import Form, form_of
from fsmn_properties.diagnosis.answers import Answer, answer
from fsmn_properties.diagnosis.conditions import Condition
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.failing import Made, calls_of
from fsmn_properties.diagnosis.named import Named
from fsmn_properties.diagnosis.places.partly import PLAIN, partly
from fsmn_properties.diagnosis.reasons import Reason, chosen_and_unnamed
from fsmn_properties.diagnosis.search import Explanation, singles, still_explain
from fsmn_properties.diagnosis.settings import filled
from fsmn_properties.diagnosis.sizes import Sizes, sized, sizes_of
from fsmn_properties.findings.verdict import Finding
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array

LARGEST = 60_000
"""So many frames times channels times taps of a larger case are computed for every map that may be."""

FEW_CELLS = 10_000
"""With so many frames times taps, maps about no number take so long that those about one are tried first."""

SECONDS = 1.2
"""How long maps are tried at the sizes of a failing case."""

CUTS = 6
"""So many times the frames of a larger case are cut into utterances at random."""

USUAL = {"f": "float64", "i": "int64", "u": "int64"}


def reasons_elsewhere(target: Target, finding: Finding) -> list[Reason]:
    """Return why the results of a finding are wrong, if they are so for small whole numbers too.

    Parameters
    ----------
    target : Target
        What is wrong.
    finding : Finding
        What shows it, at sizes or types at which the smallest cases are right.
    """
    for made in calls_of(finding, target):
        form = form_of(made.function)
        case = filled(made.case, 1)
        if outside(case, target.promises) or not case.frames or not case.channels:
            continue
        if _wrong(answer(target, case), form):
            return _reasons(target, form, made)
    return []


def _wrong(got: Answer, form: Form) -> list[str]:
    return [name for name in ("memory", *form.gradients) if name in got.results and not got.is_right(name)]


def _reasons(target: Target, form: Form, made: Made) -> list[Reason]:
    seen: list[Answer] = []

    def is_wrong(case: Case) -> bool:
        seen.append(answer(target, case))
        return bool(_wrong(seen[-1], form))

    case, types = _usual_types(target, filled(made.case, 1), is_wrong)
    search = Sizes(case, target.promises, is_wrong)
    sizes = search.smallest()
    if sizes is None:
        return []
    told = [*search.condition(sizes), *types]
    condition = Condition(", ".join(told), _holds(search, told, case))
    cases = [each for each in _near(case, sizes) if not outside(each, target.promises)]
    near = [answer(target, each) for each in cases]
    probed = [each for each in near if each.case is cases[0] or condition.holds(each.facts)]
    results = [name for function in target.functions_of(form) for name in target.results(function)]
    mine = [name for name in results if any(name in a.results and not a.is_right(name) for a in probed)]
    order, end = _order_near(sizes), Deadline(SECONDS)
    found: dict[str, list[Explanation]] = {}
    for name in mine:
        others = [each for every in found.values() for each in every]
        every = still_explain(others, name, probed) or singles(form, name, probed, order, end)
        found[name] = _best([each for each in every if not each.condition.says], name, [*seen, *near], condition)
        if not found[name]:
            small = [each for each in (*seen, *near) if _cells(each) < LARGEST]
            # Of few large cases, more than one condition is easily true.
            every = partly(target, form, name, small, Deadline(SECONDS))
            found[name] = [each for each in every if each.places < PLAIN]
    return chosen_and_unnamed(target, form, found, results, probed)


def _best(found: Sequence[Explanation], result: str, seen: Sequence[Answer], condition: Condition) -> list[Explanation]:
    """Return those that hold of all that was seen, at whatever sizes; if there are none, all under the condition."""
    mine = [each for each in seen if result in each.results and _cells(each) < LARGEST]
    everywhere = [each for each in found if all(a.follows(each.model, result) for a in mine)]
    return everywhere or [replace(each, condition=condition) for each in found]


def _cells(each: Answer) -> int:
    return each.case.frames * each.case.channels * (1 + sum(each.case.taps))


def _order_near(sizes: Mapping[str, int]) -> Callable[[Named], int]:
    """Return when a map is tried: first those about no number, then those about one near one of some large sizes."""
    large = [n for n in sizes.values() if n > 8]

    def near(each: Named) -> int:
        numbers = [int(digits) for digits in re.findall(r"\d+", each.key)]
        bits = [2**n for n in numbers if "int" in each.key] + [2 ** (n - 1) for n in numbers if "int" in each.key]
        if not each.is_numbered:
            return 0 if sizes["frames"] * sizes["taps"] < FEW_CELLS else 2
        return 1 if any(n / 4 <= m <= 2 * n for n in large for m in (*numbers, *bits)) else 3

    return near


def _usual_types(target: Target, case: Case, is_wrong: Callable[[Case], bool]) -> tuple[Case, list[str]]:
    """Return the case with the most usual types with which it is wrong, and the types that it needs in words."""
    told = []
    for name in (*case.form.matrices, *case.form.positions):
        usual = USUAL[case[name].dtype.kind] if name in case.form.positions else "float64"
        other = case.but(**{name: case[name].astype(usual)})
        if case[name].dtype == usual or outside(other, target.promises):
            continue
        if is_wrong(other):
            case = other
        else:
            told.append(f"if {name} is {case[name].dtype.name}")
    return case, told


def _holds(search: Sizes, told: Sequence[str], case: Case) -> Callable[[Facts], bool]:
    """Return whether a case has the sizes and types of a condition that was told."""
    names = list(search.told)

    def holds(facts: Facts) -> bool:
        mine = sizes_of(facts.case)
        right = all(test(mine[name]) for name, test in names)
        return right and all(
            facts.case[name].dtype == case[name].dtype for name in case.plain if any(f"if {name} is" in t for t in told)
        )

    return holds


def _of_utterances(case: Case, sizes: Mapping[str, int], begins: Array) -> Case:
    """Return a case of some sizes whose positions count the frames of utterances that begin at some rows."""
    rows, start, again = np.arange(sizes["frames"]), np.flatnonzero(begins), sized(case, sizes)
    number = np.searchsorted(start, rows, side="right") - 1
    pair = (rows - start[number], np.append(start[1:], len(rows))[number] - 1 - rows)
    names = case.form.positions
    return again.but(**{name: pair[side].astype(again[name].dtype) for side, name in enumerate(names)})


def _near(case: Case, sizes: Mapping[str, int]) -> Iterator[Case]:
    """Yield cases of these sizes and larger ones, with other values and other positions."""
    yield sized(case, sizes)
    for number in (2, 3):
        yield filled(sized(case, sizes), number)
    rows = np.arange(sizes["frames"])
    for number in (1, 2):
        again = sized(case, sizes)
        rng = np.random.default_rng(number)
        room = [rows, rows[::-1]]
        yield again.but(
            **{
                name: rng.integers(0, room[side], endpoint=True).astype(again[name].dtype)
                for side, name in enumerate(case.form.positions)
            }
        )
    half = max(1, sizes["frames"] // 2)
    yield _of_utterances(case, sizes, rows % half == 0)
    yield _of_utterances(case, sizes, rows == 0)
    for number in range(1, CUTS + 1):
        rng = np.random.default_rng(number)
        cut = rng.random(len(rows)) < rng.choice([1.5, 4, 12]) / max(2, len(rows))
        yield _of_utterances(case, sizes, cut | (rows == 0))
    yield case
    for name in sizes:
        for more in (1, sizes[name] // 2, sizes[name]):
            larger = {**sizes, name: sizes[name] + more}
            if prod(max(1, n) for key, n in larger.items() if "stride" not in key) < LARGEST:
                yield sized(case, larger)
