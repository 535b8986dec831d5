"""Positions that are ignored, misread, or cut at blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, Form
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.named import Named, Sides, each_side, on
from fsmn_properties.diagnosis.reading import Tap
from fsmn_ref.arguments import Array

BLOCKS = (*range(2, 17), 20, 24, 25, 30, 32, 40, 48, 50, 64, 80, 96, 100, 120, 128, 200, 256, 400, 500, 512, 1000, 1024)
WRAPS = (4, 8, 16, 32, 64, 100, 128, 256, 512, 1024, 4096, 32_768, 65_536)
CAPS = (*range(1, 17), 31, 32, 63, 64, 100, 127, 128, 255, 256, 511, 512, 1023, 1024, 32_767, 65_535)

Of = Callable[[Array, Tap, Facts], Array]
"""From positions, a tap and facts to other positions."""


def _position(of: Of) -> Callable[[Tap, Facts], Tap]:
    return lambda tap, facts: replace(tap, position=of(tap.position, tap, facts))


def maps(form: Form) -> Iterator[Named]:
    """Yield the maps of a form."""
    for sides, suffix, words, names in each_side(form):
        position = names["position"]

        def of(key: str, says: str, change: Of, sides: Sides = sides, suffix: str = suffix, **more: Any) -> Named:
            return Named(f"{key}{suffix}", says, taps=on(sides, _position(change)), **more)

        yield of(
            "position ignored",
            f"{position} is ignored: {words} cross the boundaries of utterances",
            lambda p, tap, facts: facts.room[tap.side],
            known={"": 7},
        )
        yield of(
            "position ignored, wrapping",
            f"{position} is ignored, and {words} wrap round to the other end of the array",
            lambda p, tap, facts: np.full(facts.frames, 2**40),
            edge="wrap",
            known={"": 4},
        )
        yield of(
            "position ignored, clipped",
            f"{position} is ignored, and {words} that reach beyond the array read its first or last frame",
            lambda p, tap, facts: np.full(facts.frames, 2**40),
            edge="clip",
        )
        exclusive = f"{position} is taken as exclusive: a frame exactly that far away is not read (< instead of <=)"
        yield of("position exclusive", exclusive, lambda p, tap, facts: p - 1)
        beyond = f"{words} read one frame more than {position} allows"
        yield of("position one too far", beyond, lambda p, tap, facts: p + 1)
        yield of(
            "position one too far, wrapping", beyond + ", wrapping round", lambda p, tap, facts: p + 1, edge="wrap"
        )
        yield from _clipped(of, words, position)
        yield from _elsewhere(of, words, position, suffix, sides)
        yield from _blocks(of, words, position)
        if form is BI:
            yield of(
                "position of the other side",
                f"{words} are allowed by the position of the other side",
                lambda p, tap, facts: facts.positions[facts.other(tap.side)],
            )
            yield of(
                "position of both sides",
                f"{words} are allowed only as far as the positions of both sides reach",
                lambda p, tap, facts: np.minimum(p, facts.positions[facts.other(tap.side)]),
            )


def _clipped(of: Callable[..., Named], words: str, position: str) -> Iterator[Named]:
    yield of(
        "position clipped to the taps",
        f"{position} is cut to the number of taps before strides are taken into account",
        lambda p, tap, facts: np.minimum(p, facts.taps[tap.side]),
    )
    yield of(
        "position clipped to one tap less",
        f"{position} is cut to the number of taps less one",
        lambda p, tap, facts: np.minimum(p, facts.taps[tap.side] - 1),
    )
    yield of(
        "position rounded up",
        f"{position} is rounded up to a multiple of the stride",
        lambda p, tap, facts: np.minimum(
            -(-p // facts.strides[tap.side]) * facts.strides[tap.side], facts.room[tap.side]
        ),
    )
    yield of(
        "all taps or none",
        f"a row has {words} only if {position} allows all of them",
        lambda p, tap, facts: np.where(p >= facts.taps[tap.side] * facts.strides[tap.side], p, 0),
    )
    yield of(
        "position as a flag",
        f"{position} is taken as a flag: where it is not 0, {words} read all frames there are",
        lambda p, tap, facts: np.where(p > 0, facts.room[tap.side], 0),
    )
    yield of(
        "largest position for all",
        f"the largest number in {position} holds for all rows",
        lambda p, tap, facts: np.minimum(facts.room[tap.side], p.max(initial=0)),
    )
    for most in CAPS:
        yield of(
            f"position at most {most}",
            f"{words} reach at most {most} frames: larger numbers in {position} count as {most}",
            lambda p, tap, facts, most=most: np.minimum(p, most),
        )
    for limit in (128, 256, 32_768, 65_536):
        yield of(
            f"position from {limit} on is none",
            f"numbers from {limit} on in {position} count as 0 or less, as though they were negative",
            lambda p, tap, facts, limit=limit: np.where(p >= limit, 0, p),
        )
    for wrap in WRAPS:
        yield of(
            f"position modulo {wrap}",
            f"the numbers in {position} wrap at {wrap}",
            lambda p, tap, facts, wrap=wrap: p % wrap,
        )


def _elsewhere(
    of: Callable[..., Named], words: str, position: str, suffix: str, sides: tuple[str, ...]
) -> Iterator[Named]:
    yield Named(
        f"position of the frame that is read{suffix}",
        f"{words} are allowed by {position} of the frame that is read instead of the row's",
        taps=on(sides, lambda tap, facts: replace(tap, at_frame=True)),
        known={"": 16},
    )
    yield of(
        "position of the row before",
        f"{words} are allowed by {position} of the row before",
        lambda p, tap, facts: np.concatenate([p[:1], p[:-1]]),
    )
    yield of(
        "position of the next row",
        f"{words} are allowed by {position} of the next row",
        lambda p, tap, facts: np.concatenate([p[1:], p[-1:]]),
    )
    yield of(
        "positions reversed",
        f"{position} is read from its end",
        lambda p, tap, facts: p[::-1],
    )
    late = "each utterance after the first begins one row late: its first row belongs to the one before"
    yield of("utterances one row late", f"{late} ({position})", lambda p, tap, facts: _moved(p, tap.side, 1))
    early = "each utterance after the first begins one row early: it has the last row of the one before"
    yield of("utterances one row early", f"{early} ({position})", lambda p, tap, facts: _moved(p, tap.side, -1))
    yield of(
        "positions counted anew",
        f"{position} only marks where utterances begin or end (where it is 0), and is counted anew from there",
        lambda p, tap, facts: _counted(p, tap.side),
    )
    if AHEAD in sides:
        yield of(
            "look-ahead lost in the last utterance",
            "the last utterance has no look-ahead",
            lambda p, tap, facts: _but_the_last(p) if tap.side == AHEAD else p,
        )
        yield of(
            "look-ahead ends where look-back begins",
            "the look-ahead ends before the next frame whose bposition is 0, whatever fposition says",
            lambda p, tap, facts: _until(facts.positions[BACK]) if tap.side == AHEAD else p,
        )


def _moved(p: Array, side: str, by: int) -> Array:
    """Return the positions of utterances whose beginnings, or ends, are moved by a row."""
    if side == AHEAD:
        return _moved(p[::-1], BACK, -by)[::-1]
    rows = np.arange(len(p))
    starts = (np.flatnonzero(p == 0) + by)[1:]
    marks = np.zeros(len(p), np.intp)
    starts = starts[(starts > 0) & (starts < len(p))]
    marks[starts] = starts
    moved: Array = rows - np.maximum.accumulate(marks)
    return moved


def _counted(p: Array, side: str) -> Array:
    if side == AHEAD:
        return _counted(p[::-1], BACK)[::-1]
    rows = np.arange(len(p))
    counted: Array = rows - np.maximum.accumulate(np.where(p == 0, rows, 0))
    return counted


def _but_the_last(p: Array) -> Array:
    ends = np.flatnonzero(p == 0)[:-1]
    last: Array = np.where(np.arange(len(p)) > ends.max(initial=-1), 0, p)
    return last


def _until(p: Array) -> Array:
    ends = np.append(np.flatnonzero(p[1:] == 0), len(p) - 1)
    rows = np.arange(len(p))
    counted: Array = ends[np.searchsorted(ends, rows)] - rows
    return counted


def _blocks(of: Callable[..., Named], words: str, position: str) -> Iterator[Named]:
    for B in BLOCKS:
        yield of(
            f"boundary at every {B}",
            f"frames come in blocks of {B}, and {words} do not read across their boundaries",
            lambda p, tap, facts, B=B: np.minimum(
                p, facts.room[BACK] % B if tap.side == BACK else B - 1 - facts.room[BACK] % B
            ),
            known={"": 19} if position == "fposition" else {},
        )
