"""The memory block row by row and tap by tap, as its formulas are written; all channels at once."""

from __future__ import annotations

from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import Array, float_matrices, look_ahead_positions, look_back_positions, own_tap, tap_stride


def compact_vfsmn_memory_forward(
    hidden: npt.ArrayLike, filter: npt.ArrayLike, position: npt.ArrayLike, *, stride: SupportsIndex = 1
) -> Array:
    """Return the memory of every frame."""
    hidden, filter = float_matrices(hidden=hidden, filter=filter)
    position = look_back_positions("position", position, len(hidden))
    stride = tap_stride("stride", stride)
    T, N = len(hidden), len(filter)

    memory = hidden.copy(order="C")
    for r in range(T):
        for i in range(N):
            if (i + 1) * stride <= position[r]:
                memory[r] += filter[i] * hidden[r - (i + 1) * stride]
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
    dmemory, hidden, filter = float_matrices(dmemory=dmemory, hidden=hidden, filter=filter)
    position = look_back_positions("position", position, len(hidden))
    stride = tap_stride("stride", stride)
    T, N = len(hidden), len(filter)

    dhidden = dmemory.copy(order="C")
    dfilter = np.zeros(filter.shape, filter.dtype)
    for r in range(T):
        for i in range(N):
            if (i + 1) * stride <= position[r]:
                dhidden[r - (i + 1) * stride] += filter[i] * dmemory[r]
                dfilter[i] += hidden[r - (i + 1) * stride] * dmemory[r]
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
    hidden, bfilter, ffilter = float_matrices(hidden=hidden, bfilter=bfilter, ffilter=ffilter)
    own_tap("bfilter", bfilter)
    bposition = look_back_positions("bposition", bposition, len(hidden))
    fposition = look_ahead_positions("fposition", fposition, len(hidden))
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    T, N1, N2 = len(hidden), len(bfilter) - 1, len(ffilter)

    memory = hidden.copy(order="C")
    for r in range(T):
        for i in range(N1 + 1):
            if i * bstride <= bposition[r]:
                memory[r] += bfilter[i] * hidden[r - i * bstride]
        for j in range(1, N2 + 1):
            if j * fstride <= fposition[r]:
                memory[r] += ffilter[j - 1] * hidden[r + j * fstride]
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
    dmemory, hidden, bfilter, ffilter = float_matrices(dmemory=dmemory, hidden=hidden, bfilter=bfilter, ffilter=ffilter)
    own_tap("bfilter", bfilter)
    bposition = look_back_positions("bposition", bposition, len(hidden))
    fposition = look_ahead_positions("fposition", fposition, len(hidden))
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    T, N1, N2 = len(hidden), len(bfilter) - 1, len(ffilter)

    dhidden = dmemory.copy(order="C")
    dbfilter = np.zeros(bfilter.shape, bfilter.dtype)
    dffilter = np.zeros(ffilter.shape, ffilter.dtype)
    for r in range(T):
        for i in range(N1 + 1):
            if i * bstride <= bposition[r]:
                dhidden[r - i * bstride] += bfilter[i] * dmemory[r]
                dbfilter[i] += hidden[r - i * bstride] * dmemory[r]
        for j in range(1, N2 + 1):
            if j * fstride <= fposition[r]:
                dhidden[r + j * fstride] += ffilter[j - 1] * dmemory[r]
                dffilter[j - 1] += hidden[r + j * fstride] * dmemory[r]
    return dhidden, dbfilter, dffilter
