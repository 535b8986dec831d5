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
from fsmn_properties.strategies.once import one_of_these
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


def _up_to(largest: int) -> st.SearchStrategy[int]:
    some = range(2, largest + 1)
    return one_of_these(1, *[*some] * (14 // largest or 1), 0)


# Hypothesis at times repeats what a strategy drew where the same one draws again, which would make both sides of a case
# alike too often: those who look ahead draw from the same values in another order, and so from another strategy.


def _taps(sizes: Sizes, *, ahead: bool) -> st.SearchStrategy[int]:
    """Draw a number of taps, at times so few that positions exceed what they reach."""
    few = (3, 2, 2) if ahead else (2, 3, 2)
    return one_of_these(1, *range(2, sizes.taps + 1), *few, 0)


def _strides(sizes: Sizes, *, ahead: bool) -> st.SearchStrategy[int]:
    """Draw the number of frames between taps, at times more than there are frames."""
    small = (1, 1, 2, 1, 1) if ahead else (1, 2, 1, 1, 1)
    return one_of_these(*range(1, sizes.stride + 1), *small, sizes.frames + 1)


SMALL = Sizes()
TINY = Sizes(frames=7, channels=2, taps=4, stride=3)


@st.composite
def cases(draw: st.DrawFn, form: Form, values: Callable[[st.DrawFn, Any], Maker], sizes: Sizes = SMALL) -> Case:
    """Draw a case of `form` with `values` of float32 or float64 and positions of any kind and type."""
    frames, channels = draw(_up_to(sizes.frames)), draw(_up_to(sizes.channels))
    taps = {name: draw(_taps(sizes, ahead=name == "ffilter")) + (name == "bfilter") for name in form.filters}
    strides = {name: draw(_strides(sizes, ahead=name == "fstride")) for name in form.strides}
    places = {name: positions.typed(draw, _positions(draw, name, frames)) for name in form.positions}
    make = values(draw, draw(one_of_these(*FLOATS)))
    floats = {name: make((taps.get(name, frames), channels)) for name in form.floats}
    return Case(form, floats, places, strides, dmemory=make((frames, channels)))


def _positions(draw: st.DrawFn, name: str, frames: int) -> list[int]:
    ahead = name == "fposition"
    return positions.look_back(draw, frames)[:: -1 if ahead else 1]


def whole_cases(form: Form, sizes: Sizes = SMALL) -> st.SearchStrategy[Case]:
    """Cases of whole numbers, on which two correct implementations agree with ==."""
    return cases(form, whole_numbers, sizes)


def float_cases(form: Form, sizes: Sizes = TINY) -> st.SearchStrategy[Case]:
    """Cases of finite floats of any magnitude."""
    return cases(form, any_floats, sizes)
