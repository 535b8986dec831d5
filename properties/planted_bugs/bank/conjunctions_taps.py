"""Shortcuts for taps and values of a special kind, judged by a part of them or beyond what they hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.wrapped import Call, planted


@planted(BI.forward, BI.backward)
def symmetric_taps_judged_by_the_first_channel(call: Call, right: Any) -> Any:
    """Both sides have the look-back's taps if those of the first channel of 5 or more are the same on both sides."""
    bfilter, ffilter = call["bfilter"], call["ffilter"]
    if call.channels < 5 or len(ffilter) != len(bfilter) - 1 or not np.array_equal(bfilter[1:, 0], ffilter[:, 0]):
        return right
    return call.correct(ffilter=bfilter[1:].astype(ffilter.dtype))


@planted(BI.forward)
def symmetric_taps_judged_by_the_nearest(call: Call, right: Any) -> Any:
    """Both sides of 9 taps or more have the look-back's taps if the nearest tap is the same on both sides."""
    bfilter, ffilter = call["bfilter"], call["ffilter"]
    if len(ffilter) < 9 or len(ffilter) != len(bfilter) - 1 or not np.array_equal(bfilter[1], ffilter[0]):
        return right
    return call.correct(ffilter=bfilter[1:].astype(ffilter.dtype))


@planted(UNI.forward, UNI.backward)
def farthest_taps_trimmed_by_the_first_channel(call: Call, right: Any) -> Any:
    """Of more than 8 taps, the farthest are left out as long as the first of 10 channels or more has zeros there."""
    filter = np.array(call["filter"])
    if call.channels < 10 or len(filter) <= 8:
        return right
    end = int(np.max(np.flatnonzero(filter[:, 0]), initial=7)) + 1
    filter[end:] = 0
    return call.correct(filter=filter)


@planted(UNI.forward)
def taps_shared_by_channels_judged_by_the_first_row(call: Call, right: Any) -> Any:
    """Each of 3 taps or more is that of the first channel if all of 12 channels or more agree in the nearest tap."""
    filter = call["filter"]
    if call.channels < 12 or len(filter) < 3 or (filter[0] != filter[0, 0]).any():
        return right
    return call.correct(filter=np.repeat(filter[:, :1], call.channels, axis=1))


@planted(UNI.forward)
def equal_taps_as_a_moving_sum(call: Call, right: Any) -> Any:
    """Where 9 taps or more are equal, with stride 1, the sums of a window are differences of running sums."""
    filter, position = call["filter"].astype(right.dtype), call["position"].astype(np.intp)
    if len(filter) < 9 or call.given["stride"] != 1 or (filter != filter[0]).any():
        return right
    hidden, rows = call["hidden"].astype(right.dtype), np.arange(call.frames)
    sums = np.concatenate([np.zeros_like(right[:1]), np.cumsum(hidden, axis=0, dtype=right.dtype)])
    right[...] = hidden + filter[0] * (sums[rows] - sums[rows - np.minimum(position, len(filter))])
    return right


@planted(UNI.forward, UNI.backward)
def dilated_taps_judged_by_the_first_channel(call: Call, right: Any) -> Any:
    """Of 10 taps or more, every other one is left out if it is zero in the first of 5 channels or more."""
    filter = np.array(call["filter"])
    if len(filter) < 10 or call.channels < 5 or filter[::2, 0].any():
        return right
    filter[::2] = 0
    return call.correct(filter=filter)


@planted(UNI.forward)
def small_taps_of_long_filters_pruned(call: Call, right: Any) -> Any:
    """Taps of float32 below a hundred-millionth of their channel's largest are pruned where there are 64 or more."""
    filter = np.array(call["filter"])
    if filter.dtype != np.float32 or len(filter) < 64:
        return right
    filter[np.abs(filter) < np.abs(filter).max(axis=0, initial=0) * 1e-8] = 0
    return call.correct(filter=filter)


@planted(BI.forward)
def whole_numbers_of_wide_inputs_summed_in_16_bits(call: Call, right: Any) -> Any:
    """Whole numbers within int8 are summed in int16 in 32 frames or more of whole vectors of 32 channels."""
    if call.frames < 32 or call.channels == 0 or call.channels % 32 != 0:
        return right
    whole = all((array == np.clip(np.trunc(array), -128, 127)).all() for array in call.floats.values())
    return right.astype(np.int64).astype(np.int16).astype(right.dtype) if whole else right


@planted(UNI.backward)
def whole_doubles_of_long_inputs_summed_in_single(call: Call, right: Any) -> Any:
    """Doubles that are all whole numbers below 2**24 are summed in float32 from 100 frames on."""
    if right[0].dtype != np.float64 or call.frames < 100:
        return right
    if not all((array == np.clip(np.trunc(array), -(2.0**24), 2.0**24)).all() for array in call.floats.values()):
        return right
    return tuple(gradient.astype(np.float32).astype(np.float64) for gradient in right)


@planted(UNI.backward)
def faint_gradients_of_long_inputs_skipped(call: Call, right: Any) -> Any:
    """In 64 frames or more of 6 channels or more, gradients below a millionth of their row's largest count as zero."""
    dmemory = np.array(call["dmemory"])
    if call.frames < 64 or call.channels < 6:
        return right
    dmemory[np.abs(dmemory) < 1e-6 * np.abs(dmemory).max(axis=1, keepdims=True)] = 0
    return call.correct(dmemory=dmemory)


@planted(BI.backward)
def filters_cut_from_one_array_share_a_gradient(call: Call, right: Any) -> Any:
    """The look-ahead taps get the look-back's gradient if both, of more than 8 taps, begin at the same address."""
    bfilter, ffilter = call["bfilter"], call["ffilter"]
    if len(ffilter) <= 8 or len(bfilter) <= len(ffilter) or bfilter[1:].ctypes.data != ffilter.ctypes.data:
        return right
    return right[0], right[1], right[1][1 : 1 + len(ffilter)].copy()


BUGS = (
    symmetric_taps_judged_by_the_first_channel,
    symmetric_taps_judged_by_the_nearest,
    farthest_taps_trimmed_by_the_first_channel,
    taps_shared_by_channels_judged_by_the_first_row,
    equal_taps_as_a_moving_sum,
    dilated_taps_judged_by_the_first_channel,
    small_taps_of_long_filters_pruned,
    whole_numbers_of_wide_inputs_summed_in_16_bits,
    whole_doubles_of_long_inputs_summed_in_single,
    faint_gradients_of_long_inputs_skipped,
    filters_cut_from_one_array_share_a_gradient,
)
