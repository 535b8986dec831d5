"""What a place in a map may have in common with others: its row, tap, frame, channel and the sizes of its case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np

from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_ref.arguments import Array

GRAINS = ("rows", "taps", "frames")
"""Whether a place is a row, a row and a tap, or a row and a frame; and a channel."""


@dataclass(frozen=True, eq=False)
class Places:
    """Places of a case.

    Parameters
    ----------
    facts : Facts
        The case.
    grain : str
        One of `GRAINS`.
    rows, others, channels : ndarray
        For each place its row, its tap (the identity last) or frame, and its channel.
    values : mapping of str to ndarray
        The values of all matrices.
    """

    facts: Facts
    grain: str
    rows: Array
    others: Array
    channels: Array
    values: Mapping[str, Array]

    @cached_property
    def filter_sides(self) -> Array:
        """Whether the tap of each place is of the look-ahead."""
        if self.facts.form is UNI:
            return np.zeros(len(self.rows), bool)
        return (self.others >= self.facts.counts["bfilter"]) & (self.others < self.facts.identity)

    @cached_property
    def numbers(self) -> Array:
        """How many strides away the tap of each place is; 0 for the frame itself."""
        if self.facts.form is UNI:
            number = self.others + 1
        else:
            number = np.where(self.filter_sides, self.others - self.facts.counts["bfilter"] + 1, self.others)
        return np.where(self.others >= self.facts.identity, 0, number)

    def of_side(self, back: Array | int, ahead: Array | int) -> Array:
        """Return for each place what belongs to the side of its tap."""
        return np.where(self.filter_sides, ahead, back)

    @cached_property
    def lags(self) -> Array:
        """How many frames away the tap of each place is."""
        strides = self.facts.strides
        most = 2 * self.facts.frames + 1
        return self.numbers * self.of_side(min(strides[BACK], most), min(strides.get(AHEAD, 1), most))

    @cached_property
    def frames(self) -> Array:
        """The frame of each place; outside the array where it has none."""
        if self.grain == "frames":
            return self.others
        return np.where(self.filter_sides, self.rows + self.lags, self.rows - self.lags)


Values: TypeAlias = Callable[[Places], Array]


class Feature(NamedTuple):
    """A number of each place, in words.

    Parameters
    ----------
    name : str
        What it is, as `where {name} is at least 3`.
    values : callable
        From places to numbers.
    says : dict of str to str
        Better words for a comparison, by `==`, `>=`, `<=` or `%`, or such with a number: `{v}` is the number, `{w}` the
        next one, `{m}` what it is divided by.
    divides : bool
        Whether its remainders may matter.
    weight : float
        How far-fetched it is.
    """

    name: str
    values: Values
    says: Mapping[str, str] = MappingProxyType({})
    divides: bool = False
    weight: float = 1.0


def features(form: Form, grain: str) -> Iterator[Feature]:
    """Yield the numbers that places of a form may have in common."""
    yield from _of_rows(form)
    yield from _of_channels()
    if grain == "taps":
        yield from _of_taps()
    if grain == "frames":
        yield from _of_frames()
    yield from _of_values(grain)
    yield from _of_sizes(form)


def _of_rows(form: Form) -> Iterator[Feature]:
    every = "in every {m}th row, row {v} first"
    says = {"==": "in row {v}", ">=": "in rows from {v} on", "<=": "in rows up to {v}", "%": every}
    yield Feature("the row", lambda p: p.rows, says, divides=True)
    says = {
        "==0": "in the last row",
        "==": "in the row that {v} others follow",
        "<=": "in the last {w} rows",
        ">=": "in all rows but the last {v}",
        ">=1": "in all rows but the last",
    }
    yield Feature("the number of rows that follow", lambda p: p.facts.frames - 1 - p.rows, says)
    for side, name in zip((BACK, AHEAD), form.positions, strict=False):

        def position(p: Places, side: str = side) -> Array:
            return p.facts.positions[side][p.rows]

        of = f"{name}[row]"
        first, last = ("first", "last") if side == BACK else ("last", "first")
        says = {
            "==0": f"where {of} is 0, as in the {first} row of an utterance",
            ">=1": f"where {of} is not 0",
            "%": f"where {of} divided by {{m}} leaves {{v}}",
        }
        yield Feature(of, position, says, divides=True)
        room = f"the number of frames {'before' if side == BACK else 'after'} the row that {of} leaves out"
        yield Feature(
            room,
            lambda p, s=side: p.facts.room[s][p.rows] - p.facts.positions[s][p.rows],  # type: ignore[misc]
            {"==0": f"where {of} is as large as it can be", ">=1": f"where {of} is less than it can be"},
            weight=1.3,
        )
        for step, which in ((-1, "before"), (1, "after")):
            yield Feature(
                f"{of} less that of the row {which}",
                lambda p, s=side, t=step: _steps(p, s, t),  # type: ignore[misc]
                {
                    "<=-1": f"where {of} is less than that of the row {which}",
                    "<=0": f"where {of} is not more than that of the row {which}",
                    ">=0": f"where {of} is not less than that of the row {which}",
                    ">=1": f"where {of} is more than that of the row {which}",
                    "==0": f"where {of} equals that of the row {which}",
                },
            )
        reach = "taps reach" if form is UNI else f"{'look-back' if side == BACK else 'look-ahead'} taps reach"
        yield Feature(
            f"{of} less how far the {reach}",
            lambda p, s=side: p.facts.positions[s][p.rows] - _reach(p.facts, s),  # type: ignore[misc]
            {
                ">=0": f"where {of} allows all taps",
                "<=-1": f"where {of} does not allow all taps",
                ">=1": f"where {of} is more than the {reach}",
                "<=0": f"where {of} is not more than the {reach}",
            },
        )
        yield Feature(
            f"{of} less the number of taps",
            lambda p, s=side: p.facts.positions[s][p.rows] - p.facts.taps[s],  # type: ignore[misc]
            weight=1.5,
        )
        yield Feature(
            f"{name} of the last row" if side == BACK else f"{name} of the first row",
            lambda p, s=side: np.full(len(p.rows), p.facts.positions[s][-1 if s == BACK else 0]) - p.facts.frames + 1,  # type: ignore[misc]
            {
                "==0": f"if {name}[{'T-1' if side == BACK else '0'}] is as large as it can be",
                "<=-1": f"if {name}[{'T-1' if side == BACK else '0'}] is less than it can be",
            },
        )
        yield Feature(
            f"the distance of the row from the {first} row with {name} 0",
            lambda p, s=side: _since(p.facts.positions[s], s)[p.rows],  # type: ignore[misc]
            {"<=-1": f"where no row {'before' if side == BACK else 'after'} has {name} 0"},
            divides=True,
            weight=2,
        )
        del last
    yield Feature(
        "the number of the utterance",
        lambda p: np.searchsorted(p.facts.starts, p.rows, side="right") - 1,
        {"<=0": "in the first utterance", ">=1": "from the second utterance on", "%": "in every {m}th utterance"},
        divides=True,
    )
    yield Feature(
        "the number of utterances that follow",
        lambda p: len(p.facts.starts) - np.searchsorted(p.facts.starts, p.rows, side="right"),
        {"==0": "in the last utterance", ">=1": "in all utterances but the last"},
    )
    far = {
        ">=0": "in rows from which all taps read frames of the array",
        "<=-1": "in rows from which the taps reach beyond the first frame",
    }
    yield Feature("the row less how far the taps look back", lambda p: p.rows - _reach(p.facts, BACK), far, weight=1.5)
    yield Feature("the row less the number of look-back taps", lambda p: p.rows - p.facts.taps[BACK], weight=1.5)


def _reach(facts: Facts, side: str) -> int:
    return min(facts.taps[side] * facts.strides[side], 2**40)


def _steps(p: Places, side: str, step: int) -> Array:
    position = p.facts.positions[side]
    other = np.clip(p.rows + step, 0, max(0, len(position) - 1))
    # A row that has none before it begins anew.
    beyond = (p.rows + step < 0) | (p.rows + step >= len(position))
    return np.where(beyond, 0, position[p.rows] - position[other])


def _since(position: Array, side: str) -> Array:
    if side == AHEAD:
        return _since(position[::-1], BACK)[::-1]
    rows = np.arange(len(position))
    last = np.maximum.accumulate(np.where(position == 0, rows, -1))
    return np.where(last < 0, -1, rows - last)


def _of_channels() -> Iterator[Feature]:
    says = {
        "==": "in channel {v}",
        ">=": "in channels from {v} on",
        "<=": "in channels up to {v}",
        "%": "in every {m}th channel, channel {v} first",
    }
    yield Feature("the channel", lambda p: p.channels, says, divides=True)
    says = {
        "==0": "in the last channel",
        "<=": "in the last {w} channels",
        ">=": "in all channels but the last {v}",
        ">=1": "in all channels but the last",
    }
    yield Feature("the number of channels that follow", lambda p: p.facts.case.channels - 1 - p.channels, says)
    yield Feature(
        "the channel less the number of taps", lambda p: p.channels - p.facts.counts[p.facts.form.filters[0]], weight=2
    )


def _of_taps() -> Iterator[Feature]:
    says = {
        "==": "of the taps, for number {v}",
        ">=": "of the taps, for those from number {v} on",
        "<=": "of the taps, for the first {v}",
        "==1": "for the first tap",
        "%": "for every {m}th tap, number {v} first",
        "==0": "for the frame's own tap",
    }
    yield Feature("the tap", lambda p: p.numbers, says, divides=True)
    says = {
        "==0": "for the last tap",
        "==": "for the tap that {v} others follow",
        "<=": "for the last {w} taps",
        ">=": "for all taps but the last {v}",
        ">=1": "for all taps but the last",
    }
    yield Feature("the number of taps that follow", _taps_to_go, says)
    yield Feature("the distance of the tap", lambda p: p.lags, divides=True, weight=1.5)
    yield Feature(
        "position less the distance of the tap",
        _slack,
        {
            "==0": "where the tap reaches exactly as far as position allows",
            ">=0": "where position allows the tap",
            ">=1": "where position allows more than the tap's distance",
            "<=-1": "where position forbids the tap",
        },
    )
    yield Feature("the number of the tap less that of taps on the other side", _over_other)
    yield Feature("the number of the tap less that of channels", lambda p: p.numbers - p.facts.case.channels, weight=2)
    yield from _of_read()


def _of_frames() -> Iterator[Feature]:
    yield Feature("the distance of the frame", lambda p: np.abs(p.rows - p.others), divides=True)
    yield from _of_read()


def _of_read() -> Iterator[Feature]:
    says = {
        "==": "where frame {v} is read",
        ">=": "where a frame from {v} on is read",
        "<=": "where a frame up to {v} is read",
        "%": "where every {m}th frame, frame {v} first, is read",
    }
    yield Feature("the frame that is read", lambda p: p.frames, says, divides=True, weight=1.5)
    says = {"==0": "where the last frame is read", ">=1": "where a frame but the last is read"}
    yield Feature(
        "the number of frames after the one that is read", lambda p: p.facts.frames - 1 - p.frames, says, weight=1.5
    )


def _of_values(grain: str) -> Iterator[Feature]:
    """Yield whether an element is positive, 0 or negative: 1, 0 or -1."""

    def sign(name: str, row: str, channel: int | None) -> Values:
        def values(p: Places) -> Array:
            rows = np.clip(p.rows if row == "row" else p.frames, 0, max(0, p.facts.frames - 1))
            signs: Array = np.sign(p.values[name][rows, p.channels if channel is None else channel]).astype(np.intp)
            return signs

        return values

    for row in ("row", "frame") if grain != "rows" else ("row",):
        for channel, word in ((None, "channel"), (0, "0")):
            for name in ("hidden", "dmemory"):
                of = f"{name}[{'row' if row == 'row' else 'the frame that is read'}, {word}]"
                signs = {
                    "<=-1": f"where {of} is negative",
                    "==-1": f"where {of} is negative",
                    ">=1": f"where {of} is positive",
                    "==1": f"where {of} is positive",
                    ">=0": f"where {of} is not negative",
                    "<=0": f"where {of} is not positive",
                }
                yield Feature(f"the sign of {of}", sign(name, row, channel), signs, weight=1.5)


def _taps_to_go(p: Places) -> Array:
    return p.of_side(p.facts.taps[BACK], p.facts.taps.get(AHEAD, 0)) - p.numbers


def _over_other(p: Places) -> Array:
    return p.numbers - p.of_side(p.facts.taps.get(AHEAD, 0), p.facts.taps[BACK])


def _slack(p: Places) -> Array:
    back, ahead = p.facts.positions[BACK], p.facts.positions.get(AHEAD, p.facts.positions[BACK])
    return p.of_side(back[p.rows], ahead[p.rows]) - p.lags


def _of_sizes(form: Form) -> Iterator[Feature]:
    def size(of: Callable[[Facts], int]) -> Values:
        return lambda p: np.full(len(p.rows), of(p.facts))

    words = {
        "frames": ("frame", lambda f: f.frames),
        "channels": ("channel", lambda f: f.case.channels),
        "back": ("tap" if form is UNI else "look-back tap", lambda f: f.taps[BACK]),
    }
    if form is BI:
        words["ahead"] = ("look-ahead tap", lambda f: f.taps[AHEAD])
    for word, of in words.values():
        says = {
            "==": f"with {{v}} {word}s",
            "==1": f"with one {word}",
            "==0": f"with no {word}",
            ">=": f"from {{v}} {word}s on",
            "<=": f"up to {{v}} {word}s",
            "%": f"if the number of {word}s divided by {{m}} leaves {{v}}",
            "%0": f"if the number of {word}s is a multiple of {{m}}",
        }
        yield Feature(f"the number of {word}s", size(of), says, divides=True, weight=1.2)
    for side, name in zip((BACK, AHEAD), form.strides, strict=False):
        says = {
            "==": f"with {name} {{v}}",
            ">=2": f"if {name} is more than 1",
            "<=1": f"if {name} is 1",
            ">=": f"from {name} {{v}} on",
            "<=": f"up to {name} {{v}}",
            "%": f"if {name} divided by {{m}} leaves {{v}}",
            "%0": f"if {name} is a multiple of {{m}}",
        }
        yield Feature(name, size(lambda f, s=side: min(f.strides[s], 2**40)), says, divides=True, weight=1.2)  # type: ignore[misc]
    yield Feature(
        "the number of elements of hidden", size(lambda f: f.frames * f.case.channels), divides=True, weight=2.5
    )
    yield Feature(
        "the number of utterances",
        size(lambda f: len(f.starts)),
        {"==1": "if there is one utterance", ">=2": "if there are several utterances"},
        weight=1.2,
    )
    yield Feature("the number of channels less that of taps", size(lambda f: f.case.channels - f.taps[BACK]), weight=2)
    yield Feature("the number of frames less that of channels", size(lambda f: f.frames - f.case.channels), weight=2)
    if form is BI:
        yield Feature(
            "bstride less fstride",
            size(lambda f: min(f.strides[BACK], 2**40) - min(f.strides[AHEAD], 2**40)),
            {
                "==0": "if the strides are the same",
                ">=1": "if bstride is more than fstride",
                "<=-1": "if bstride is less than fstride",
            },
        )
        yield Feature(
            "the number of look-back taps less that of look-ahead taps",
            size(lambda f: f.taps[BACK] - f.taps[AHEAD]),
            {
                "==0": "if both sides have as many taps",
                ">=1": "if there are more look-back than look-ahead taps",
                "<=-1": "if there are fewer look-back than look-ahead taps",
            },
        )
