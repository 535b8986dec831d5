"""The mistakes of streams: which frames the rows of each chunk really read, and when streams are right after all.

A sentence is told if it was seen: a wrong window of frames gives exactly the rows that the stream gives, for several
sizes and ways of cutting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.within import outside
from fsmn_properties.checks.exact import is_equal
from fsmn_properties.checks.streaming import Streamed, streamed
from fsmn_properties.checks.trial import Trial, Violation
from fsmn_properties.contract.forms import UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array, Positions

FRAMES = 12
TAPS = {"uni": (((4,), (1,)), ((2,), (2,))), "bi": (((3, 2), (1, 1)), ((2, 1), (2, 1)), ((2, 2), (1, 2)))}
LENGTHS = (1, 2, 3, 4, 6, FRAMES)


class Window(NamedTuple):
    """What the rows of a chunk may read: frames from `low` to before `high`, of all."""

    low: Positions
    high: Positions


class Cut(NamedTuple):
    """For each row, where its chunk begins and ends, and where the chunk before begins."""

    begin: Positions
    end: Positions
    before: Positions


Model = Callable[[Case, Cut], Window]

NOWHERE, EVERYWHERE = np.zeros(FRAMES, np.intp), np.full(FRAMES, FRAMES)


def _short(frames: int) -> Model:
    return lambda case, cut: Window(np.maximum(0, cut.begin - max(0, case.reach[0] - frames)), EVERYWHERE)


MODELS: tuple[tuple[str, Model], ...] = (
    ("no tap reads beyond its chunk: each chunk is an utterance of its own", lambda _, cut: Window(cut.begin, cut.end)),
    ("taps that look ahead read nothing beyond their chunk", lambda _, cut: Window(NOWHERE, cut.end)),
    ("taps that look back read nothing before their chunk", lambda _, cut: Window(cut.begin, EVERYWHERE)),
    ("of the frames before a chunk, one too few is kept", _short(1)),
    (
        "of the frames before a chunk, as many are kept as there are taps, whatever the stride",
        lambda case, cut: Window(np.maximum(0, cut.begin - case.taps[0]), EVERYWHERE),
    ),
    (
        "of the frames before a chunk, those of the last chunk alone are kept",
        lambda _, cut: Window(cut.before, EVERYWHERE),
    ),
    (
        "no tap is used in the first chunk",
        lambda _, cut: Window(np.where(cut.begin == 0, np.arange(FRAMES), 0), np.where(cut.begin == 0, 0, FRAMES)),
    ),
)
"""What is wrong in words, and the frames that the rows may then read."""


def reasons_of_streams(target: Target, form: Form) -> list[str]:
    """Return sentences about the streams of a form that are true of the target; none if its small streams are right.

    Parameters
    ----------
    target : Target
        What was verified; it is called again.
    form : Form
        The form.
    """
    cases = [case for case in _cases(form, target.promises) if not outside(case, target.promises)]
    got = [_memory(target, case) for case in cases]
    wrong = [
        memory is None or not is_equal(memory, case.want["memory"]) for case, memory in zip(cases, got, strict=True)
    ]
    again = [_memory(target, case) for case in reversed(cases)]
    if not all(_same(one, two) for one, two in zip(got, reversed(again), strict=True)):
        return ["the same chunks give other rows when they are fed again, after other streams"]
    if not any(wrong):
        return _late(target, form, cases) or _in_turn(target, cases)
    says = [words for words, model in MODELS if _explains(model, cases, got)]
    return says[:1] or _counts(cases, got) or _lengths(cases, wrong)


def _same(one: Array | None, two: Array | None) -> bool:
    return (one is None and two is None) or (one is not None and two is not None and is_equal(one, two))


def _cases(form: Form, promises: Promises) -> list[Case]:
    channels = -(-max(1, promises.channels[0]) // promises.channels_multiple_of) * promises.channels_multiple_of
    formats, types = (
        (promises.float_formats[0],) * len(form.matrices),
        (promises.position_types[0],) * len(form.positions),
    )
    found = []
    for taps, strides in TAPS[form.short]:
        for length in LENGTHS:
            sizes = (form.short, FRAMES, channels, taps, strides)
            found.append(Recipe(*sizes, (), types, formats, "small whole", 1, chunks=((length, "", ""),)).case())
    return found


def _memory(target: Target, case: Case) -> Array | None:
    try:
        return np.concatenate(streamed(Trial(target, case.form), case).rows)
    except Violation:
        return None


def _cut(case: Case) -> Cut:
    ends = np.cumsum([chunk.frames for chunk in case.chunks])
    begins = np.concatenate(([0], ends[:-1]))
    number = np.searchsorted(ends, np.arange(FRAMES), side="right")
    return Cut(begins[number], ends[number], begins[np.maximum(0, number - 1)])


def _explains(model: Model, cases: Sequence[Case], got: Sequence[Array | None]) -> bool:
    """Return whether all streams are as if rows read the frames of a model alone."""
    return all(
        memory is not None and is_equal(memory, _of(model, case)) for case, memory in zip(cases, got, strict=True)
    )


def _of(model: Model, case: Case) -> Array:
    rows = np.arange(FRAMES)
    low, high = model(case, _cut(case))
    counts = (rows - low, np.maximum(0, high - 1 - rows))
    positions = {name: counts[side].astype(case[name].dtype) for side, name in enumerate(case.form.positions)}
    return case.but(**positions).want["memory"]


def _lengths(cases: Sequence[Case], wrong: Sequence[bool]) -> list[str]:
    """Return with which lengths of chunks streams are right, and with which they are wrong."""
    taps, strides = next((c.taps, tuple(c.strides.values())) for c, bad in zip(cases, wrong, strict=True) if bad)
    told = f"with {' + '.join(map(str, taps))} taps of stride {' and '.join(map(str, dict.fromkeys(strides)))}"
    lengths: dict[bool, list[str]] = {True: [], False: []}
    for case, bad in zip(cases, wrong, strict=True):
        if (case.taps, tuple(case.strides.values())) == (taps, strides):
            lengths[bad].append(str(case.chunks[0].frames))
    if not lengths[False]:
        return []
    right, bad_ones = (", ".join(lengths[kind]) for kind in (False, True))
    return [f"{told}, {FRAMES} frames are right in chunks of {right}, and wrong in chunks of {bad_ones}"]


def _late(target: Target, form: Form, cases: Sequence[Case]) -> list[str]:
    """Return how many frames later than possible each row comes, if it is the same number everywhere."""
    late = set()
    for case in cases:
        if case.chunks[0].frames == 1:
            stream, reach = Streamed(Trial(target, form), case), 0 if form is UNI else case.reach[1]
            while stream.left:
                stream.push()
                late.add(
                    max(0, stream.frames - reach) - sum(map(len, stream.rows)) if stream.frames > reach + 2 else None
                )
    (frames, *others) = [each for each in late if each is not None] or [0]
    late_by = f"in chunks of 1 frame, each row comes {_frames(frames)} later than it could"
    return [late_by] if frames > 0 and not others else []


def _frames(number: int) -> str:
    return f"{number} frame{'s' * (number != 1)}"


def _counts(cases: Sequence[Case], got: Sequence[Array | None]) -> list[str]:
    """Return which rows are missing, or that there are too many, if this is so for all streams."""
    more = [None if rows is None else len(rows) - FRAMES for rows in got]
    reach = [case.reach[1] if len(case.reach) > 1 else 0 for case in cases]
    if any(reach) and all(each == -ahead for each, ahead in zip(more, reach, strict=True)):
        return ["the rows that wait for later frames, as many as the look-ahead taps reach, are never returned"]
    if all(each is not None and each > 0 for each in more):
        return ["more rows are returned than there are frames"]
    return []


def _in_turn(target: Target, cases: Sequence[Case]) -> list[str]:
    """Return whether streams that are right alone are wrong if they are fed in turn."""
    for case in cases:
        trial = Trial(target, case.form)
        other = case.but(**{name: case[name][::-1].copy() for name in case.form.floats})
        try:
            pair = [Streamed(trial, case), Streamed(trial, other)]
            while pair[0].left:
                for stream in pair:
                    stream.push()
            for stream in pair:
                stream.finish()
        except Violation:
            continue
        if not is_equal(np.concatenate(pair[0].rows), case.want["memory"]):
            return ["a stream is right alone, and wrong if another stream is fed in turn with it"]
    return []
