"""The process that calls targets: it may crash or hang, and no other loads what is timed.

It reads an order, and appends a line to the order's record after each case.
"""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from fsmn_properties.bench.controls import CONTROLS, control
from fsmn_properties.bench.look import first_look, fitting
from fsmn_properties.bench.quads import Timed, quads
from fsmn_properties.bench.reached import reach
from fsmn_properties.bench.sides import Place, Side
from fsmn_properties.bench.workload import Case
from fsmn_properties.checks.trial import Violation
from fsmn_properties.targets.target import CannotLoadError


@dataclass(frozen=True)
class Order:
    """What is to be timed.

    Parameters
    ----------
    task : str
        One of TASKS.
    candidate : Place
        What it is about.
    base : Place, optional
        What it is compared with.
    cases : tuple of Case
        What is called; of the tasks but `compare`, workloads.
    control : Case, optional
        The case of the controls.
    quads : int
        How many times base, candidate, candidate, base.
    """

    task: str
    candidate: Place
    base: Place | None = None
    cases: tuple[Any, ...] = ()
    control: Case | None = None
    controls: tuple[str, ...] = CONTROLS
    quads: int = 0


class Record:
    """A file of lines, so that what was found before a crash is known."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, **line: Any) -> None:
        """Append a line."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def main(path: str) -> None:
    """Do what the order says."""
    order: Order = pickle.loads(sys.stdin.buffer.read())  # noqa: S301, it comes from the process that started this one
    record = Record(Path(path))
    try:
        TASKS[order.task](order, record)
    except CannotLoadError as error:
        record(cannot_load=str(error))


def look(order: Order, record: Record) -> None:
    """Say whether the candidate is right, and the frames of each case that it can be called with in time."""
    side = Side(order.candidate)
    with side.entered():
        wrong = first_look(side.target)
        record(not_right=wrong)
        if not wrong:
            for number, case in enumerate(order.cases):
                record(number=number, frames=fitting(case, side.target))


def reaches(order: Order, record: Record) -> None:
    """Time each case in turn with the yardstick."""
    side = Side(order.candidate)
    for case in order.cases:
        with side.entered():
            record(case=str(case), **asdict(reach(case, side.target)))


def compare(order: Order, record: Record) -> None:
    """Time quads of each case, after the candidate has been checked, and of the controls."""
    base, candidate = _sides(order)
    for case in order.cases:
        record(begins=str(case))
        with candidate.entered():
            try:
                case.verify(candidate)
            except Violation as violation:
                record(case=str(case), wrong=violation.problem)
                return
        try:
            one, other = _timed(case, base, candidate)
            one.once()
        except Exception as error:
            record(case=str(case), new=f"the base raises {type(error).__name__}: {error}")
            continue
        _record_quads(record, str(case), one, other, order.quads)
    for name in order.controls:
        assert order.control is not None
        record(begins=name)
        _record_quads(record, name, *control(name, *_timed(order.control, base, base)), order.quads)


def _sides(order: Order) -> tuple[Side, Side]:
    assert order.base is not None
    roots = [place.root for place in (order.base, order.candidate) if place.root is not None]
    candidate = Side(order.candidate, roots)
    try:
        base = Side(order.base, roots, candidate)
    except CannotLoadError as error:
        raise CannotLoadError(f"the base can't be compared with: {error}") from None
    return base, candidate


def _timed(case: Case, *sides: Side) -> list[Timed]:
    return [Timed(call, side.clock(), side.entered) for call, side in zip(case.calls(*sides), sides, strict=True)]


def _record_quads(record: Record, name: str, one: Timed, other: Timed, count: int) -> None:
    base, candidate, repeats = quads(one, other, count)
    record(case=name, base=asdict(base), candidate=asdict(candidate), repeats=repeats)


TASKS = {"look": look, "reach": reaches, "compare": compare}

if __name__ == "__main__":
    main(sys.argv[1])
