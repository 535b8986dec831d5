"""Small inputs: all taps of all rows in one einsum, whatever the positions and the stride.

Such a call takes as long as the calls of NumPy in it, so there are few. A row of zeros stands for what a tap does not
read, and only finite factors may meet it: 0 * inf is NaN.
"""

from __future__ import annotations

import numpy as np

from fsmn_ref.arguments import Array, Positions
from fsmn_vec.windows import BLOCK_BYTES


def is_small(frames: Array, taps: int) -> bool:
    """Return whether a copy of the frames for each tap fits in a sixth of a block: then one call beats any plan."""
    return frames.nbytes * taps <= BLOCK_BYTES // 6


def look_back(frames: Array, taps: Array, position: Positions, stride: int, out: Array, *, own: bool) -> None:
    """Do what `fsmn_vec.strides.strided_look_back` does, for finite taps."""
    lags = _lags(len(frames), len(taps), stride, own)
    reads = np.where(lags <= position[:, None], np.arange(len(frames))[:, None] - lags, len(frames))
    windows = _and_zeros(frames).take(reads, axis=0)
    sums = np.einsum("tnd,nd->td", windows, taps[: len(lags)], out=out if own else None)
    if not own:
        out += sums


def look_back_gradients(
    frames: Array, sums: Array, taps: Array, position: Positions, stride: int, out: tuple[Array, Array], *, own: bool
) -> None:
    """Do what `fsmn_vec.strides.strided_look_back_gradients` does, for finite frames and taps."""
    (dframes, dtaps), lags = out, _lags(len(frames), len(taps), stride, own)
    rows = np.arange(len(frames))[:, None] + lags
    # Beyond the last row nothing is read.
    reaches = np.append(position, -1).take(rows, mode="clip")
    windows = _and_zeros(sums).take(np.where(lags <= reaches, rows, len(frames)), axis=0)
    dsums = np.einsum("tnd,nd->td", windows, taps[: len(lags)], out=dframes if own else None)
    if not own:
        dframes += dsums
    constant = len(taps) - len(dtaps)
    dtaps[: len(lags) - constant] += np.einsum("tnd,td->nd", windows[:, constant:], frames)


def _lags(frames: int, taps: int, stride: int, own: bool) -> Positions:
    """Return how many frames back the taps read, as far as any row can use them."""
    stride = min(stride, frames)  # a larger one reads nothing either, and need not fit in an intp
    nearest = 0 if own else stride
    return np.arange(nearest, min(nearest + taps * stride, frames), stride)


def _and_zeros(rows: Array) -> Array:
    longer = np.empty((len(rows) + 1, rows.shape[1]), rows.dtype)
    longer[:-1] = rows
    longer[-1] = 0
    return longer
