"""The compact vectorized FSMN memory (vFSMN): each frame adds its weighted earlier frames.

Sources: Zhang et al., 'Feedforward Sequential Memory Networks', arXiv 1512.08301; 'Compact FSMN', Interspeech 2016;
strides from 'Deep-FSMN', arXiv 1803.05030; names and argument order from Kaituo Xu's 'FSMN Gradient Check' (2018).
"""

from __future__ import annotations

from fractions import Fraction
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import Array, float_matrices, look_back_positions, tap_stride


def compact_vfsmn_memory_forward(
    hidden: npt.ArrayLike, filter: npt.ArrayLike, position: npt.ArrayLike, *, stride: SupportsIndex = 1
) -> Array:
    """Return the memory of every frame, as loops.

    memory[r,c] = hidden[r,c] + sum over i = 0..N-1 with (i+1)*stride <= position[r] of
                  filter[i,c] * hidden[r-(i+1)*stride, c]

    Parameters
    ----------
    hidden : array_like of float, shape (T, D)
        T frames of D channels. Integers count as float64; an object array of Fractions is computed exactly.
    filter : array_like of float, shape (N, D)
        The taps, newest frame first.
    position : array_like of int, shape (T,)
        How many earlier frames each frame may look back at, 0 <= position[r] <= r.
    stride : int, at least 1
        Frames between taps.

    Returns
    -------
    memory : ndarray, shape (T, D)
        New, C-contiguous, of `numpy.result_type(hidden, filter)`.

    Raises
    ------
    TypeError, ValueError
        Where an argument is outside the contract's domain; the message names it and says what is allowed.
    """
    hidden, filter = float_matrices(hidden=hidden, filter=filter, exact=True)
    position = look_back_positions("position", position, len(hidden))
    stride = tap_stride("stride", stride)
    (T, D), N = hidden.shape, len(filter)

    memory = hidden.copy()
    for r in range(T):
        for i in range(N):
            if (i + 1) * stride <= position[r]:
                for c in range(D):
                    memory[r, c] += filter[i, c] * hidden[r - (i + 1) * stride, c]
    return memory


def compact_vfsmn_memory_backward(
    dmemory: npt.ArrayLike,
    hidden: npt.ArrayLike,
    filter: npt.ArrayLike,
    position: npt.ArrayLike,
    *,
    stride: SupportsIndex = 1,
) -> tuple[Array, Array]:
    """Return the vector-Jacobian products of `compact_vfsmn_memory_forward` with `dmemory`, as loops.

    Each product filter[i,c] * hidden[s,c] that enters memory[r,c] gives
    filter[i,c] * dmemory[r,c] to dhidden[s,c] and hidden[s,c] * dmemory[r,c] to dfilter[i,c];
    the identity term gives dmemory[r,c] to dhidden[r,c].

    Parameters
    ----------
    dmemory : array_like of float, shape (T, D)
        The gradient that arrives at the memory.
    hidden, filter, position, stride
        As in the forward function.

    Returns
    -------
    dhidden : ndarray, shape (T, D)
    dfilter : ndarray, shape (N, D)
        New, C-contiguous, of `numpy.result_type(dmemory, hidden, filter)`.

    Raises
    ------
    TypeError, ValueError
        As the forward function does.
    """
    dmemory, hidden, filter = float_matrices(dmemory=dmemory, hidden=hidden, filter=filter, exact=True)
    position = look_back_positions("position", position, len(hidden))
    stride = tap_stride("stride", stride)
    (T, D), N = hidden.shape, len(filter)

    dhidden = dmemory.copy()
    dfilter = np.full(filter.shape, Fraction(0), filter.dtype)
    for r in range(T):
        for i in range(N):
            if (i + 1) * stride <= position[r]:
                for c in range(D):
                    dhidden[r - (i + 1) * stride, c] += filter[i, c] * dmemory[r, c]
                    dfilter[i, c] += hidden[r - (i + 1) * stride, c] * dmemory[r, c]
    return dhidden, dfilter
