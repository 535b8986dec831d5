"""Whole cases: small enough to be read when they fail, and with every relation between frames, taps and strides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.strategies import positions
from fsmn_properties.strategies.values import Maker, any_floats, whole_numbers

FLOATS = (np.float64, np.float32)


@dataclass(frozen=True)
class Sizes:
    """The largest shape that is drawn. Sizes of 1 and 0 are rare: what they show, a few cases show.

    Empty shapes come last, where shrinking does not look for them first.
    """

    frames: int = 14
    channels: int = 4
    taps: int = 8
    stride: int = 3

    def shape(self) -> st.SearchStrategy[tuple[int, int]]:
        """Draw (T, D)."""
        return st.tuples(_up_to(self.frames), _up_to(self.channels))

    def rows(self) -> st.SearchStrategy[int]:
        """Draw the number of taps of a filter."""
        return _up_to(self.taps)

    def strides(self) -> st.SearchStrategy[int]:
        """Draw the number of frames between taps, at times more than there are frames."""
        return st.sampled_from([*range(1, self.stride + 1), 1, 2, 1, self.frames + 1])


def _up_to(largest: int) -> st.SearchStrategy[int]:
    some = [*range(2, largest + 1)]
    return st.sampled_from([1, *some * (14 // largest or 1), 0])


SMALL = Sizes()
TINY = Sizes(frames=7, channels=2, taps=4, stride=3)


@st.composite
def cases(draw: st.DrawFn, form: Form, values: Callable[[Any], st.SearchStrategy[Maker]], sizes: Sizes = SMALL) -> Case:
    """Draw a case of `form` with `values` of float32 or float64 and positions of any kind and type."""
    frames, channels = draw(sizes.shape())
    taps = {name: draw(sizes.rows()) + (name == "bfilter") for name in form.filters}
    strides = {name: draw(sizes.strides()) for name in form.strides}
    kinds = {"fposition": positions.look_ahead}
    places = {name: draw(positions.typed(kinds.get(name, positions.look_back)(frames))) for name in form.positions}
    make = draw(values(draw(st.sampled_from(FLOATS))))
    floats = {name: make((taps.get(name, frames), channels)) for name in form.floats}
    return Case(form, floats, places, strides, dmemory=make((frames, channels)))


def whole_cases(form: Form, sizes: Sizes = SMALL) -> st.SearchStrategy[Case]:
    """Cases of whole numbers, on which two correct implementations agree with ==."""
    return cases(form, whole_numbers, sizes)


def float_cases(form: Form, sizes: Sizes = TINY) -> st.SearchStrategy[Case]:
    """Cases of finite floats of any magnitude."""
    return cases(form, any_floats, sizes)
