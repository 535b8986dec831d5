"""Layouts: the same values, in the way that each name says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from fsmn_properties.cases.layouts import EXPANDED, LAYOUTS, LISTS, LOSE_THEIR_TYPE, OF_POSITIONS, applies, laid
from fsmn_ref.arguments import Array

MATRIX = np.arange(1.0, 13.0).reshape(4, 3)

IS: dict[str, Callable[[Any], Any]] = {
    "Fortran-ordered": lambda a: a.flags.f_contiguous and not a.flags.c_contiguous,
    "strided": lambda a: not a.flags.c_contiguous and not a.flags.f_contiguous and a.strides[1] > a.itemsize,
    "every other row": lambda a: a.strides == (2 * a.shape[1] * a.itemsize, a.itemsize),
    "every other channel": lambda a: a.strides[1] == 2 * a.itemsize,
    "cut out of wider rows": lambda a: a.strides == (2 * a.shape[1] * a.itemsize, a.itemsize),
    "cut out of more rows": lambda a: a.flags.c_contiguous and a.base is not None and len(a.base) == 2 * len(a),
    "reversed": lambda a: a.strides[0] < 0 < a.strides[1],
    "reversed in its last axis": lambda a: a.strides[1] < 0 < a.strides[0],
    "byte-swapped": lambda a: not a.dtype.isnative,
    "read-only": lambda a: not a.flags.writeable and a.flags.aligned and a.flags.c_contiguous,
    "misaligned": lambda a: not a.flags.aligned,
    "expanded from its first row": lambda a: a.strides[0] == 0,
    "a list": lambda a: type(a) is list and type(a[0]) is list and type(a[0][0]) is float,
    "a tuple": lambda a: type(a) is tuple and type(a[0]) is tuple,
    "a list of rows": lambda a: type(a) is list and type(a[0]) is np.ndarray,
    "a buffer": lambda a: type(a) is memoryview,
    "a slice of a buffer": lambda a: type(a) is np.ndarray,
    "an array of the standard library": lambda a: type(a) is np.ndarray,
    "a matrix": lambda a: type(a) is np.matrix,
    "a range": lambda a: type(a) is np.ndarray,
    "a masked array with a mask": lambda a: type(a) is np.ma.MaskedArray and a.mask.any(),
    "an object with __array__ and data": lambda a: not isinstance(a, np.ndarray) and not np.asarray(a.data).any(),
    "a masked array": lambda a: type(a) is np.ma.MaskedArray,
    "an object with __array__": lambda a: not isinstance(a, np.ndarray) and hasattr(a, "__array__"),
}


def test_every_layout_is_looked_at() -> None:
    assert IS.keys() == {*LAYOUTS, *EXPANDED, *LISTS}


@pytest.mark.parametrize("layout", IS)
def test_a_layout_is_what_its_name_says_with_the_same_values(layout: str) -> None:
    plain = np.broadcast_to(MATRIX[:1], MATRIX.shape).copy() if layout in EXPANDED else MATRIX
    given = laid(plain, layout)
    assert IS[layout](given)
    assert np.array_equal(np.asarray(given), plain)


OF_POSITIONS_IS: dict[str, Callable[[Any], Any]] = {
    "a slice of a buffer": lambda a: type(a) is memoryview and len(a.obj) == 2 * len(a),
    "an array of the standard library": lambda a: type(a).__name__ == "array" and a.typecode == "l",
    "a range": lambda a: type(a) is range,
}


@pytest.mark.parametrize("layout", OF_POSITIONS)
@pytest.mark.parametrize("plain", [np.arange(4), np.arange(4)[::-1].copy(), np.zeros(1, np.int64)], ids=str)
def test_positions_are_handed_in_as_the_name_says(layout: str, plain: Array) -> None:
    given = laid(plain, layout)
    assert OF_POSITIONS_IS[layout](given)
    assert np.asarray(given).tolist() == plain.tolist()


def test_positions_that_do_not_count_are_no_range() -> None:
    assert type(laid(np.array([0, 0, 1]), "a range")) is np.ndarray


@pytest.mark.parametrize("layout", ["", *LAYOUTS, *LISTS])
def test_an_argument_shares_no_memory_with_the_case(layout: str) -> None:
    given = laid(MATRIX, layout)
    parts = given if layout == "a list of rows" else [np.asarray(given)]
    assert not any(np.shares_memory(part, MATRIX) for part in parts)


@pytest.mark.parametrize("layout", [*LAYOUTS, *LISTS])
@pytest.mark.parametrize("positions", [np.arange(5), np.arange(5, dtype=np.uint8)], ids=["int64", "uint8"])
def test_positions_have_every_layout_too(layout: str, positions: Array) -> None:
    given = np.asarray(laid(positions, layout))
    assert given.tolist() == positions.tolist()
    lost = layout in LOSE_THEIR_TYPE or (layout == "a list of rows" and given.dtype != positions.dtype)
    assert given.dtype.newbyteorder("=") == (np.int64 if lost else positions.dtype)


@pytest.mark.parametrize("layout", [*LAYOUTS, *LISTS])
def test_an_empty_matrix_keeps_its_shape_whatever_the_layout(layout: str) -> None:
    for shape in ((0, 3), (3, 0)):
        given = laid(np.zeros(shape, np.float32), layout)
        assert (given.shape, given.dtype) == (shape, np.float32)
        assert not applies(layout, given)


def test_no_positions_are_an_empty_list_or_tuple() -> None:
    none = np.zeros(0, np.uint8)
    assert (laid(none, "a list"), laid(none, "a tuple")) == ([], ())
    assert laid(none, "a buffer").dtype == np.uint8
