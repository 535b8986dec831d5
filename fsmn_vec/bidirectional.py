"""The bidirectional compact vFSMN memory, as `fsmn_ref.bidirectional` defines it."""

from __future__ import annotations

from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import Array, float_matrices, look_ahead_positions, look_back_positions, own_tap, tap_stride
from fsmn_vec.delay_line import Line, line_gradients, line_sums, with_identity
from fsmn_vec.results import result


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
    N2 = len(ffilter)
    if (
        bstride == fstride
    ):  # one line in place of two, 2000 x 200 x 10+2: 1.25 and 1.3 (`python -m benchmarks.branches`)
        taps = np.concatenate((ffilter[::-1], bfilter))
        line_sums(hidden, Line(taps, N2, bstride, bposition, fposition), memory, base=hidden)
        return memory
    line_sums(hidden, Line(bfilter, 0, bstride, bposition), memory)
    ahead = Line(with_identity(ffilter)[::-1], N2, fstride, np.zeros_like(bposition), fposition)
    line_sums(hidden, ahead, memory, base=memory)
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
    N2 = len(ffilter)
    if bstride == fstride:
        taps = np.concatenate((ffilter[::-1], bfilter))
        dtaps = np.empty_like(taps)
        both = Line(taps, N2, bstride, bposition, fposition)
        line_gradients(hidden, dmemory, both, dhidden, dtaps, base=dmemory)
        dffilter[...], dbfilter[...] = dtaps[:N2][::-1], dtaps[N2:]
        return dhidden, dbfilter, dffilter
    line_gradients(hidden, dmemory, Line(bfilter, 0, bstride, bposition), dhidden, dbfilter)
    ahead = Line(with_identity(ffilter)[::-1], N2, fstride, np.zeros_like(bposition), fposition)
    line_gradients(hidden, dmemory, ahead, dhidden, dffilter[::-1], base=dhidden)
    return dhidden, dbfilter, dffilter
