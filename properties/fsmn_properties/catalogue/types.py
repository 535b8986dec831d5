"""The types of results: those of `numpy.result_type`, in which integers and lists count as float64."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import all_equal
from fsmn_properties.property import Covered, for_each_form_alone, mixed
from fsmn_ref import utterance_positions
from fsmn_ref.arguments import Array

TYPES = (np.float32, np.float64, np.float16, np.longdouble, np.int64, np.int8, np.uint16, list)
WIDE = (np.float64, np.longdouble, np.int64)
BEYOND_SINGLE = 1 << 25  # and 1, 2 or 3 more: no float32 holds it, and 5 products of two still fit in a float64
# Frames and taps: what has nothing to compute is easily returned as it came, and what is long goes other ways.
SHAPES = ((5, 2), (3, 0), (0, 2), (120, 2))
USUAL = (np.float32, np.float64)


def _whole_numbers(form: Form, frames: int, taps: int) -> Case:
    """Return a case whose sums are exact in half precision as well: 5 products of 9 stay below 2**11.

    Further rows are zeros, so that this and BEYOND_SINGLE hold for any number of frames.
    """

    def small(rows: int) -> Array:
        numbers = np.arange(1, 1 + 2 * rows).reshape(rows, 2) % 4
        numbers[5:] = 0
        return numbers

    rows = {"hidden": frames, "bfilter": taps + 1}
    positions = dict(zip(form.positions, utterance_positions([frames]), strict=False))
    floats = {name: small(rows.get(name, taps)) for name in form.floats}
    return Case(form, floats, positions, dict.fromkeys(form.strides, 1), small(frames))


def _typed(value: Array, dtype: type) -> Any:
    """Return whole numbers of a type; what a narrower type would lose counts, so an argument can't pass through one."""
    if dtype is list:
        return value.tolist() if value.size else value.astype(float)  # a list without rows has no channels either
    return (value + BEYOND_SINGLE * (value > 0) if dtype in WIDE else value).astype(dtype)


@for_each_form_alone(
    f"each argument in each of {len(TYPES)} types, beside each; long ones beside float32 and float64", few=200
)
def results_have_the_promised_type(implementation: Any, form: Form) -> Iterator[Covered]:
    """Results have the dtype of numpy.result_type, integers counting as float64, in native byte order."""
    names = ("dmemory", *form.floats)
    ways = mixed(
        (shape, name, one, others)
        for shape, name, one, others in product(SHAPES, names, TYPES, TYPES)
        if shape != SHAPES[-1] or others in USUAL  # for the time that it takes
        if one is not others or name is names[0]
    )
    for shape, name, one, others in ways:
        plain = _whole_numbers(form, *shape)
        case = plain.but(**{each: _typed(plain[each], one if each == name else others) for each in names})
        want = case.results(fsmn_ref)
        all_equal(case, case.results(implementation), want)
        yield Covered()


PROPERTIES = (*results_have_the_promised_type,)
