"""Every look-back and look-ahead with any stride, as look-backs with stride 1 on views."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fsmn_ref.arguments import Array, Positions


def phases(
    position: Positions, stride: int, taps: int, *arrays: Array, ahead: bool = False
) -> Iterator[tuple[Array, ...]]:
    """Yield, for every stride-th frame from each beginning, how many taps each row uses, and views of the arrays.

    Parameters
    ----------
    position : ndarray of intp, shape (T,)
        How many frames each row may look back at, or ahead if `ahead`.
    stride, taps : int
        Frames between taps, and the number of taps.
    *arrays : ndarray, shape (T, D)
        What to take views of.
    ahead : bool
        Whether to reverse the frames, which turns look-ahead into look-back.
    """
    stride = min(stride, max(1, len(position)))  # a larger one reads nothing either, and need not fit in an intp
    counts = np.minimum(position if stride == 1 else position // stride, taps)
    for phase in range(min(stride, len(position))):
        rows = slice(len(position) - 1 - phase, None, -stride) if ahead else slice(phase, None, stride)
        yield counts[rows], *[array[rows] for array in arrays]
