"""The cases of a target: within its promises, short enough to be timed, and only if it is right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fsmn_properties.bench.look import shortened
from fsmn_properties.bench.measure import MeasuringError, obeyed
from fsmn_properties.bench.shared import shared
from fsmn_properties.bench.sides import Place
from fsmn_properties.bench.sizes import promised
from fsmn_properties.bench.worker import Order
from fsmn_properties.bench.workload import Workload
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import Target

Say = Callable[..., None]


@dataclass(frozen=True)
class Wanted:
    """A target by its name, with promises that replace its own, and a text that the names of cases must contain."""

    name: str
    promises: Mapping[str, Any] = field(default_factory=dict)
    only: str = ""

    def target(self) -> Target:
        """Return the target.

        Raises
        ------
        CannotLoadError, PromiseError
            As `fsmn_properties.targets.loading.load` does.
        """
        return load(self.name, self.promises or None)

    def place(self, root: Path | None = None) -> Place:
        """Return where it is found."""
        return Place(self.name, Path.cwd(), root, self.promises)


def prepared(wanted: Wanted, say: Say, other: Wanted | None = None) -> tuple[Workload, ...]:
    """Return the cases of a target, and say which kinds of calls are left out.

    Parameters
    ----------
    wanted : Wanted
        The target.
    say : callable
        Takes each line.
    other : Wanted, optional
        A second target, which must promise the cases as well.

    Raises
    ------
    MeasuringError
        If a target is not right, or promises no case of those that are timed.
    CannotLoadError, PromiseError
        If a target does not load.
    """
    target = wanted.target()
    if other is not None:
        target = target.promising(shared(target.promises, other.target().promises))
    cases, left = promised(target)
    say(*left)
    cases = [case for case in cases if wanted.only in str(case)]
    if not cases:
        raise MeasuringError(
            f"{wanted.name} promises no call that is timed" + f" and named {wanted.only}" * bool(wanted.only)
        )
    for each in (wanted, other):
        if each is not None:
            cases = _looked_at(replace(each, promises=target.promises.narrowed), cases, say)
    return tuple(cases)


def _looked_at(wanted: Wanted, cases: list[Workload], say: Say) -> list[Workload]:
    """Return the cases, shorter where a call would take too long, once the target is seen to be right."""
    lines = obeyed(Order("look", wanted.place(), cases=tuple(cases)))
    wrong = next((line["not_right"] for line in lines if "not_right" in line), "")
    if wrong:
        raise MeasuringError(f"{wanted.name} is not timed, since it is wrong: {wrong}")
    frames = {line["number"]: line["frames"] for line in lines if "number" in line}
    short = [shortened(case, frames[number]) for number, case in enumerate(cases)]
    for before, after in zip(cases, short, strict=True):
        if before != after:
            say(f"{before} takes long: {after.scale.frames} frames")
    return list(dict.fromkeys(short))
