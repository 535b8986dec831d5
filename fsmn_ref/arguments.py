"""The argument checks of the contract, shared by the reference and by `fsmn_vec`.

Each check names the argument, what was given and what is allowed. None of them computes anything of the memory block,
so an implementation that uses them still owes its arithmetic to nobody.
"""

from __future__ import annotations

import operator
from fractions import Fraction
from typing import Any, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Positions: TypeAlias = npt.NDArray[np.intp]


def float_matrices(*, exact: bool = False, **values: npt.ArrayLike) -> list[Array]:
    """Return the float arguments of one call as 2-D arrays of one dtype that fit together, in the order given.

    Parameters
    ----------
    exact : bool
        Whether object arrays of `fractions.Fraction` are accepted as well, and returned as they are.
    **values : array_like, 2-D
        Floats or integers by name: `hidden` (T, D), `dmemory` of the same shape, and filters of D channels. Without
        `hidden`, the first one says how many channels there are.

    Returns
    -------
    list of ndarray
        In their common `numpy.result_type`, integers counting as float64, in native byte order. What needs no
        conversion is returned as it is, not as a copy.

    Raises
    ------
    TypeError
        For complex numbers, bools, text and objects.
    ValueError
        If one is not 2-D, or they do not fit together. Nothing is broadcast.
    """
    arrays = {name: _float_matrix(name, value, exact) for name, value in values.items()}
    like = "hidden" if "hidden" in arrays else next(iter(arrays))
    for name, array in arrays.items():
        if name == "dmemory" and array.shape != arrays[like].shape:
            raise ValueError(f"dmemory has shape {array.shape}, but hidden has shape {arrays[like].shape}")
        _fit_together(name, array, like, arrays[like])
    dtype = np.result_type(*arrays.values()).newbyteorder("=")
    return [array.astype(dtype, copy=False) for array in arrays.values()]


def _fit_together(name: str, array: Array, like: str, other: Array) -> None:
    if array.shape[1] != other.shape[1]:
        raise ValueError(f"{name} has {array.shape[1]} channels, but {like} has {other.shape[1]}")
    if (array.dtype.kind == "O") != (other.dtype.kind == "O"):
        raise TypeError(f"{name} has dtype {array.dtype}, but {like} {other.dtype} (allowed: all Fractions or none)")


def chunk(value: npt.ArrayLike, filter: Array, *, exact: bool = False) -> Array:
    """Return the frames of one push as a 2-D array that fits the filter, of the dtype of the rows from here on.

    Parameters
    ----------
    value : array_like, 2-D
        Floats or integers.
    filter : ndarray, shape (N, D)
        A filter of the stream, of the dtype of its rows so far.
    exact : bool
        As in `float_matrices`.

    Raises
    ------
    TypeError, ValueError
        As `float_matrices` does; the argument is called frames.
    """
    frames = _float_matrix("frames", value, exact)
    _fit_together("frames", frames, "the filter", filter)
    return frames.astype(np.result_type(frames, filter).newbyteorder("="), copy=False)


def _float_matrix(name: str, value: npt.ArrayLike, exact: bool) -> Array:
    array = _array(name, value)
    kind = array.dtype.kind
    if kind in "iu":
        array = array.astype(np.float64)
    elif not (kind == "f" or (kind == "O" and exact and _all_fractions(array))):
        raise TypeError(f"{name} has dtype {array.dtype} (allowed: floats, integers{', Fractions' if exact else ''})")
    if array.ndim != 2:
        raise ValueError(f"{name} has {array.ndim} dimensions, shape {array.shape} (allowed: 2)")
    return array


def _array(name: str, value: npt.ArrayLike) -> Array:
    try:
        return np.asarray(value)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name} makes no array: {error}") from None


def _all_fractions(array: Array) -> bool:
    return all(isinstance(element, Fraction) for element in array.flat)


def look_back_positions(name: str, value: npt.ArrayLike, frames: int) -> Positions:
    """Return look-back positions as a 1-D intp array after checking that 0 <= position[r] <= r.

    Raises
    ------
    TypeError
        For floats, bools and objects (an empty list is accepted where there are no frames).
    ValueError
        For a wrong length, or a value out of range: names the first bad index, its value and the allowed range.
    """
    return _positions(name, value, np.arange(frames, dtype=np.uint64), "looks back before the first frame")


def look_ahead_positions(name: str, value: npt.ArrayLike, frames: int) -> Positions:
    """Return look-ahead positions as a 1-D intp array after checking that 0 <= position[r] <= frames-1-r.

    Raises TypeError and ValueError as `look_back_positions` does.
    """
    return _positions(name, value, np.arange(frames, dtype=np.uint64)[::-1], "looks ahead past the last frame")


def _positions(name: str, value: npt.ArrayLike, allowed: npt.NDArray[np.uint64], too_far: str) -> Positions:
    array = integer_vector(name, value)
    if array.shape != allowed.shape:
        raise ValueError(f"{name} has {array.size} entries, but hidden has {allowed.size} frames")
    # As uint64, negative numbers are the largest; as intp, the largest would be negative.
    bad = array.astype(np.uint64) > allowed
    if np.count_nonzero(bad):
        r = int(bad.argmax())
        problem = "is negative" if array[r] < 0 else too_far
        raise ValueError(f"{name}[{r}] = {array[r]} {problem} (allowed: 0 to {allowed[r]})")
    return array.astype(np.intp, copy=False)


def integer_vector(name: str, value: npt.ArrayLike) -> npt.NDArray[np.integer[Any]]:
    """Return `value` as a 1-D array of integers of whatever width it has.

    Raises
    ------
    TypeError
        For floats, bools and objects; an empty list holds none of them and passes.
    ValueError
        If it is not 1-D.
    """
    array = _array(name, value)
    if array.size == 0 and isinstance(value, list | tuple):
        array = array.astype(np.intp)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} has dtype {array.dtype} (allowed: integers)")
    if array.ndim != 1:
        raise ValueError(f"{name} has {array.ndim} dimensions, shape {array.shape} (allowed: 1)")
    return array


def tap_stride(name: str, value: SupportsIndex) -> int:
    """Return the number of frames between taps as an int >= 1.

    Raises
    ------
    TypeError
        If it is no integer; a bool is none.
    ValueError
        If it is below 1.
    """
    try:
        # NumPy before 2.3 takes its own bool for an integer, with a warning.
        stride = None if isinstance(value, bool | np.bool_) else operator.index(value)
    except TypeError:
        stride = None
    if stride is None:
        raise TypeError(f"{name} = {value!r} is no integer (allowed: integers from 1)")
    if stride < 1:
        raise ValueError(f"{name} = {stride} is below 1 (allowed: integers from 1)")
    return stride


def own_tap(name: str, filter: Array) -> None:
    """Raise ValueError if `filter` has no row 0, the current frame's own tap."""
    if len(filter) == 0:
        raise ValueError(f"{name} has no row (allowed: at least row 0, the current frame's own tap)")
