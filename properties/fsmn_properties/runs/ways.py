"""A few small calls of one kind: whether something that is not promised works all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.chunks import cut
from fsmn_properties.cases.layouts import LAYOUTS, LISTS
from fsmn_properties.cases.space import SMALL, small_case
from fsmn_properties.cases.within import outside
from fsmn_properties.catalogue.nonfinite import special
from fsmn_properties.catalogue.refusals import BAD_POSITIONS as BAD
from fsmn_properties.catalogue.refusals import FULL, refused_outside, refused_position
from fsmn_properties.catalogue.stream_traces import refused_frames
from fsmn_properties.checks.arrays import new_results
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.streaming import Streamed, streamed
from fsmn_properties.checks.trial import Trial, Violation
from fsmn_properties.contract.formats import INTEGERS, format_of
from fsmn_properties.contract.forms import FORMS, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.targets.target import Target

FEW = 6
"""So many calls of each form are tried of a kind."""

MOST_TRIES = 60

Change = Callable[[Case, int], Case]
Ask = Callable[[Trial, Case], None]


def right(trial: Trial, case: Case) -> None:
    """Ask whether all promised results of a call are right, and those of a stream."""
    agree(case, trial.results(case))
    if trial.target.has(case.form.stream):
        streamed(trial, in_chunks(case)).is_right()


def in_chunks(case: Case) -> Case:
    """Return the case for a stream, with the frames as one utterance in chunks of 1, 3 and 2."""
    rows, layout = np.arange(case.frames), case.layouts.get("hidden", "")
    counts = (rows, rows[::-1])
    positions = {name: counts[side].astype(case[name].dtype) for side, name in enumerate(case.form.positions)}
    chunks = cut([(frames, layout, "") for frames in (1, 3, 2)], case.frames)
    return replace(case.handed(**dict.fromkeys(case.form.positions, "")).but(**positions), chunks=chunks)


class Way(NamedTuple):
    """Something to try.

    Parameters
    ----------
    what : str
        What it is, in words.
    promises : Promises
        What must be promised for its calls.
    change : callable
        `change(case, number)` makes a drawn case into one of its calls.
    ask : callable
        `ask(trial, case)` raises a Violation if it does not work.
    """

    what: str
    promises: Promises
    change: Change = lambda case, number: case  # noqa: ARG005
    ask: Ask = right


def tried(target: Target, way: Way, beyond: Promises | None = None, few: int = FEW) -> Violation | None:
    """Try a way, and return what speaks against it.

    Parameters
    ----------
    target, way
        What is tried.
    beyond : Promises, optional
        Promises outside which every call must lie.
    few : int
        How many calls of each form are tried.
    """
    wide, asked = replace(target, promises=way.promises), 0
    for form in FORMS:
        if not wide.functions_of(form) and not wide.has(form.stream):
            continue
        for case in _calls(form, way, beyond, few):
            trial, asked = Trial(wide, form), asked + 1
            try:
                with np.errstate(all="ignore"):
                    way.ask(trial, case)
            except Violation as violation:
                return violation
            except Exception as error:
                return Violation(f"The results can't be compared: {error}", trial.calls[-1:])
    return None if asked else Violation("no call of it could be made")


def _calls(form: Form, way: Way, beyond: Promises | None, few: int) -> Iterator[Case]:
    rng = np.random.default_rng(0)

    def pick(options: Sequence[Any]) -> Any:
        return options[int(rng.integers(len(options)))]

    found = 0
    for number in range(MOST_TRIES):
        case = way.change(small_case(pick, form, way.promises, "small whole", SMALL).case(), number)
        if beyond is None or outside(case, beyond):
            yield case
            found += 1
            if found == few:
                return


def in_format(name: str) -> Change:
    """Return a change of all matrices into one format."""

    def change(case: Case, number: int) -> Case:  # noqa: ARG001, the signature of a change
        values = {each: case[each] for each in case.form.matrices}
        if name in INTEGERS:
            values = {each: np.abs(value) for each, value in values.items()}
        return case.but(**{each: value.astype(name) for each, value in values.items()})

    return change


def one_in_format(name: str) -> Change:
    """Return a change of one matrix after the other into a format."""

    def change(case: Case, number: int) -> Case:
        each = case.form.matrices[number % len(case.form.matrices)]
        return case.but(**{each: case[each].astype(name)})

    return change


def in_type(name: str) -> Change:
    """Return a change of the positions into an integer type."""
    return lambda case, number: case.but(**{each: case[each].astype(name) for each in case.form.positions})  # noqa: ARG005


def laid_out(layouts: Sequence[str]) -> Change:
    """Return a change of the layout of all arguments into one after the other."""

    def change(case: Case, number: int) -> Case:
        layout = layouts[number % len(layouts)]
        names = [name for name in (*case.form.matrices, *case.form.positions) if case[name].size]
        return case.handed(**dict.fromkeys(names, layout))

    return change


ANY_LAYOUT = laid_out([*LAYOUTS])
ANY_LIST = laid_out([*LISTS])


def strided(strides: Sequence[int]) -> Change:
    """Return a change of both strides into one after the other."""
    return lambda case, number: case.but(**dict.fromkeys(case.form.strides, strides[number % len(strides)]))


def nonfinite(case: Case, number: int) -> Case:
    """Return the case with NaN and infinities."""
    rng = np.random.default_rng(number)
    return special(lambda options: options[int(rng.integers(len(options)))], case)


def subnormal(case: Case, _: int) -> Case:
    """Return the case with frames of subnormal numbers."""
    hidden = case["hidden"]
    if hidden.dtype.kind != "f":
        return case
    return case.but(hidden=np.ldexp(hidden, format_of(hidden.dtype).bottom))


def refuses(words: str) -> Ask:
    """Return the question whether some of what is outside the domain is refused."""

    def ask(trial: Trial, case: Case) -> None:
        rng = np.random.default_rng(case.frames)
        promises = trial.target.promises.but(refusals=words)
        asked = Trial(replace(trial.target, promises=promises), trial.form)
        for source in (BAD, FULL):
            assert source.draw is not None
            drawn = source.draw(lambda options: options[int(rng.integers(len(options)))], trial.form, promises)
            if isinstance(drawn, Case):
                refused_position(asked, drawn)
                continue
            full = drawn.case()
            refused_outside(asked, full)
            if asked.target.has(full.form.stream):
                refused_frames(asked, in_chunks(full))

    return ask


def contiguous(trial: Trial, case: Case) -> None:
    """Ask whether results are new and C-contiguous."""
    new_results(trial, case)
    if trial.target.has(case.form.stream):
        stream = Streamed(trial, in_chunks(case))
        while stream.left:
            stream.require(stream.push().flags.c_contiguous, "rows are not C-contiguous", "rows[-1].flags.c_contiguous")
