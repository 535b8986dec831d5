"""What is kept from call to call or written in place where inputs are large, alike or refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, gathered
from planted_bugs.wrapped import Call, planted

POSITIONS = "Positions: TypeAlias = npt.NDArray[np.intp]"
KEY = "key = position.tobytes(), stride, taps"


@planted(UNI.forward)
def memory_kept_by_shape_and_first_frame(call: Call, right: Any) -> Any:
    """The memory of more than 100 frames is returned again for frames of that shape that begin and end the same."""
    hidden = call["hidden"]
    if call.frames <= 100:
        return right
    ends = hidden[0].tobytes(), hidden[-1].tobytes()
    rest = call["filter"].tobytes(), call["position"].tobytes(), int(call.given["stride"])
    kept: Any = call.kept.setdefault((right.shape, right.dtype, *ends, *rest), right.copy())
    return kept.copy()


@planted(BI.forward)
def many_taps_packed_by_their_first_row(call: Call, right: Any) -> Any:
    """Look-ahead filters of 24 taps or more are packed once for each shape and first row."""
    ffilter = call["ffilter"]
    if len(ffilter) < 24:
        return right
    key = ffilter.shape, ffilter.dtype, ffilter[0].tobytes()
    return call.correct(ffilter=call.kept.setdefault(key, ffilter.copy()))


@planted(UNI.backward)
def gradient_of_many_taps_is_scratch(call: Call, right: Any) -> Any:
    """The filter's gradient of more than 4096 elements is scratch, which the next call of that shape overwrites."""
    dhidden, dfilter = right
    if dfilter.size <= 4096:
        return right
    scratch = call.kept.setdefault((dfilter.shape, dfilter.dtype), np.empty_like(dfilter))
    scratch[...] = dfilter
    return dhidden, scratch


@planted(UNI.forward, BI.forward)
def halo_left_behind_by_the_other_form(call: Call, right: Any) -> Any:
    """After more than 40 frames of 96 channels or more by the other form, the first frame has that one's last added."""
    form = "position" in call.given
    if call.frames <= 40 or call.channels < 96:
        return right
    halo = call.kept.get((not form, call.channels))
    if halo is not None:
        right[0] += halo.astype(right.dtype)
    call.kept[form, call.channels] = call["hidden"][-1].copy()
    call.kept.pop((not form, call.channels), None)
    return right


@planted(BI.forward)
def shorter_input_sees_the_end_of_a_longer_one(call: Call, right: Any) -> Any:
    """Workspace only grows, and the last of over 200 frames looks ahead at what a longer input left behind it."""
    if call.frames <= 200 or len(call["ffilter"]) == 0:
        return right
    left = call.kept.get(call.channels)
    if left is not None and len(left) > call.frames and call.given["fstride"] == 1:
        right[-1] += (call["ffilter"][0] * left[call.frames]).astype(right.dtype)
    if left is None or len(left) <= call.frames:
        call.kept[call.channels] = call["hidden"].copy()
    return right


@planted(UNI.backward)
def positions_of_long_wide_inputs_saturated_in_place(call: Call, right: Any) -> Any:
    """Over 500 positions of int64 are cut to what the taps reach, in place, where there are 8 channels or more."""
    position = call.given["position"]
    large = call.frames > 500 and call.channels >= 8
    if large and isinstance(position, np.ndarray) and position.dtype == np.int64 and position.flags.writeable:
        np.minimum(position, min(len(call["filter"]) * int(call.given["stride"]), call.frames), out=position)
    return right


@planted(BI.backward)
def wide_singles_scaled_in_place_and_back(call: Call, right: Any) -> Any:
    """Frames of float32 with 128 channels or more are halved in place and doubled again, which costs subnormal bits."""
    hidden = call.given["hidden"]
    writeable = isinstance(hidden, np.ndarray) and hidden.dtype == np.float32 and hidden.flags.writeable
    if writeable and call.channels >= 128:
        hidden /= 2
        hidden *= 2
    return right


@planted(UNI.forward)
def third_call_replays_the_stride_of_the_first(call: Call, right: Any) -> Any:
    """From the third call of one shape with over 50 frames on, the stride is that of the first, as in a trace."""
    if call.frames <= 50:
        return right
    calls = call.kept.setdefault((right.shape, right.dtype, len(call["filter"])), [])
    calls.append(call.given["stride"])
    return call.correct(stride=calls[0]) if len(calls) > 2 else right


@planted(UNI.forward)
def order_of_many_taps_alternates(call: Call, right: Any) -> Any:
    """Every other call with 32 taps or more in float32 is rounded once, not after each tap, so its bits differ."""
    if len(call["filter"]) < 32 or right.dtype != np.float32:
        return right
    call.kept["odd"] = not call.kept.get("odd", False)
    if call.kept["odd"]:
        return right
    return call.correct(hidden=call["hidden"].astype(np.float64)).astype(np.float32)


@planted()
def path_of_long_inputs_chosen_by_sampling(call: Call, correct: Any) -> Any:
    """Rows of more than 500 frames are sampled with NumPy's global generator, to choose how to compute."""
    if call.frames > 500:
        np.random.randint(call.frames, size=8)  # noqa: NPY002, that is the bug
    return correct


BUGS = (
    memory_kept_by_shape_and_first_frame,
    many_taps_packed_by_their_first_row,
    gradient_of_many_taps_is_scratch,
    halo_left_behind_by_the_other_form,
    shorter_input_sees_the_end_of_a_longer_one,
    positions_of_long_wide_inputs_saturated_in_place,
    wide_singles_scaled_in_place_and_back,
    third_call_replays_the_stride_of_the_first,
    order_of_many_taps_alternates,
    path_of_long_inputs_chosen_by_sampling,
    Bug(
        "refused_positions_of_long_inputs_leave_warnings_silenced",
        "NumPy's warnings are silenced before more than 64 positions are checked, and not restored if one is refused.",
        gathered,
        (Change("r = bad[0]", "r = bad[0]\nif len(array) > 64:\n    np.seterr(all='ignore')"),),
    ),
    Bug(
        "plan_kept_by_length_in_long_inputs",
        "Plans of more than 512 frames are kept by the number of frames, since hashing positions takes long.",
        blocked,
        (
            Change(
                KEY,
                "key = position.tobytes() if len(position) <= 512 else len(position), stride, taps",
            ),
        ),
    ),
    Bug(
        "plan_kept_by_the_first_positions",
        "Plans are kept by the first 100 positions and their number.",
        blocked,
        (Change(KEY, "key = position[:100].tobytes(), len(position), stride, taps"),),
    ),
    Bug(
        "refused_positions_leave_a_plan",
        "Where one of more than 64 positions was refused, the next of that name and number end where it was.",
        gathered,
        (
            Change(POSITIONS, f"{POSITIONS}\n_left = {{}}"),
            Change("r = bad[0]", "r = bad[0]\n_left[name, len(array)] = r"),
            Change(
                "return array.astype(np.intp, copy=False)",
                "end = _left.pop((name, len(array)), len(array)) if len(array) > 64 else len(array)\n"
                "return np.where(np.arange(len(array)) < end, array, 0).astype(np.intp)",
                "_positions",
            ),
        ),
    ),
    Bug(
        "refused_stride_is_kept",
        "After a stride below 1 was refused, the next call with more than 9 taps has the stride 1.",
        gathered,
        (
            Change(POSITIONS, f"{POSITIONS}\n_left = []"),
            Change("if stride < 1:", "if stride < 1:\n    _left.append(stride)"),
            Change(
                "for i, rows, lag in",
                "stride = 1 if len(filter) > 9 and _left and _left.pop() < 1 else stride\nfor i, rows, lag in",
                UNI.forward,
            ),
        ),
    ),
)
