"""All taps of a block of rows in one einsum, whatever the positions and the stride.

A call on few numbers takes as long as the calls of NumPy in it, so there are few. A row of zeros stands for what a tap
does not read, and only finite factors may meet it: 0 * inf is NaN.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fsmn_ref.arguments import Array, Positions
from fsmn_vec.windows import BLOCK_BYTES

# Beyond, a gather soon takes longer than stretches where the channels are few: its indices weigh more than the frames.
SMALL_BYTES = BLOCK_BYTES // 6


def is_best(frames: Array, taps: int, stride: int) -> bool:
    """Return whether a gather beats any plan: the windows of every stride-th frame are few bytes."""
    return frames.nbytes * taps <= SMALL_BYTES * stride


def look_back(frames: Array, taps: Array, position: Positions, stride: int, out: Array, *, own: bool) -> None:
    """Do what `fsmn_vec.strides.strided_look_back` does, for finite taps."""
    lags, and_zeros = _lags(len(frames), len(taps), stride, own), _and_zeros(frames)
    for block, rows in _blocks(frames, len(lags)):
        reads = np.where(lags <= position[block, None], rows - lags, len(frames))
        windows = and_zeros.take(reads, axis=0)
        sums = np.einsum("tnd,nd->td", windows, taps[: len(lags)], out=out[block] if own else None)
        if not own:
            out[block] += sums


def look_back_gradients(
    frames: Array, dsums: Array, taps: Array, position: Positions, stride: int, out: tuple[Array, Array], *, own: bool
) -> None:
    """Do what `fsmn_vec.strides.strided_look_back_gradients` does, for finite frames and taps."""
    (dframes, dtaps), lags, and_zeros = out, _lags(len(frames), len(taps), stride, own), _and_zeros(dsums)
    constant = len(taps) - len(dtaps)
    reaches = np.append(position, -1)  # beyond the last row nothing is read
    for block, rows in _blocks(frames, len(lags)):
        readers = rows + lags
        readers = np.where(lags <= reaches.take(readers, mode="clip"), readers, len(frames))
        windows = and_zeros.take(readers, axis=0)
        sums = np.einsum("tnd,nd->td", windows, taps[: len(lags)], out=dframes[block] if own else None)
        if not own:
            dframes[block] += sums
        dtaps[: len(lags) - constant] += np.einsum("tnd,td->nd", windows[:, constant:], frames[block])


def _lags(frames: int, taps: int, stride: int, own: bool) -> Positions:
    """Return how many frames back the taps read, as far as any row can use them."""
    stride = min(stride, frames)  # a larger one reads nothing either, and need not fit in an intp
    nearest = 0 if own else stride
    return np.arange(nearest, min(nearest + taps * stride, frames), stride)


def _blocks(frames: Array, taps: int) -> Iterator[tuple[slice, Positions]]:
    """Yield the rows in blocks whose windows are few bytes, and as a column."""
    step = max(1, SMALL_BYTES * len(frames) // max(1, frames.nbytes * taps))
    for first in range(0, len(frames), step):
        last = min(first + step, len(frames))
        yield slice(first, last), np.arange(first, last)[:, None]


def _and_zeros(rows: Array) -> Array:
    longer = np.empty((len(rows) + 1, rows.shape[1]), rows.dtype)
    longer[:-1] = rows
    longer[-1] = 0
    return longer
