"""The types of results: those of rule R1, in which integers and lists count as float64."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.catalogue.statement import Source, mixed, statement
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.formats import FLOATS
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises
from fsmn_ref.arguments import Array

TYPES = (*FLOATS, "int64", "int8", "uint16", "list")
WIDE = ("float64", "longdouble", "int64")
BEYOND_SINGLE = 1 << 25  # and 1, 2 or 3 more: no float32 holds it, and 5 products of two still fit in a float64
# Frames and taps: what has nothing to compute is easily returned as it came, and what is long goes other ways.
SHAPES = ((5, 2), (3, 0), (0, 2), (120, 2))
USUAL = ("float32", "float64")


def _numbers(rows: int, channels: int) -> Array:
    """Return whole numbers whose sums are exact in half precision too: 5 products of 9 stay below 2**11."""
    numbers = np.arange(1, 1 + channels * rows).reshape(rows, channels) % 4
    numbers[5:] = 0
    return numbers


def _typed(value: Array, name: str) -> Array:
    """Return whole numbers of a type; what a narrower type would lose counts, so an argument can't pass through one."""
    dtype = np.dtype("float64" if name == "list" else name)
    return (value + BEYOND_SINGLE * (value > 0) if name in WIDE else value).astype(dtype)


def _every_type(form: Form, promises: Promises) -> Iterator[Case]:
    names, channels = form.matrices, 2 * promises.channels_multiple_of
    some = [name for name in TYPES if name in promises.formats or (name == "list" and promises.lists)]
    ways = mixed(
        (shape, name, one, others)
        for shape, name, one, others in product(SHAPES, names, some, some)
        if shape != SHAPES[-1] or others in USUAL  # for the time that it takes
        if one is not others or name is names[0]
    )
    ordinary = (promises.position_types[0],) * len(form.positions)
    for (frames, taps), name, one, others in ways:
        sides = (max(taps, promises.taps[0]), max(taps, promises.ahead[0]))[: len(form.positions)]
        plain = Recipe(form.short, max(frames, promises.frames[0]), channels, sides, position_types=ordinary).case()
        kinds = {each: one if each == name else others for each in names}
        typed = {each: _typed(_numbers(*plain[each].shape), kind) for each, kind in kinds.items()}
        layouts = {each: "a list" for each, kind in kinds.items() if kind == "list" and plain[each].size}
        yield plain.but(**typed).handed(**layouts)


TYPES_OF_ARGUMENTS = Source(
    "types",
    listed=_every_type,
    note=f"each argument in each of {len(TYPES)} types, beside each; long ones beside float32 and float64",
)


@statement(TYPES_OF_ARGUMENTS, "R1", few=200)
def results_have_the_promised_type(trial: Trial, case: Case) -> None:
    """Results have the dtype of numpy.result_type, integers counting as float64, in native byte order."""
    agree(case, trial.results(case))
