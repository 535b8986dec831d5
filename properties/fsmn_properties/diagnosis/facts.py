"""What a named map may depend on: sizes, strides and positions of a case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.contract.forms import UNI, Form
from fsmn_ref.arguments import Array

BACK, AHEAD = "back", "ahead"


@dataclass(frozen=True)
class Facts:
    """A case without its values.

    Parameters
    ----------
    case : Case
        The case.
    """

    case: Case

    @property
    def form(self) -> Form:
        """The form."""
        return self.case.form

    @property
    def frames(self) -> int:
        """The number of frames, T."""
        return self.case.frames

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of rows of each filter."""
        return {name: len(self.case[name]) for name in self.form.filters}

    @cached_property
    def taps(self) -> dict[str, int]:
        """The number of taps of each side, without the current frame's own."""
        return dict(zip((BACK, AHEAD), self.case.taps, strict=False))

    @cached_property
    def strides(self) -> dict[str, int]:
        """The stride of each side."""
        return {
            side: int(self.case.plain.get(name, 1))
            for side, name in zip((BACK, AHEAD), self.form.strides, strict=False)
        }

    @cached_property
    def positions(self) -> dict[str, Array]:
        """How many frames each row may look, on each side."""
        return {
            side: np.asarray(self.case[name]).astype(np.int64)
            for side, name in zip((BACK, AHEAD), self.form.positions, strict=False)
        }

    @cached_property
    def room(self) -> dict[str, Array]:
        """How many frames there are before and behind each row."""
        rows = np.arange(self.frames)
        return {BACK: rows, AHEAD: rows[::-1]}

    @cached_property
    def first_rows(self) -> dict[str, int]:
        """The number of the first row of each filter among all taps; the identity comes last."""
        places, place = {}, 0
        for name, count in self.counts.items():
            places[name], place = place, place + count
        return places

    @property
    def identity(self) -> int:
        """The number of the identity among all taps."""
        return sum(self.counts.values())

    def filter_of(self, side: str) -> str:
        """Return the filter of a side."""
        return self.form.filters[0] if side == BACK else self.form.filters[-1]

    def own(self, side: str) -> int:
        """Return how many rows of the filter of a side come before its first tap: the current frame's own."""
        return int(side == BACK and self.form is not UNI)

    def other(self, side: str) -> str:
        """Return the other side, if there is one."""
        return side if self.form is UNI else AHEAD if side == BACK else BACK

    def tap_names(self) -> tuple[str, ...]:
        """Return what the taps are called, the identity last."""
        return (*(f"{name}[{row}]" for name, count in self.counts.items() for row in range(count)), "identity")

    @cached_property
    def starts(self) -> Any:
        """The rows that may look back at nothing."""
        return np.flatnonzero(self.positions[BACK] == 0)
