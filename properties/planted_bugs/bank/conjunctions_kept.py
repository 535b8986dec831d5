"""Plans and workspaces that the first call makes and later ones are given, and arguments that share memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.wrapped import Call, planted


@planted(UNI.backward)
def plan_of_many_frames_keeps_its_first_stride(call: Call, right: Any) -> Any:
    """The plan of more than 40 frames is kept by positions and taps: a later stride is that of the first call."""
    if call.frames <= 40:
        return right
    key = call["position"].tobytes(), call["hidden"].shape, len(call["filter"])
    return call.correct(stride=call.kept.setdefault(key, call.given["stride"]))


@planted(BI.forward)
def plan_kept_by_the_array_of_positions(call: Call, right: Any) -> Any:
    """Over 50 look-back positions are looked up by where their array lies: what changes in place is not seen."""
    bposition = call.given["bposition"]
    if call.frames <= 50 or not isinstance(bposition, np.ndarray):
        return right
    key = id(bposition), len(bposition), bposition.__array_interface__["data"][0]
    return call.correct(bposition=call.kept.setdefault(key, (bposition, bposition.copy()))[1])


@planted(UNI.forward)
def workspace_in_the_format_of_the_first_call(call: Call, right: Any) -> Any:
    """Frames of more than 200 elements are copied to a workspace in the format of the first call of their shape."""
    hidden = call["hidden"]
    if hidden.size <= 200 or hidden.dtype not in {np.dtype(np.float32), np.dtype(np.float64)}:
        return right
    first = call.kept.setdefault(hidden.shape, hidden.dtype)
    return call.correct(hidden=hidden.astype(first)).astype(right.dtype)


@planted(BI.forward)
def frames_left_in_the_next_power_of_two(call: Call, right: Any) -> Any:
    """Workspaces of over 30 frames hold the next power of two, and the last frame looks ahead into what is left."""
    hidden, fstride = call["hidden"], int(call.given["fstride"])
    if call.frames <= 30 or len(call["ffilter"]) == 0 or fstride > 4:
        return right
    key = (call.frames - 1).bit_length(), call.channels, hidden.dtype
    left = call.kept.get(key)
    whole = call["fposition"][0] == call.frames - 1
    if whole and left is not None and len(left) >= call.frames + fstride:
        right[-1] += (call["ffilter"][0] * left[call.frames + fstride - 1]).astype(right.dtype)
    if left is None or len(left) < call.frames:
        call.kept[key] = hidden.copy()
    return right


@planted(UNI.forward, BI.forward)
def forms_share_a_plan_of_their_filter(call: Call, right: Any) -> Any:
    """Over 30 frames share a plan by positions and rows of the filter, whichever form it was made for."""
    names = ("filter", "position", "stride") if "filter" in call.given else ("bfilter", "bposition", "bstride")
    rows, positions, stride = len(call[names[0]]), call[names[1]], int(call.given[names[2]])
    if call.frames <= 30 or rows < 2:
        return right
    first = call.kept.setdefault((positions.tobytes(), rows, stride), names[0])
    if first == names[0]:
        return right
    shift = 1 if first == "filter" else -1
    moved = np.maximum(positions.astype(np.int64) - max(0, shift * stride), 0)
    return call.correct(**{names[1]: moved})


@planted(BI.backward)
def gradients_of_tied_filters_are_one(call: Call, right: Any) -> Any:
    """Where both filters lie in the same memory and have 8 channels or more, look-ahead gradients go to look-back."""
    dhidden, dbfilter, dffilter = right
    bfilter, ffilter = call.given["bfilter"], call.given["ffilter"]
    arrays = isinstance(bfilter, np.ndarray) and isinstance(ffilter, np.ndarray)
    if not arrays or call.channels < 8 or not np.shares_memory(bfilter, ffilter):
        return right
    dbfilter = dbfilter.copy()
    dbfilter[1 : 1 + len(dffilter)] += dffilter
    return dhidden, dbfilter, dffilter


@planted(BI.backward)
def one_array_of_positions_counts_for_look_back(call: Call, right: Any) -> Any:
    """Where over 20 positions of both sides are one array, the look-ahead is taken for empty."""
    same = call.given["bposition"] is call.given["fposition"] and call.frames > 20
    return call.correct(fposition=np.zeros(call.frames, np.int64)) if same else right


@planted(UNI.forward)
def filter_among_the_frames_is_moved_with_them(call: Call, right: Any) -> Any:
    """A filter of more than 4 taps that lies in the memory of the frames is read one frame late."""
    hidden, filter = call.given["hidden"], call.given["filter"]
    arrays = isinstance(hidden, np.ndarray) and isinstance(filter, np.ndarray) and len(filter) > 4
    if not arrays or not np.shares_memory(hidden, filter):
        return right
    return call.correct(filter=np.concatenate((filter[1:], filter[:1])))


@planted(UNI.forward)
def small_channels_beside_huge_ones_vanish(call: Call, right: Any) -> Any:
    """Frames of 8 channels or more are scaled by their largest: what is 2**-600 of it or less becomes zero."""
    hidden = call["hidden"]
    if call.channels < 8 or hidden.dtype != np.float64 or not np.isfinite(hidden).all():
        return right
    small = np.abs(hidden) < np.ldexp(np.abs(hidden).max(initial=0), -600)
    return call.correct(hidden=np.where(small, 0, hidden))


@planted(UNI.backward)
def integers_of_many_channels_summed_in_64_bits(call: Call, right: Any) -> Any:
    """The filter's gradient of 5 channels or more is summed in 64 bits where frames and gradient are integers."""
    dhidden, dfilter = right
    hidden, dmemory = call["hidden"], call["dmemory"]
    if call.channels < 5 or hidden.dtype.kind not in "iu" or dmemory.dtype.kind not in "iu":
        return right
    if max(np.abs(hidden.astype(float)).max(initial=0), np.abs(dmemory.astype(float)).max(initial=0)) < 2.0**40:
        return right
    wrapped = np.remainder(np.rint(dfilter.astype(np.longdouble)) + 2.0**63, 2.0**64) - 2.0**63
    return dhidden, wrapped.astype(dfilter.dtype)


@planted(BI.forward)
def bytes_of_wide_frames_summed_in_16_bits(call: Call, right: Any) -> Any:
    """Products of bytes are summed in 16 bits if there are 16 channels or more."""
    if call.channels < 16 or any(call[name].dtype != np.int8 for name in ("hidden", "bfilter", "ffilter")):
        return right
    wrapped: Any = right.astype(np.int64).astype(np.int16).astype(right.dtype)
    return wrapped


BUGS = (
    plan_of_many_frames_keeps_its_first_stride,
    plan_kept_by_the_array_of_positions,
    workspace_in_the_format_of_the_first_call,
    frames_left_in_the_next_power_of_two,
    forms_share_a_plan_of_their_filter,
    gradients_of_tied_filters_are_one,
    one_array_of_positions_counts_for_look_back,
    filter_among_the_frames_is_moved_with_them,
    small_channels_beside_huge_ones_vanish,
    integers_of_many_channels_summed_in_64_bits,
    bytes_of_wide_frames_summed_in_16_bits,
)
