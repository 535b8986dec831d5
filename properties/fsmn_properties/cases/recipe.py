"""A case as few numbers and words: what Hypothesis draws and shrinks, and what a script prints for a large input."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from fsmn_properties.cases import positions, sharing, values
from fsmn_properties.cases.case import Case
from fsmn_properties.cases.chunks import cut
from fsmn_properties.contract.forms import FORMS, UNI


@dataclass(frozen=True)
class Recipe:
    """Everything that makes a case.

    Parameters
    ----------
    form : str
        `uni` or `bi`. What is given for each side has one entry for `uni`, and two, look-back first, for `bi`.
    frames, channels : int
        The shape of hidden.
    taps, strides : tuple of int
        For each side.
    positions : tuple of (str, int)
        Kind and number of the position sequence of each side, as in `fsmn_properties.cases.positions`.
    position_types : tuple of str
        The integer dtype of each side.
    formats : tuple of str
        The dtype of dmemory, hidden and each filter.
    values : str
        The kind of values, as in `fsmn_properties.cases.values`.
    number : int
        Where the random numbers of the values start.
    shortest : int
        The least length of an utterance.
    layouts : mapping of str to str
        How arguments are handed in, where not as plain arrays.
    by_name : bool
        Whether all arguments are given by name.
    period : int
        After how many channels the values repeat; 0 if they do not. With a prime number, channels that are mixed up
        differ all the same, unless their distance is a multiple of it.
    structure : str
        The structure of each filter, as in `fsmn_properties.cases.values`.
    shared : str
        How arguments share memory, as in `Case`.
    specials : tuple of (str, int, int, float)
        Numbers put into an argument: its name, row, channel and the number.
    history : tuple of str
        What happens between two calls, as in `fsmn_properties.cases.conjunctions`.
    chunks : tuple of (int, str, str), optional
        For a stream, the frames, layout and dtype of its chunks, which are repeated until all frames are used.
    """

    form: str
    frames: int
    channels: int
    taps: tuple[int, ...]
    strides: tuple[Any, ...] = ()
    positions: tuple[tuple[str, int], ...] = ()
    position_types: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    values: str = "whole"
    number: int = 0
    shortest: int = 1
    layouts: Mapping[str, str] | None = None
    by_name: bool = False
    period: int = 0
    structure: str = ""
    shared: str = ""
    specials: tuple[tuple[str, int, int, float], ...] = ()
    history: tuple[str, ...] = ()
    chunks: tuple[tuple[int, str, str], ...] | None = None

    def __repr__(self) -> str:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        told = {name: value for name, value in given.items() if value != getattr(_PLAIN, name, ...) or name == "form"}
        text = f"made({', '.join(f'{name}={value!r}' for name, value in told.items())})"
        return re.sub(r"(?<![\w'])(-?inf|nan)(?![\w'])", r"float('\1')", text)

    def case(self) -> Case:
        """Return the case."""
        form = next(form for form in FORMS if form.short == self.form)
        sides = len(form.positions)
        strides = self.strides or (1,) * sides
        rows = {"hidden": self.frames, "dmemory": self.frames} | dict(zip(form.filters, self.taps, strict=True))
        if form is not UNI:
            rows["bfilter"] += 1
        formats = dict(zip(form.matrices, self.formats or ("float64",) * len(form.matrices), strict=True))
        make = values.maker(self.values, self.number, sum(self.taps) + 2, len(form.matrices))
        plain: dict[str, Any] = {}
        for name in (*form.floats, "dmemory"):
            plain[name] = make((rows[name], self.period or self.channels), np.dtype(formats[name]))
            if self.period:
                plain[name] = np.take(plain[name], np.arange(self.channels) % self.period, axis=1)
            if self.structure and name in form.filters:
                plain[name] = values.structured(plain[name], self.structure)
        if self.structure in values.OF_SIDES:
            plain["ffilter"] = values.alike(plain["bfilter"], plain["ffilter"], self.structure)
        kinds = self.positions or (("whole", 0),) * sides
        types = self.position_types or ("int64",) * sides
        for side, (name, (kind, number), dtype) in enumerate(zip(form.positions, kinds, types, strict=True)):
            make_positions = positions.look_ahead if side else positions.look_back
            reach = self.taps[side] * int(strides[side])
            counted = make_positions(kind, number, self.frames, reach, self.shortest)
            plain[name] = np.minimum(counted, min(np.iinfo(dtype).max, 2**62)).astype(dtype)
        plain = sharing.shared_values(form, self.shared, plain)
        plain |= dict(zip(form.strides, strides, strict=True))
        for name, row, channel, value in self.specials:
            plain[name][row, channel] = value
        case = Case(form, plain, dict(self.layouts or {}), self.by_name, repr(self), self.period)
        chunks = () if self.chunks is None else cut(self.chunks, self.frames)
        return replace(case, history=self.history, shared=self.shared, chunks=chunks)


_PLAIN = Recipe("", -1, -1, ())


def made(**facts: Any) -> Case:
    """Return the case that a script names by its recipe; parameters are those of `Recipe`."""
    return Recipe(**facts).case()
