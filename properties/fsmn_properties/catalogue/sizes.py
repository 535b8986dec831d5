"""Sizes of 0 and a little more, which code treats specially and which are seldom drawn: all of them, every time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.catalogue.memory import agree_in_c_order, share_no_memory
from fsmn_properties.forms import Form
from fsmn_properties.property import Covered, for_each_form_alone
from fsmn_ref import utterance_positions
from fsmn_ref.arguments import Array

FRAMES, CHANNELS, TAPS = range(4), range(3), range(3)
ALL = 1000  # they take no time


def _numbered(rows: int, channels: int) -> Array:
    return np.arange(1.0, 1 + rows * channels).reshape(rows, channels)


@for_each_form_alone(f"all sizes up to {FRAMES[-1]} frames, {CHANNELS[-1]} channels, {TAPS[-1]} taps", few=ALL)
def every_small_size(implementation: Any, form: Form) -> Iterator[Covered]:
    """Memory and gradients are right, and new arrays, for each size of up to 3 frames, 2 channels and 2 taps."""
    for frames, channels, *taps in product(FRAMES, CHANNELS, *[TAPS] * len(form.filters)):
        rows = {"hidden": frames, "bfilter": taps[0] + 1, "filter": taps[0], "ffilter": taps[-1]}
        floats = {name: _numbered(rows[name], channels) for name in form.floats}
        arrays = dict(zip(form.positions, utterance_positions([frames]), strict=False))
        lists = {name: value.tolist() for name, value in arrays.items()}
        for positions, stride in product((arrays, lists), (1, FRAMES[-1] + 1)):
            case = Case(form, floats, positions, dict.fromkeys(form.strides, stride), _numbered(frames, channels))
            want = case.results(fsmn_ref)
            results = case.results(implementation)
            agree_in_c_order(case, results, want)
            share_no_memory(case, results)
            yield Covered()


PROPERTIES = (*every_small_size,)
