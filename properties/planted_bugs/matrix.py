"""The kill matrix: which property catches which planted bug."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from statistics import median, quantiles
from typing import TypeAlias

from hypothesis import settings

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.forms import FORMS
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.runs.verify import first_failure
from fsmn_properties.under_pytest import profiles
from planted_bugs.bank import called
from planted_bugs.bug import Bug
from planted_bugs.targets import target_of_bug
from planted_bugs.wrapped import WrappedBug


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


def try_everything(bug: Planted, examples: int) -> Row:
    """Try every property on a bug, and say which ones catch it, besides the first."""
    first = hunt(bug)
    caught = set(first.caught_by)
    for each in CATALOGUE:
        seen = family(each.name) in caught or not may_fail(each.name, bug)
        # One counterexample for each bug is enough: nothing is shrunk.
        plan = Plan(examples=examples, thorough=0, shrinks=False)
        if not seen and run(each, target_of_bug(bug.name), plan).fails:
            caught.add(family(each.name))
    return replace(first, caught_by=tuple(sorted(caught)))


def may_fail(name: str, bug: Planted) -> bool:
    """Return whether a property may catch a bug: not if the form that it is about is that of the correct kernel."""
    form = next((form for form in FORMS if name.startswith(f"{form.short}_")), None)
    return form is None or form in bug.forms


def _deterministic() -> None:
    profiles.register()
    settings.load_profile("ci")


def _hunt(name: str, seed: int | None) -> Row:
    return hunt(called(name), seed=seed)


def _try_everything(name: str, examples: int) -> Row:
    return try_everything(called(name), examples)


def hunt_all(bugs: Iterable[Planted], seed: int | None = None, workers: int | None = None) -> Iterator[Row]:
    """Hunt every bug in a pool of processes, and yield what happened; random with a seed, else as in every run."""
    return _spread(partial(_hunt, seed=seed), bugs, workers)


def kill_matrix(bugs: Iterable[Planted], examples: int, workers: int | None = None) -> Iterator[Row]:
    """Try every property on every bug, and yield what happened."""
    return _spread(partial(_try_everything, examples=examples), bugs, workers)


def _spread(task: Callable[[str], Row], bugs: Iterable[Planted], workers: int | None) -> Iterator[Row]:
    with ProcessPoolExecutor(workers or os.cpu_count(), initializer=_deterministic) as pool:
        yield from pool.map(task, [bug.name for bug in bugs])


def survivors(rows: Sequence[Row]) -> list[str]:
    """Return the bugs that nothing caught."""
    return [row.bug for row in rows if not row.caught_by]


def caught_alone(rows: Sequence[Row]) -> dict[str, list[str]]:
    """Return, for each property, the bugs that only it caught."""
    alone: dict[str, list[str]] = {family(each.name): [] for each in CATALOGUE}
    for row in rows:
        if len(row.caught_by) == 1:
            alone[row.caught_by[0]].append(row.bug)
    return alone


def seconds_to_first_failure(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the median and the 95th percentile of the seconds until a bug was caught."""
    seconds = [row.seconds for row in rows]
    return median(seconds), quantiles(seconds, n=20, method="inclusive")[-1]
