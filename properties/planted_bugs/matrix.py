"""The kill matrix: which property catches which planted bug."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from statistics import median, quantiles
from typing import TypeAlias

from hypothesis import settings

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.contract.forms import FORMS
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import Drawn, cases_of
from fsmn_properties.runs.run import Asked, Plan
from fsmn_properties.runs.verify import first_failure
from fsmn_properties.under_pytest import profiles
from planted_bugs.bank import BANK, called
from planted_bugs.bug import Bug
from planted_bugs.targets import target_of_bug
from planted_bugs.wrapped import WrappedBug

MOST_PRODUCTS = 10_000
"""Larger cases, which take the loops of some kernels minutes, are asked about in the hunt alone."""


@dataclass(frozen=True)
class Row:
    """What happened to one bug: who caught it, and how soon the first one did."""

    bug: str
    caught_by: tuple[str, ...]
    first: str
    seconds: float
    problem: str
    script: str


Planted: TypeAlias = Bug | WrappedBug


def family(name: str) -> str:
    """Return the name of a property without its form: both forms are one statement."""
    return name.partition("_")[2] if name.partition("_")[0] in {form.short for form in FORMS} else name


def hunt(bug: Planted, *, seed: int | None = None) -> Row:
    """Look for the first statement that catches a bug, with the examples of the loaded profile."""
    started = time.perf_counter()
    verdict = first_failure(target_of_bug(bug.name), seed=seed)
    seconds = time.perf_counter() - started
    if verdict is None or verdict.finding is None:
        return Row(bug.name, (), "", seconds, "", "")
    finding = verdict.finding
    return Row(bug.name, (family(verdict.name),), verdict.name, seconds, finding.problem, finding.script)


def catches(statement: Statement, bugs: Iterable[Planted], examples: int) -> list[str]:
    """Return the bugs that a statement catches, all asked about the same cases: what they should give is found once."""
    asked = {}
    for bug in bugs:
        target = target_of_bug(bug.name)
        if may_fail(statement.name, bug) and not statement.not_promised(target):
            asked[bug.name] = Asked(statement, target, Plan(examples=examples))
    caught = []
    for drawn in _some(statement, examples):
        wrong = [name for name, each in asked.items() if each.ask(drawn.case) is not None]
        caught += wrong
        for name in wrong:
            del asked[name]
    return caught


def _some(statement: Statement, examples: int) -> Iterable[Drawn]:
    """Return the first cases that are drawn, or as many of those that are listed, from the first to the last."""
    cases = cases_of(statement.source, statement.form, Promises(), examples, "")
    if statement.source.listed is None:
        return islice((drawn for drawn in cases if _products(drawn.case) <= MOST_PRODUCTS), examples)
    listed = list(cases)
    return listed[:: -(-len(listed) // examples) or 1]


def _products(case: Case) -> int:
    return case.frames * case.channels * (1 + sum(case.taps))


def may_fail(name: str, bug: Planted) -> bool:
    """Return whether a property may catch a bug: not if the form that it is about is that of the correct kernel."""
    form = next((form for form in FORMS if name.startswith(f"{form.short}_")), None)
    return form is None or form in bug.forms


def _deterministic() -> None:
    profiles.register()
    settings.load_profile("ci")


def _hunt(name: str, seed: int | None) -> Row:
    return hunt(called(name), seed=seed)


def _catches(name: str, examples: int) -> list[str]:
    return catches(next(each for each in CATALOGUE if each.name == name), BANK, examples)


def hunt_all(bugs: Iterable[Planted], seed: int | None = None, workers: int | None = None) -> Iterator[Row]:
    """Hunt every bug in a pool of processes, and yield what happened; random with a seed, else as in every run."""
    with _pool(workers) as pool:
        yield from pool.map(partial(_hunt, seed=seed), [bug.name for bug in bugs])


def kill_matrix(rows: Sequence[Row], examples: int, workers: int | None = None) -> list[Row]:
    """Return the rows with every property that catches their bug among so many cases, besides the first."""
    caught = {row.bug: set(row.caught_by) for row in rows}
    with _pool(workers) as pool:
        found = pool.map(partial(_catches, examples=examples), [each.name for each in CATALOGUE])
        for statement, bugs in zip(CATALOGUE, found, strict=True):
            for bug in bugs:
                caught[bug].add(family(statement.name))
    return [replace(row, caught_by=tuple(sorted(caught[row.bug]))) for row in rows]


def _pool(workers: int | None) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers or os.cpu_count(), initializer=_deterministic)


def survivors(rows: Sequence[Row]) -> list[str]:
    """Return the bugs that nothing caught."""
    return [row.bug for row in rows if not row.caught_by]


def rarest(rows: Sequence[Row]) -> dict[str, str]:
    """Return, for each property that catches any, the bug that the fewest other properties catch."""
    by_number = sorted(rows, key=lambda row: len(row.caught_by))
    return {name: row.bug for row in by_number[::-1] for name in row.caught_by}


def seconds_to_first_failure(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the median and the 95th percentile of the seconds until a bug was caught."""
    seconds = [row.seconds for row in rows]
    return median(seconds), quantiles(seconds, n=20, method="inclusive")[-1]
