"""Values of arguments: whole numbers that floats add exactly, floats of any magnitude, NaN and infinities.

A number makes all values of a case, so that what is large is made by a line. Number 0 makes 1, 2, 3, ...: a
counterexample shrinks to numbers that say which element they are. Hypothesis does not draw single elements, since an
array made in that way is mostly one fill value, and hides what reads the wrong element.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from fsmn_properties.contract.formats import FLOATS, Format, format_of
from fsmn_ref.arguments import Array

KINDS = (
    *(
        "whole",
        "small whole",
        "bytes",
        "floats",
        "middling",
        "full",
        "outlier",
        "zeros",
        "ones",
        "equal rows",
        "blocks",
    ),
)
"""Kinds of values. Those of `floats` round; the results of all others are exact, but for those in ROUNDED."""

STRUCTURES = (
    "symmetric",
    "equal taps",
    "first channel symmetric",
    "first channel sparse",
    "first tap shared",
    "ends equal",
)
"""Structures of filters, which a kernel may take a short cut for; some have it only where a kernel looks."""

OF_SIDES = ("sides alike", "sides alike in the first channel", "sides alike in the nearest tap")
"""Structures of two filters: what one side has, the other has as well, all of it or where a kernel looks."""

ROUNDED = ("floats", "huge", "middling", "full", "outlier")
SPECIAL = (np.nan, np.inf, -np.inf)

HEADROOM = 8
"""Properties add up, double and concatenate what they draw; none needs more than this many times the magnitude."""

Maker = Callable[[tuple[int, int], np.dtype[Any]], Array]


def structured(filter: Array, structure: str) -> Array:
    """Return a filter with a structure that a kernel may take a short cut for, or that only a sample of it has."""
    shaped = filter.copy()
    if len(filter) == 0:
        return shaped
    match structure:
        case "symmetric":
            shaped = np.maximum(filter, filter[::-1])
        case "equal taps":
            shaped[:] = filter[:1]
        case "first channel symmetric":
            shaped[:, :1] = np.maximum(filter, filter[::-1])[:, :1]
        case "first channel sparse":
            shaped[1::2, :1] = 0
            shaped[len(filter) // 2 :, :1] = 0
        case "first tap shared":
            shaped[:1] = filter[:1, :1]
        case "ends equal":
            shaped[-1] = shaped[0]
    return shaped


def alike(back: Array, ahead: Array, structure: str) -> Array:
    """Return the look-ahead filter, like the look-back filter, which has the current frame's own tap besides."""
    shaped, taps = ahead.copy(), min(len(back) - 1, len(ahead)) if back.dtype == ahead.dtype else 0
    match structure:
        case "sides alike":
            shaped[:taps] = back[1 : 1 + taps]
        case "sides alike in the first channel":
            shaped[:taps, :1] = back[1 : 1 + taps, :1]
        case "sides alike in the nearest tap":
            shaped[: min(1, taps)] = back[1 : 1 + min(1, taps)]
    return shaped


def maker(kind: str, number: int, terms: int, arrays: int = 4) -> Maker:
    """Return a function that makes an array of a shape and a dtype; each call makes other numbers.

    Parameters
    ----------
    kind : str
        One of KINDS.
    number : int
        Where the random numbers start.
    terms : int
        How many products of two values a result may add up: whole numbers are so small that all sums are exact.
    arrays : int
        How many arrays will be made.
    """
    rng = np.random.default_rng(number)
    if kind in {"floats", "huge"}:
        return _any_floats(rng, terms, arrays, HUGE if kind == "huge" else int(rng.choice(MIXED)))
    if kind in {"middling", "full", "outlier"}:
        return _rounded(kind, rng)
    return _whole(kind, number, rng, terms)


def _whole(kind: str, number: int, rng: np.random.Generator, terms: int) -> Maker:
    def make(shape: tuple[int, int], dtype: np.dtype[Any]) -> Array:
        limit = largest_whole(dtype, terms, shape)
        if kind == "small whole":
            limit = min(limit, 7)
        if kind == "bytes":
            limit = min(limit, 127)
        if kind == "zeros":
            return np.zeros(shape, dtype)
        if kind == "ones":
            return np.ones(shape, dtype)
        least = 0 if dtype.kind == "u" else -limit
        if number == 0 and shape[0] * shape[1] <= limit:
            values = np.arange(1, 1 + shape[0] * shape[1]).reshape(shape).astype(dtype)
        else:
            values = rng.integers(least, limit, shape, endpoint=True).astype(dtype)
        if kind == "equal rows":
            values[1:] = values[:1]
        if kind == "blocks":
            _blank(values, number % 4)
        return values

    return make


def _blank(values: Array, which: int) -> None:
    """Write zeros to the first rows, those in the middle, the last ones, or some channels."""
    some = max(1, len(values) // 4)
    if which < 3:
        first = (0, len(values) // 3, len(values) - some)[which]
        values[max(0, first) : first + some] = 0
    else:
        values[:, ::3] = 0


def largest_whole(dtype: np.dtype[Any], terms: int, shape: tuple[int, int]) -> int:
    """Return the largest magnitude of whole numbers of a dtype with which no sum of a result rounds."""
    terms = HEADROOM * max(terms, shape[0])
    if dtype.kind in "iu":
        return min(int(np.iinfo(dtype).max), FLOATS["float64"].whole_limit(terms))
    return min(format_of(dtype).whole_limit(terms), 2**30)  # products of two fit in 64 bits


def _rounded(kind: str, rng: np.random.Generator) -> Maker:
    def make(shape: tuple[int, int], dtype: np.dtype[Any]) -> Array:
        if dtype.kind in "iu":
            small: Array = rng.integers(0, 100, shape).astype(dtype)
            return small
        if kind == "full":
            values = rng.standard_normal(shape)
        else:
            signs = rng.choice([-1.0, 1.0], shape) * (rng.random(shape) > 1 / 16)
            values = signs * np.exp2(rng.uniform(-4, 4, shape))
        if kind == "outlier" and len(values):
            values[int(rng.integers(len(values)))] *= 2.0 ** min(40, format_of_any(dtype).top // 4)
        made: Array = values.astype(dtype)
        return made

    return make


def format_of_any(dtype: np.dtype[Any]) -> Format:
    """Return the float format that values of a dtype are computed in: integers count as float64."""
    return FLOATS["float64"] if dtype.kind in "iu" else format_of(dtype)


def _any_floats(rng: np.random.Generator, terms: int, arrays: int, choice: int) -> Maker:
    """Return a maker of finite floats of any magnitude, subnormal ones and zeros among them.

    The values of one array lie within a number of powers of two of each other: if all magnitudes were mixed in each
    array, the largest term would hide what happens to the others. At times all arrays are of one magnitude: only
    products of two large values come near to overflow, and only those of two roots of the smallest are subnormal.
    """
    huge, made = int(rng.integers(arrays)), count()

    def make(shape: tuple[int, int], dtype: np.dtype[Any]) -> Array:
        if choice == HUGE:
            return _huge(rng, shape, dtype, terms) if next(made) == huge else _slight(rng, shape, dtype, terms)
        if dtype.kind in "iu":
            # As many bits as a double holds, up to the largest integers.
            digits, unsigned = min(52, 8 * dtype.itemsize - 1), dtype.kind == "u"
            least = 0 if unsigned else -(2**digits)
            whole: Array = rng.integers(least, 2**digits, shape, dtype=np.int64).astype(dtype)
            shifted: Array = whole << dtype.type(max(0, 8 * dtype.itemsize - digits - (not unsigned)))
            return shifted
        number_format = format_of(dtype)
        bottom, top = number_format.bottom, (number_format.top - max(terms, *shape).bit_length()) // 2 - 2
        if choice == BY_CHANNEL:
            high, width = rng.integers(bottom, top, shape[1:], endpoint=True), 2
        else:
            magnitudes = _magnitudes(bottom, top)[choice]
            least, most, widths = magnitudes[int(rng.integers(len(magnitudes)))]
            high = rng.integers(least, most, 1, endpoint=True)
            width = widths[int(rng.integers(len(widths)))]
        exponents = rng.integers(np.maximum(bottom, high - width), high, shape, endpoint=True)
        mantissas = rng.uniform(1, 2, shape) * rng.choice([-1, 1], shape) * (rng.random(shape) > 1 / 16)
        values: Array = np.ldexp(mantissas.astype(dtype), exponents.astype(np.intc)).astype(dtype)
        return values

    return make


HUGE, BY_CHANNEL = 5, 6
"""None of the magnitudes: one array near to overflow, in half of its channels, and the others so small that no sum
overflows; or any magnitudes in different channels, whose sums have nothing to do with each other."""

MIXED = (0, 1, 2, 3, 4, BY_CHANNEL)


def _huge(rng: np.random.Generator, shape: tuple[int, int], dtype: np.dtype[Any], terms: int) -> Array:
    if dtype.kind in "iu":
        return _slight(rng, shape, dtype, terms)
    mantissas, form = rng.uniform(1, 1.4, shape) * rng.choice([-1, 1], shape), format_of(dtype)
    exponents = np.where(rng.random(shape[1]) < 1 / 2, form.top, rng.integers(form.bottom, form.top, shape[1]))
    huge: Array = np.ldexp(mantissas.astype(dtype), exponents.astype(np.intc)).astype(dtype)
    return huge


def _slight(rng: np.random.Generator, shape: tuple[int, int], dtype: np.dtype[Any], terms: int) -> Array:
    if dtype.kind in "iu":
        return np.zeros(shape, dtype)
    bits = max(terms, *shape).bit_length()
    slight: Array = np.ldexp(rng.uniform(-1, 1, shape), -4 - bits).astype(dtype)
    return slight


Magnitude = tuple[int, int, tuple[int, ...]]
"""The range of an array's largest exponent, and by how much others may be smaller."""


def _magnitudes(bottom: int, top: int) -> tuple[tuple[Magnitude, ...], ...]:
    """Return what the arrays of one case may be of: each of one of these."""
    ordinary, small = (-4, min(4, top), (2, 12, 60)), (max(-45, bottom), max(-18, bottom), (12,))
    large, tiny = (top - 3, top, (2,)), (bottom, min(bottom + 30, top), (12,))
    root = (bottom // 2 - 4, min(bottom // 2 + 20, top), (2, 12))  # their products are subnormal
    whole = (bottom, top, (2, 12, 60, top - bottom))
    return (ordinary, small), (large,), (tiny,), (root,), (ordinary, small, large, tiny, root, whole)
