"""The compact vectorized FSMN memory (vFSMN), as `fsmn_ref.unidirectional` defines it."""

from __future__ import annotations

from typing import SupportsIndex

import numpy.typing as npt

from fsmn_ref.arguments import Array, float_matrices, look_back_positions, tap_stride
from fsmn_vec.delay_line import Line, line_gradients, line_sums, with_identity
from fsmn_vec.results import result


def compact_vfsmn_memory_forward(
    hidden: npt.ArrayLike,
    filter: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    stride: SupportsIndex = 1,
    out: Array | None = None,
) -> Array:
    """Return the memory of every frame: `fsmn_ref.compact_vfsmn_memory_forward`, vectorized.

    Parameters
    ----------
    hidden : array_like of float, shape (T, D)
    filter : array_like of float, shape (N, D)
    position : array_like of int, shape (T,)
    stride : int, at least 1
        As in the reference, but for Fractions.
    out : ndarray, shape (T, D), optional
        Where to write the memory: of the result's dtype, sharing no memory with an argument.

    Returns
    -------
    memory : ndarray, shape (T, D)
        `out`, or else a new C-contiguous array of `numpy.result_type(hidden, filter)`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside the contract's domain, or `out` does not fit; the message names it.
    """
    hidden, filter = float_matrices(hidden=hidden, filter=filter)
    position = look_back_positions("position", position, len(hidden))
    stride = tap_stride("stride", stride)
    memory = result("out", out, hidden, filter, position)
    line_sums(hidden, Line(with_identity(filter), 0, stride, position), memory)
    return memory


def compact_vfsmn_memory_backward(
    dmemory: npt.ArrayLike,
    hidden: npt.ArrayLike,
    filter: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    stride: SupportsIndex = 1,
    out: tuple[Array | None, Array | None] = (None, None),
) -> tuple[Array, Array]:
    """Return the gradients of hidden and filter: `fsmn_ref.compact_vfsmn_memory_backward`, vectorized.

    Parameters
    ----------
    dmemory : array_like of float, shape (T, D)
    hidden, filter, position, stride
        As in the forward function.
    out : pair of ndarray, shapes (T, D) and (N, D), optional
        Where to write dhidden and dfilter; None for a new array.

    Returns
    -------
    dhidden : ndarray, shape (T, D)
    dfilter : ndarray, shape (N, D)
        Those of `out`, or else new C-contiguous arrays of `numpy.result_type(dmemory, hidden, filter)`.

    Raises
    ------
    TypeError, ValueError
        As the forward function does.
    """
    dmemory, hidden, filter = float_matrices(dmemory=dmemory, hidden=hidden, filter=filter)
    position = look_back_positions("position", position, len(hidden))
    stride = tap_stride("stride", stride)
    dhidden = result("out[0]", out[0], hidden, dmemory, filter, position)
    dfilter = result("out[1]", out[1], filter, dmemory, hidden, position, dhidden)
    line_gradients(hidden, dmemory, Line(with_identity(filter), 0, stride, position), dhidden, dfilter, first=1)
    return dhidden, dfilter
