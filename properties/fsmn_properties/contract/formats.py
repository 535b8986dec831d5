"""The number formats of arguments: every fact about a float format, once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isqrt
from typing import Any

import numpy as np

from fsmn_ref.arguments import Array


@dataclass(frozen=True)
class Format:
    """A binary float format.

    Parameters
    ----------
    name : str
        Its name in promises.
    digits : int
        Bits of the significand: whole numbers up to 2**digits are exact, and the unit roundoff is 2**-digits.
    top, bottom : int
        Exponents of the largest power of two and of the smallest subnormal number.
    """

    name: str
    digits: int
    top: int
    bottom: int

    @property
    def dtype(self) -> np.dtype[Any]:
        """The NumPy dtype."""
        return np.dtype(self.name)

    def whole_limit(self, terms: int) -> int:
        """Return the largest magnitude of whole numbers of which so many products of two add up exactly."""
        return max(1, isqrt(2**self.digits // max(1, terms)))


def _format(name: str) -> Format:
    info = np.finfo(name)
    return Format(name, info.nmant + 1, info.maxexp - 1, info.minexp - info.nmant)


FLOATS: dict[str, Format] = {name: _format(name) for name in ("float64", "float32", "float16", "longdouble")}
INTEGERS = ("int64", "int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64")

EXTENDED_IS_WIDER = FLOATS["longdouble"].digits > FLOATS["float64"].digits
"""Whether long double holds products of doubles with an error far below the rounding of a double."""


EXTENDED_BITS = 80
"""Bits that long double holds where it is the extended format of x86, whatever it takes in memory."""


def name_of(dtype: np.dtype[Any]) -> str:
    """Return the name of a dtype in promises, whatever its byte order."""
    native = dtype.newbyteorder("=")
    return next((name for name in (*FLOATS, *INTEGERS) if np.dtype(name) == native), native.name)


def format_of(dtype: np.dtype[Any]) -> Format:
    """Return the float format of a dtype."""
    return FLOATS[name_of(dtype)]


def result_dtype(arrays: Iterable[Array]) -> np.dtype[Any]:
    """Return the dtype of a result of these arguments by rule R1: integers count as float64."""
    kinds = [np.dtype(np.float64) if array.dtype.kind in "iu" else array.dtype for array in arrays]
    return np.result_type(*kinds).newbyteorder("=")
