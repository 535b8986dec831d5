"""Whole cases: small enough to be read when they fail, and with every relation between frames, taps and strides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from hypothesis import strategies as st

from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.strategies.choices import choose
from fsmn_properties.strategies.positions import INTEGER_TYPES, KINDS, look_back, typed
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

    @cached_property
    def options(self) -> dict[str, tuple[int, ...]]:
        """What a size is drawn from: few taps are more frequent, so that positions exceed what they reach."""
        return {
            "frames": _up_to(self.frames),
            "channels": _up_to(self.channels),
            "taps": (1, *range(2, self.taps + 1), 2, 3, 2, 0),
            # At times more than there are frames.
            "stride": (*range(1, self.stride + 1), 1, 2, 1, 1, 1, self.frames + 1),
        }


def _up_to(largest: int) -> tuple[int, ...]:
    some = range(2, largest + 1)
    return 1, *[*some] * (14 // largest or 1), 0


SMALL = Sizes()
TINY = Sizes(frames=7, channels=2, taps=4, stride=3)


@st.composite
def cases(draw: st.DrawFn, form: Form, values: Callable[[st.DrawFn, Any], Maker], sizes: Sizes = SMALL) -> Case:
    """Draw a case of `form` with `values` of float32 or float64 and positions of any kind and type."""
    options, sides = sizes.options, len(form.positions)
    (frames,), (channels,) = choose(draw, options["frames"]), choose(draw, options["channels"])
    taps = zip(form.filters, choose(draw, *[options["taps"]] * sides), strict=True)
    rows = {"hidden": frames} | {name: some + (name == "bfilter") for name, some in taps}
    strides = dict(zip(form.strides, choose(draw, *[options["stride"]] * sides), strict=True))
    dtype, *kinds = choose(draw, FLOATS, *[INTEGER_TYPES] * sides, *[KINDS] * sides)
    places = {}
    for name, integers, kind in zip(form.positions, kinds[:sides], kinds[sides:], strict=True):
        numbers = look_back(draw, kind, frames)
        places[name] = typed(numbers[::-1] if name == "fposition" else numbers, integers)
    make = values(draw, dtype)
    floats = {name: make((rows[name], channels)) for name in form.floats}
    return Case(form, floats, places, strides, dmemory=make((frames, channels)))


def whole_cases(form: Form, sizes: Sizes = SMALL) -> st.SearchStrategy[Case]:
    """Cases of whole numbers, on which two correct implementations agree with ==."""
    return cases(form, whole_numbers, sizes)


def float_cases(form: Form, sizes: Sizes = TINY) -> st.SearchStrategy[Case]:
    """Cases of finite floats of any magnitude."""
    return cases(form, any_floats, sizes)
