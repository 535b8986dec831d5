"""The bidirectional compact vFSMN memory, as `fsmn_ref.bidirectional` defines it."""

from __future__ import annotations

from typing import SupportsIndex

import numpy.typing as npt

from fsmn_ref.arguments import Array, float_matrices, look_ahead_positions, look_back_positions, own_tap, tap_stride
from fsmn_vec.results import result
from fsmn_vec.strides import strided_look_back, strided_look_back_gradients


def bi_compact_vfsmn_memory_forward(
    hidden: npt.ArrayLike,
    bfilter: npt.ArrayLike,
    ffilter: npt.ArrayLike,
    bposition: npt.ArrayLike,
    fposition: npt.ArrayLike,
    *,
    bstride: SupportsIndex = 1,
    fstride: SupportsIndex = 1,
    out: Array | None = None,
) -> Array:
    """Return the bidirectional memory: `fsmn_ref.bi_compact_vfsmn_memory_forward`, vectorized.

    Parameters
    ----------
    hidden : array_like of float, shape (T, D)
    bfilter : array_like of float, shape (N1+1, D)
    ffilter : array_like of float, shape (N2, D)
    bposition, fposition : array_like of int, shape (T,)
    bstride, fstride : int, at least 1
        As in the reference, but for Fractions.
    out : ndarray, shape (T, D), optional
        Where to write the memory: of the result's dtype, sharing no memory with an argument.

    Returns
    -------
    memory : ndarray, shape (T, D)
        `out`, or else a new C-contiguous array of `numpy.result_type(hidden, bfilter, ffilter)`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside the contract's domain, or `out` does not fit; the message names it.
    """
    hidden, bfilter, ffilter = float_matrices(hidden=hidden, bfilter=bfilter, ffilter=ffilter)
    own_tap("bfilter", bfilter)
    bposition = look_back_positions("bposition", bposition, len(hidden))
    fposition = look_ahead_positions("fposition", fposition, len(hidden))
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    memory = result("out", out, hidden, bfilter, ffilter, bposition, fposition)
    strided_look_back(hidden, bfilter, bposition, bstride, memory, own=True)
    memory += hidden
    strided_look_back(hidden[::-1], ffilter, fposition[::-1], fstride, memory[::-1], own=False)
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
    out: tuple[Array | None, Array | None, Array | None] = (None, None, None),
) -> tuple[Array, Array, Array]:
    """Return the gradients of hidden and both filters: `fsmn_ref.bi_compact_vfsmn_memory_backward`, vectorized.

    Parameters
    ----------
    dmemory : array_like of float, shape (T, D)
    hidden, bfilter, ffilter, bposition, fposition, bstride, fstride
        As in the forward function.
    out : triple of ndarray, shapes (T, D), (N1+1, D) and (N2, D), optional
        Where to write dhidden, dbfilter and dffilter; None for a new array.

    Returns
    -------
    dhidden : ndarray, shape (T, D)
    dbfilter : ndarray, shape (N1+1, D)
    dffilter : ndarray, shape (N2, D)
        Those of `out`, or else new C-contiguous arrays of `numpy.result_type(dmemory, hidden, bfilter, ffilter)`.

    Raises
    ------
    TypeError, ValueError
        As the forward function does.
    """
    dmemory, hidden, bfilter, ffilter = float_matrices(dmemory=dmemory, hidden=hidden, bfilter=bfilter, ffilter=ffilter)
    own_tap("bfilter", bfilter)
    bposition = look_back_positions("bposition", bposition, len(hidden))
    fposition = look_ahead_positions("fposition", fposition, len(hidden))
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    inputs = dmemory, hidden, bfilter, ffilter, bposition, fposition
    dhidden = result("out[0]", out[0], hidden, *inputs)
    dbfilter = result("out[1]", out[1], bfilter, *inputs, dhidden)
    dffilter = result("out[2]", out[2], ffilter, *inputs, dhidden, dbfilter)
    dbfilter[...] = 0
    dffilter[...] = 0
    strided_look_back_gradients(hidden, dmemory, bfilter, bposition, bstride, (dhidden, dbfilter), own=True)
    dhidden += dmemory
    ahead = hidden[::-1], dmemory[::-1], ffilter, fposition[::-1], fstride, (dhidden[::-1], dffilter)
    strided_look_back_gradients(*ahead, own=False)
    return dhidden, dbfilter, dffilter
