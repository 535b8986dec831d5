"""Sizes of 0 and a little more, which code treats specially and which are seldom drawn: all of them, every time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.catalogue.statement import Source, statement
from fsmn_properties.checks.arrays import new_results
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises

ALL = 2000  # they take no time

FRAMES, CHANNELS, TAPS = range(4), range(3), range(3)


def _every_size(form: Form, promises: Promises) -> Iterator[Case]:
    formats = (promises.float_formats[0],) * len(form.matrices)
    types = (promises.position_types[0],) * len(form.positions)
    multiple = promises.channels_multiple_of
    for frames, channels, *taps in product(FRAMES, CHANNELS, *[TAPS] * len(form.filters)):
        for layout, stride in product(("", "a list"), (1, FRAMES[-1] + 1)):
            strides = (stride,) * len(form.strides)
            layouts = dict.fromkeys(form.positions, layout)
            sizes = (form.short, frames, channels * multiple, tuple(taps), strides)
            yield Recipe(*sizes, (), types, formats, layouts=layouts).case()


SIZES = Source(
    "sizes",
    listed=_every_size,
    note=f"all sizes up to {FRAMES[-1]} frames, {CHANNELS[-1]} channels, {TAPS[-1]} taps",
)


@statement(SIZES, "D6, F1, F2, R2", few=ALL)
def every_small_size(trial: Trial, case: Case) -> None:
    """Memory and gradients are right, and new arrays, for each size of up to 3 frames, 2 channels and 2 taps."""
    agree(case, new_results(trial, case))
