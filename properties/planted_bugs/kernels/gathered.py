"""The memory block tap by tap, as a port has it that depends on nothing else: it also checks its arguments itself.

For each tap, the rows that may use it are gathered and computed at once.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Any, SupportsIndex, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Positions: TypeAlias = npt.NDArray[np.intp]


def compact_vfsmn_memory_forward(
    hidden: npt.ArrayLike, filter: npt.ArrayLike, position: npt.ArrayLike, *, stride: SupportsIndex = 1
) -> Array:
    """Return the memory of every frame."""
    stride = _stride("stride", stride)
    hidden, filter = _matrices(hidden=hidden, filter=filter)
    position = _positions("position", position, np.arange(len(hidden)))

    memory = np.array(hidden, order="C")
    for i, rows, lag in _uses(position, stride, len(filter)):
        memory[rows] += filter[i] * hidden[rows - lag]
    return memory


def compact_vfsmn_memory_backward(
    dmemory: npt.ArrayLike,
    hidden: npt.ArrayLike,
    filter: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    stride: SupportsIndex = 1,
) -> tuple[Array, Array]:
    """Return the gradients of hidden and of the filter."""
    stride = _stride("stride", stride)
    dmemory, hidden, filter = _matrices(dmemory=dmemory, hidden=hidden, filter=filter)
    position = _positions("position", position, np.arange(len(hidden)))

    dhidden = np.array(dmemory, order="C")
    dfilter = np.zeros(filter.shape, filter.dtype)
    for i, rows, lag in _uses(position, stride, len(filter)):
        dhidden[rows - lag] += filter[i] * dmemory[rows]
        dfilter[i] = np.sum(hidden[rows - lag] * dmemory[rows], axis=0)
    return dhidden, dfilter


def bi_compact_vfsmn_memory_forward(
    hidden: npt.ArrayLike,
    bfilter: npt.ArrayLike,
    ffilter: npt.ArrayLike,
    bposition: npt.ArrayLike,
    fposition: npt.ArrayLike,
    *,
    bstride: SupportsIndex = 1,
    fstride: SupportsIndex = 1,
) -> Array:
    """Return the bidirectional memory of every frame."""
    bstride, fstride = _stride("bstride", bstride), _stride("fstride", fstride)
    hidden, bfilter, ffilter = _matrices(hidden=hidden, bfilter=bfilter, ffilter=ffilter)
    bposition = _positions("bposition", bposition, np.arange(len(hidden)))
    fposition = _positions("fposition", fposition, np.arange(len(hidden))[::-1])

    memory = np.array(hidden, order="C")
    memory += bfilter[0] * hidden
    for i, rows, lag in _uses(bposition, bstride, len(bfilter) - 1):
        memory[rows] += bfilter[i + 1] * hidden[rows - lag]
    for j, rows, lag in _uses(fposition, fstride, len(ffilter)):
        memory[rows] += ffilter[j] * hidden[rows + lag]
    return memory


def bi_compact_vfsmn_memory_backward(
    dmemory: npt.ArrayLike,
    hidden: npt.ArrayLike,
    bfilter: npt.ArrayLike,
    ffilter: npt.ArrayLike,
    bposition: npt.ArrayLike,
    fposition: npt.ArrayLike,
    *,
    bstride: SupportsIndex = 1,
    fstride: SupportsIndex = 1,
) -> tuple[Array, Array, Array]:
    """Return the gradients of hidden and of both filters."""
    bstride, fstride = _stride("bstride", bstride), _stride("fstride", fstride)
    dmemory, hidden, bfilter, ffilter = _matrices(dmemory=dmemory, hidden=hidden, bfilter=bfilter, ffilter=ffilter)
    bposition = _positions("bposition", bposition, np.arange(len(hidden)))
    fposition = _positions("fposition", fposition, np.arange(len(hidden))[::-1])

    dhidden = np.array(dmemory, order="C")
    dhidden += bfilter[0] * dmemory
    dbfilter = np.zeros(bfilter.shape, bfilter.dtype)
    dbfilter[0] = np.sum(hidden * dmemory, axis=0)
    dffilter = np.zeros(ffilter.shape, ffilter.dtype)
    for i, rows, lag in _uses(bposition, bstride, len(bfilter) - 1):
        dhidden[rows - lag] += bfilter[i + 1] * dmemory[rows]
        dbfilter[i + 1] = np.sum(hidden[rows - lag] * dmemory[rows], axis=0)
    for j, rows, lag in _uses(fposition, fstride, len(ffilter)):
        dhidden[rows + lag] += ffilter[j] * dmemory[rows]
        dffilter[j] = np.sum(hidden[rows + lag] * dmemory[rows], axis=0)
    return dhidden, dbfilter, dffilter


def _uses(position: Positions, stride: int, taps: int) -> Iterator[tuple[int, Positions, int]]:
    """Yield each tap that is used at all, the rows that may use it, and how many frames away it reads."""
    for i in range(taps):
        lag = (i + 1) * stride
        rows = np.flatnonzero(lag <= position)
        if len(rows) == 0:
            break
        yield i, rows, lag


def _matrices(**values: npt.ArrayLike) -> list[Array]:
    """Return matrices of one dtype that fit together, in the order given."""
    arrays = {name: _matrix(name, value) for name, value in values.items()}
    frames, channels = arrays["hidden"].shape
    for name, array in arrays.items():
        if array.shape[1] != channels:
            raise ValueError(f"{name} should have {channels} channels as hidden has, not {array.shape[1]}")
        if name == "dmemory" and len(array) != frames:
            raise ValueError(f"dmemory should have {frames} frames as hidden has, not {len(array)}")
        if name == "bfilter" and len(array) == 0:
            raise ValueError("bfilter should have a row 0, the current frame's own tap")
    dtype = np.result_type(*arrays.values()).newbyteorder("=")
    return [array.astype(dtype, copy=False) for array in arrays.values()]


def _matrix(name: str, value: npt.ArrayLike) -> Array:
    array = np.asarray(value)
    if array.dtype.kind in "iu":
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        raise TypeError(f"{name} should hold floats or integers, not {array.dtype}")
    if array.ndim != 2:
        raise ValueError(f"{name} should have frames or taps, and channels: two dimensions, not {array.ndim}")
    return array


def _positions(name: str, value: npt.ArrayLike, allowed: Positions) -> Positions:
    """Return positions that reach no further than `allowed`."""
    array = np.asarray(value)
    if array.size == 0 and isinstance(value, list | tuple):
        array = array.astype(np.intp)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} should hold integers, not {array.dtype}")
    if array.ndim != 1:
        raise ValueError(f"{name} should have one dimension, not {array.ndim}")
    if len(array) != len(allowed):
        raise ValueError(f"{name} should have {len(allowed)} entries, one for each frame, not {len(array)}")
    # Negative numbers become the largest, and the largest stay what they are.
    bad = np.flatnonzero(array.astype(np.uint64) > allowed.astype(np.uint64))
    if len(bad) > 0:
        r = bad[0]
        raise ValueError(f"{name}[{r}] should be between 0 and {allowed[r]}, not {array[r]}")
    return array.astype(np.intp, copy=False)


def _stride(name: str, value: SupportsIndex) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} should be an integer, not {value!r}")
    stride = operator.index(value)
    if stride < 1:
        raise ValueError(f"{name} should be at least 1, not {stride}")
    return stride
