"""Sizes of 0, 1 and 2, which code treats specially and which are rarely drawn together: all of them, every time."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

import numpy as np

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.catalogue.memory import agrees_in_c_order, share_no_memory
from fsmn_properties.forms import FORMS, Form
from fsmn_properties.property import Covered, Property
from fsmn_ref import utterance_positions
from fsmn_ref.arguments import Array

FRAMES, CHANNELS, TAPS = range(4), range(3), range(3)


def _numbered(rows: int, channels: int) -> Array:
    return np.arange(1.0, 1 + rows * channels).reshape(rows, channels)


def _every_small_size(implementation: Any, form: Form) -> Covered:
    cases = 0
    for frames, channels, *taps in product(FRAMES, CHANNELS, *[TAPS] * len(form.filters)):
        rows = {"hidden": frames, "bfilter": taps[0] + 1, "filter": taps[0], "ffilter": taps[-1]}
        floats = {name: _numbered(rows[name], channels) for name in form.floats}
        arrays = dict(zip(form.positions, utterance_positions([frames]), strict=False))
        for positions in (arrays, {name: value.tolist() for name, value in arrays.items()}):
            case = Case(form, floats, positions, dict.fromkeys(form.strides, 1), _numbered(frames, channels))
            agrees_in_c_order(implementation, case, case.results(fsmn_ref))
            share_no_memory(case, case.results(implementation))
            cases += 1
    return Covered(cases, f"all sizes up to {FRAMES[-1]} frames, {CHANNELS[-1]} channels, {TAPS[-1]} taps")


PROPERTIES = tuple(
    Property(
        f"{form.short}_every_small_size",
        "Memory and gradients are right, and new arrays, for each number of frames, channels and taps from 0 to 2.",
        partial(_every_small_size, form=form),
        None,
    )
    for form in FORMS
)
