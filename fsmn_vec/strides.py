"""Look-backs with any stride: gathered where that is best, else as look-backs with stride 1 on views."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fsmn_ref.arguments import Array, Positions
from fsmn_vec import gather
from fsmn_vec.lookback import look_back, look_back_taps, look_back_transposed
from fsmn_vec.windows import all_finite


def strided_look_back(frames: Array, taps: Array, position: Positions, stride: int, out: Array, *, own: bool) -> None:
    """Write to out[r] the sum over i with i*stride <= position[r] of taps[i] * frames[r-i*stride].

    Without an own tap, add the sum over i with (i+1)*stride <= position[r] of taps[i] * frames[r-(i+1)*stride].
    """
    if frames.size == 0:
        return
    if gather.is_best(frames, len(taps), stride) and all_finite(taps):
        gather.look_back(frames, taps, position, stride, out, own=own)
        return
    for counts, some, sums in _phases(position, stride, len(taps) - own, frames, out):
        look_back(some, taps, counts, sums, own=own)


def strided_look_back_gradients(
    frames: Array, dsums: Array, taps: Array, position: Positions, stride: int, out: tuple[Array, Array], *, own: bool
) -> None:
    """Write to out[0] the gradient of frames, or add it without an own tap, and add to out[1] that of taps.

    `dsums` is the gradient of what `strided_look_back` computes. Where out[1] has a row less than taps, the own tap is
    a constant.
    """
    if frames.size == 0:
        return
    if gather.is_best(frames, len(taps), stride) and all_finite(frames) and all_finite(taps):
        gather.look_back_gradients(frames, dsums, taps, position, stride, out, own=own)
        return
    dframes, dtaps = out
    for counts, some, dsome, dto in _phases(position, stride, len(taps) - own, frames, dsums, dframes):
        look_back_transposed(dsome, taps, counts, dto, own=own)
        look_back_taps(some, dsome, counts, dtaps, own=own and len(dtaps) == len(taps))


def _phases(position: Positions, stride: int, taps: int, *arrays: Array) -> Iterator[tuple[Array, ...]]:
    """Yield, for every stride-th frame from each beginning, how many taps each row uses, and views of the arrays.

    Parameters
    ----------
    position : ndarray of intp, shape (T,)
        How many frames each row may look back at.
    stride, taps : int
        Frames between taps, and the number of taps.
    *arrays : ndarray, shape (T, D)
        What to take views of.
    """
    stride = min(stride, len(position))  # a larger one reads nothing either, and need not fit in an intp
    counts = np.minimum(position if stride == 1 else position // stride, taps)
    for phase in range(stride):
        yield counts[phase::stride], *[array[phase::stride] for array in arrays]
