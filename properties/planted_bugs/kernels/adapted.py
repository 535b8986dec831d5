"""Kernels as they come from other hands: of one utterance, batched, channels first, late; and wrong ones."""

# ruff: noqa: D103, their names say what they do

from __future__ import annotations

from typing import Any

import numpy as np


def uni(hidden: Any, filter: Any, stride: Any) -> Any:
    """Look back, as slices."""
    memory = hidden.copy()
    for i, tap in enumerate(filter):
        reach = (i + 1) * stride
        memory[reach:] += tap * hidden[: max(0, len(hidden) - reach)]
    return memory


def uni_backward(dmemory: Any, hidden: Any, filter: Any, stride: Any) -> Any:
    dhidden, dfilter = dmemory.copy(), np.zeros_like(filter)
    for i, tap in enumerate(filter):
        reach = (i + 1) * stride
        rest = max(0, len(hidden) - reach)
        dhidden[:rest] += tap * dmemory[reach:]
        dfilter[i] = (dmemory[reach:] * hidden[:rest]).sum(axis=0)
    return dhidden, dfilter


def shifted(rows: Any, by: Any) -> Any:
    """Row r of the result is row r + by."""
    moved = np.zeros_like(rows)
    if by <= 0:
        moved[-by:] = rows[: max(0, len(rows) + by)] if by else rows
    else:
        moved[: max(0, len(rows) - by)] = rows[by:]
    return moved


def summed(hidden: Any, bfilter: Any, ffilter: Any, bstride: int = 1, fstride: int = 1) -> Any:
    """The sum over the taps of both sides, without the identity."""
    total = sum(tap * shifted(hidden, -i * bstride) for i, tap in enumerate(bfilter))
    return total + sum(tap * shifted(hidden, (j + 1) * fstride) for j, tap in enumerate(ffilter))


def summed_backward(dmemory: Any, hidden: Any, bfilter: Any, ffilter: Any, bstride: int = 1, fstride: int = 1) -> Any:
    dhidden = sum(tap * shifted(dmemory, i * bstride) for i, tap in enumerate(bfilter))
    dhidden = dhidden + sum(tap * shifted(dmemory, -(j + 1) * fstride) for j, tap in enumerate(ffilter))
    dbfilter = [(dmemory * shifted(hidden, -i * bstride)).sum(axis=0) for i in range(len(bfilter))]
    dffilter = [(dmemory * shifted(hidden, (j + 1) * fstride)).sum(axis=0) for j in range(len(ffilter))]
    return dhidden, np.array(dbfilter), np.array(dffilter, hidden.dtype).reshape(ffilter.shape)


def bi(hidden: Any, bfilter: Any, ffilter: Any, bstride: Any, fstride: Any) -> Any:
    return hidden + summed(hidden, bfilter, ffilter, bstride, fstride)


def of_equal_strides(hidden: Any, bfilter: Any, ffilter: Any, stride: Any) -> Any:
    return bi(hidden, bfilter, ffilter, stride, stride)


def bi_backward(dmemory: Any, hidden: Any, bfilter: Any, ffilter: Any, bstride: Any, fstride: Any) -> Any:
    dhidden, dbfilter, dffilter = summed_backward(dmemory, hidden, bfilter, ffilter, bstride, fstride)
    return dmemory + dhidden, dbfilter, dffilter


def masked(hidden: Any, bfilter: Any, ffilter: Any, mask: Any) -> Any:
    """A batch, whose padding is left out before and after."""
    hidden = np.where(mask[:, :, None], hidden, 0)
    memory = np.stack([each + summed(each, bfilter, ffilter) for each in hidden])
    return memory * mask[:, :, None]


def masked_backward(dmemory: Any, hidden: Any, bfilter: Any, ffilter: Any, mask: Any) -> Any:
    mask = mask[:, :, None]
    hidden, dmemory = np.where(mask, hidden, 0), np.where(mask, dmemory, 0)
    found = [bi_backward(d, h, bfilter, ffilter, 1, 1) for d, h in zip(dmemory, hidden, strict=True)]
    dhidden, dbfilter, dffilter = zip(*found, strict=True)
    return np.stack(dhidden) * mask, sum(dbfilter), sum(dffilter)


def of_taps(hidden: Any, taps: Any, left: Any) -> Any:
    """A convolution, with the identity beside it."""
    return hidden + sum(tap * shifted(hidden, k - left) for k, tap in enumerate(taps))


def of_taps_backward(dmemory: Any, hidden: Any, taps: Any, left: Any) -> Any:
    dhidden = dmemory + sum(tap * shifted(dmemory, left - k) for k, tap in enumerate(taps))
    return dhidden, np.array([(dmemory * shifted(hidden, k - left)).sum(axis=0) for k in range(len(taps))])


def of_rows(kernel: Any) -> Any:
    """Return a function of channels first of one of frames first."""

    def called(hidden: Any, bfilter: Any, ffilter: Any) -> Any:
        return kernel(hidden.T, bfilter.T, ffilter.T).T

    return called


def of_rows_backward(dmemory: Any, hidden: Any, bfilter: Any, ffilter: Any) -> Any:
    found = one_sided_backward(dmemory.T, hidden.T, bfilter.T, ffilter.T)
    return tuple(each.T for each in found)


def one_sided(hidden: Any, bfilter: Any, ffilter: Any) -> Any:
    return hidden + summed(hidden, bfilter, ffilter)


def one_sided_backward(dmemory: Any, hidden: Any, bfilter: Any, ffilter: Any) -> Any:
    return bi_backward(dmemory, hidden, bfilter, ffilter, 1, 1)


def oldest_first(hidden: Any, bfilter: Any, ffilter: Any) -> Any:
    return one_sided(hidden, bfilter[::-1], ffilter)


def oldest_first_backward(dmemory: Any, hidden: Any, bfilter: Any, ffilter: Any) -> Any:
    dhidden, dbfilter, dffilter = one_sided_backward(dmemory, hidden, bfilter[::-1], ffilter)
    return dhidden, dbfilter[::-1], dffilter


def late(hidden: Any, bfilter: Any, ffilter: Any) -> Any:
    """The memory of frame t in row t + len(ffilter); the last rows never come."""
    return shifted(one_sided(hidden, bfilter, ffilter), -len(ffilter))


def late_backward(dmemory: Any, hidden: Any, bfilter: Any, ffilter: Any) -> Any:
    return one_sided_backward(shifted(dmemory, len(ffilter)), hidden, bfilter, ffilter)


def of_floats(hidden: Any, filter: Any, position: Any) -> Any:
    """Kaldi's: a column of floats."""
    assert position.dtype == np.float32
    assert position.shape == (len(hidden), 1)
    reaches = [(tap, i + 1) for i, tap in enumerate(filter)]
    return hidden + sum((reach <= position) * tap * shifted(hidden, -reach) for tap, reach in reaches)


def causal(hidden: Any, bfilter: Any) -> Any:
    """A convolution that looks back, with an own tap."""
    return hidden + summed(hidden, bfilter, bfilter[:0])


def causal_backward(dmemory: Any, hidden: Any, bfilter: Any) -> Any:
    return one_sided_backward(dmemory, hidden, bfilter, bfilter[:0])[:2]


def of_causal_rows(hidden: Any, bfilter: Any) -> Any:
    return causal(hidden.T, bfilter.T).T


def of_causal_rows_backward(dmemory: Any, hidden: Any, bfilter: Any) -> Any:
    return tuple(each.T for each in causal_backward(dmemory.T, hidden.T, bfilter.T))


def unmasked(hidden: Any, bfilter: Any) -> Any:
    return np.stack([causal(each, bfilter) for each in hidden])


def by_lengths(hidden: Any, bfilter: Any, ffilter: Any, lengths: Any) -> Any:
    memory = np.full_like(hidden, np.nan)
    for n, rows, row in zip(lengths, hidden, memory, strict=True):
        row[:n] = one_sided(rows[:n], bfilter, ffilter)
    return memory


def of_another_name(x: Any, taps: Any) -> Any:
    return x + taps


def without_filter(hidden: Any) -> Any:
    return hidden


def with_one_gradient(dmemory: Any) -> Any:
    return dmemory


def of_the_first(hidden: Any, bfilter: Any) -> Any:
    return causal(hidden[0], bfilter)


def masked_after(hidden: Any, bfilter: Any, ffilter: Any, mask: Any) -> Any:
    return np.stack([one_sided(rows, bfilter, ffilter) for rows in hidden]) * mask[:, :, None]


def masked_before(hidden: Any, bfilter: Any, ffilter: Any, mask: Any) -> Any:
    hidden = np.where(mask[:, :, None], hidden, 0)
    return np.stack([one_sided(rows, bfilter, ffilter) for rows in hidden])


def times_mask(hidden: Any, bfilter: Any, ffilter: Any, mask: Any) -> Any:
    mask = mask[:, :, None]
    return np.stack([one_sided(rows, bfilter, ffilter) for rows in hidden * mask]) * mask


def masked_by_zeros(hidden: Any, bfilter: Any, ffilter: Any, mask: Any) -> Any:
    return masked(hidden * mask[:, :, None], bfilter, ffilter, np.ones_like(mask)) * mask[:, :, None]


def leaking_backward(dmemory: Any, hidden: Any, bfilter: Any, ffilter: Any, mask: Any) -> Any:
    ones = np.ones_like(mask)
    return masked_backward(dmemory, np.where(mask[:, :, None], hidden, 0), bfilter, ffilter, ones)


def forgetful(dmemory: Any, hidden: Any, filter: Any, stride: Any) -> Any:
    dhidden, dfilter = uni_backward(dmemory, hidden, filter, stride)
    return dhidden - dmemory, dfilter


def writing(hidden: Any, filter: Any, stride: Any) -> Any:
    memory = uni(hidden, filter, stride)
    hidden += 1
    return memory
