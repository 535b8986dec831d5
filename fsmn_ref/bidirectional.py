"""The bidirectional compact vFSMN memory: the current frame's own tap, earlier frames and later frames.

Sources: as in `fsmn_ref.unidirectional`. The identity term hidden[r,c] is there besides the taps.
"""

from __future__ import annotations

from fractions import Fraction
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import Array, float_matrices, look_ahead_positions, look_back_positions, own_tap, tap_stride


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
    """Return the bidirectional memory of every frame, as loops.

    memory[r,c] = hidden[r,c] + bfilter[0,c]*hidden[r,c]
                + sum over i = 1..N1 with i*bstride <= bposition[r] of bfilter[i,c]   * hidden[r-i*bstride, c]
                + sum over j = 1..N2 with j*fstride <= fposition[r] of ffilter[j-1,c] * hidden[r+j*fstride, c]

    Parameters
    ----------
    hidden : array_like of float, shape (T, D)
        T frames of D channels. Integers count as float64; an object array of Fractions is computed exactly.
    bfilter : array_like of float, shape (N1+1, D)
        Row 0 is the current frame's own tap, row i looks back i*bstride frames.
    ffilter : array_like of float, shape (N2, D)
        Row j-1 looks ahead j*fstride frames.
    bposition, fposition : array_like of int, shape (T,)
        How many earlier and later frames each frame may read: 0 <= bposition[r] <= r, 0 <= fposition[r] <= T-1-r.
    bstride, fstride : int, at least 1
        Frames between look-back taps and between look-ahead taps.

    Returns
    -------
    memory : ndarray, shape (T, D)
        New, C-contiguous, of `numpy.result_type(hidden, bfilter, ffilter)`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside the contract's domain; the message names it and says what is allowed.
    """
    hidden, bfilter, ffilter = float_matrices(hidden=hidden, bfilter=bfilter, ffilter=ffilter, exact=True)
    own_tap("bfilter", bfilter)
    bposition = look_back_positions("bposition", bposition, len(hidden))
    fposition = look_ahead_positions("fposition", fposition, len(hidden))
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    (T, D), N1, N2 = hidden.shape, len(bfilter) - 1, len(ffilter)

    memory = hidden.copy()
    for r in range(T):
        for i in range(N1 + 1):
            if i * bstride <= bposition[r]:
                for c in range(D):
                    memory[r, c] += bfilter[i, c] * hidden[r - i * bstride, c]
        for j in range(1, N2 + 1):
            if j * fstride <= fposition[r]:
                for c in range(D):
                    memory[r, c] += ffilter[j - 1, c] * hidden[r + j * fstride, c]
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
    """Return the vector-Jacobian products of `bi_compact_vfsmn_memory_forward` with `dmemory`, as loops.

    Each product of a tap and hidden[s,c] that enters memory[r,c] gives tap * dmemory[r,c] to dhidden[s,c] and
    hidden[s,c] * dmemory[r,c] to the tap's gradient; the identity term gives dmemory[r,c] to dhidden[r,c].

    Parameters
    ----------
    dmemory : array_like of float, shape (T, D)
        The gradient that arrives at the memory.
    hidden, bfilter, ffilter, bposition, fposition, bstride, fstride
        As in the forward function.

    Returns
    -------
    dhidden : ndarray, shape (T, D)
    dbfilter : ndarray, shape (N1+1, D)
    dffilter : ndarray, shape (N2, D)
        New, C-contiguous, of `numpy.result_type(dmemory, hidden, bfilter, ffilter)`.

    Raises
    ------
    TypeError, ValueError
        As the forward function does.
    """
    dmemory, hidden, bfilter, ffilter = float_matrices(
        dmemory=dmemory, hidden=hidden, bfilter=bfilter, ffilter=ffilter, exact=True
    )
    own_tap("bfilter", bfilter)
    bposition = look_back_positions("bposition", bposition, len(hidden))
    fposition = look_ahead_positions("fposition", fposition, len(hidden))
    bstride, fstride = tap_stride("bstride", bstride), tap_stride("fstride", fstride)
    (T, D), N1, N2 = hidden.shape, len(bfilter) - 1, len(ffilter)

    dhidden = dmemory.copy()
    dbfilter = np.full(bfilter.shape, Fraction(0), bfilter.dtype)
    dffilter = np.full(ffilter.shape, Fraction(0), ffilter.dtype)
    for r in range(T):
        for i in range(N1 + 1):
            if i * bstride <= bposition[r]:
                for c in range(D):
                    dhidden[r - i * bstride, c] += bfilter[i, c] * dmemory[r, c]
                    dbfilter[i, c] += hidden[r - i * bstride, c] * dmemory[r, c]
        for j in range(1, N2 + 1):
            if j * fstride <= fposition[r]:
                for c in range(D):
                    dhidden[r + j * fstride, c] += ffilter[j - 1, c] * dmemory[r, c]
                    dffilter[j - 1, c] += hidden[r + j * fstride, c] * dmemory[r, c]
    return dhidden, dbfilter, dffilter
