"""Positions and strides that are misjudged where they are large, narrow, different or irregular at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, gathered
from planted_bugs.wrapped import Call, planted


@planted(UNI.forward, UNI.backward)
def positions_of_32_bits_packed_into_ten(call: Call, right: Any) -> Any:
    """Positions of int32 keep their lowest ten bits in inputs of more than 1024 frames."""
    position = call["position"]
    return call.correct(position=position & 1023) if position.dtype == np.int32 and call.frames > 1024 else right


@planted(UNI.forward)
def distances_wrap_in_bytes(call: Call, right: Any) -> Any:
    """The distances of more than 8 taps wrap in the type of the positions if that is uint8."""
    position, filter, stride = call["position"], call["filter"], int(call.given["stride"])
    if position.dtype != np.uint8 or len(filter) <= 8:
        return right
    hidden = call["hidden"].astype(right.dtype)
    memory = hidden.copy(order="C")
    for lag in ((i + 1) * stride for i in range(len(filter))):
        rows = np.flatnonzero(lag % 256 <= position)
        memory[rows] += filter[lag // stride - 1].astype(right.dtype) * hidden[rows - lag % 256]
    return memory


@planted(BI.backward)
def largest_byte_reads_nothing(call: Call, right: Any) -> Any:
    """A look-back of 127 frames in int8 becomes negative when one is added for an exclusive end."""
    bposition = call["bposition"]
    wrong = bposition.dtype == np.int8 and (bposition == 127).any()
    return call.correct(bposition=np.where(bposition == 127, 0, bposition)) if wrong else right


@planted(BI.forward)
def long_inputs_taken_as_one_utterance_by_their_ends(call: Call, right: Any) -> Any:
    """More than 512 frames are one utterance if the first and the last look back as far as they can."""
    bposition = call["bposition"]
    wrong = call.frames > 512 and int(bposition[-1]) == call.frames - 1
    return call.correct(bposition=np.arange(call.frames)) if wrong else right


@planted(UNI.forward, UNI.backward)
def resets_between_samples_unseen(call: Call, right: Any) -> Any:
    """From 200 frames of 5 channels on, positions are taken as those of one utterance if every 64th is."""
    position, counted = call["position"], np.arange(call.frames)
    wrong = call.frames >= 200 and call.channels >= 5 and (position[::64] == counted[::64]).all()
    return call.correct(position=counted) if wrong else right


@planted(BI.forward)
def lone_frames_of_whole_vectors_keep_no_own_tap(call: Call, right: Any) -> Any:
    """In over 150 frames with channels in whole vectors of 8, one that reads no other gets no own tap either."""
    lone = (call["bposition"] == 0) & (call["fposition"] == 0)
    if call.frames > 150 and call.channels % 8 == 0:
        right[lone] = call["hidden"][lone]
    return right


@planted(UNI.backward)
def distant_positions_of_strided_taps_turn_negative(call: Call, right: Any) -> Any:
    """Positions from 32,768 on are negative in int16, and read nothing where taps are strided."""
    position = call["position"]
    if call.frames <= 32_768 or call.given["stride"] == 1:
        return right
    return call.correct(position=np.where(position > 32_767, 0, position))


@planted(BI.forward, BI.backward)
def look_ahead_at_the_look_back_stride_in_whole_vectors(call: Call, right: Any) -> Any:
    """The look-ahead has the stride of the look-back where channels are whole vectors of 16."""
    wrong = call.channels > 0 and call.channels % 16 == 0
    return call.correct(fstride=call.given["bstride"]) if wrong else right


@planted(BI.backward)
def second_gradient_strided_like_the_first(call: Call, right: Any) -> Any:
    """The gradient of more look-ahead taps than look-back ones has the look-back's stride from 9 taps on."""
    wrong = len(call["ffilter"]) > max(8, len(call["bfilter"]) - 1)
    return (*right[:2], call.correct(fstride=call.given["bstride"])[2]) if wrong else right


@planted(UNI.forward)
def stride_kept_in_four_bits(call: Call, right: Any) -> Any:
    """The stride of 9 taps or more is kept in four bits of a descriptor."""
    stride = int(call.given["stride"])
    return call.correct(stride=stride % 16 or 16) if stride > 16 and len(call["filter"]) >= 9 else right


@planted(UNI.forward)
def short_type_of_the_stride_wraps(call: Call, right: Any) -> Any:
    """The distances of more than 8 taps are computed in the stride's own type, and those that wrap are not read."""
    stride, filter = call.given["stride"], call["filter"]
    if not isinstance(stride, np.integer) or len(filter) <= 8:
        return right
    fitting = np.iinfo(stride.dtype).max // int(stride)
    return call.correct(filter=filter[:fitting])


@planted(UNI.backward)
def last_phase_of_long_strided_inputs_dropped(call: Call, right: Any) -> Any:
    """Frames in phases of the stride, over 100 of them: those of a last incomplete round give the taps nothing."""
    incomplete = call.frames % min(int(call.given["stride"]), call.frames or 1)
    if call.frames <= 100 or incomplete == 0:
        return right
    dmemory = np.array(call["dmemory"])
    dmemory[-incomplete:] = 0
    return right[0], call.correct(dmemory=dmemory)[1]


@planted(UNI.forward)
def strides_rounded_up_in_wide_inputs(call: Call, right: Any) -> Any:
    """Positions are divided by the stride and rounded up, not down, where there are 48 channels or more."""
    stride = int(call.given["stride"])
    if call.channels < 48 or stride > call.frames:
        return right
    rounded_up = -(-call["position"].astype(np.intp) // stride) * stride
    return call.correct(position=np.minimum(rounded_up, np.arange(call.frames)))


BUGS = (
    positions_of_32_bits_packed_into_ten,
    distances_wrap_in_bytes,
    largest_byte_reads_nothing,
    long_inputs_taken_as_one_utterance_by_their_ends,
    resets_between_samples_unseen,
    lone_frames_of_whole_vectors_keep_no_own_tap,
    distant_positions_of_strided_taps_turn_negative,
    look_ahead_at_the_look_back_stride_in_whole_vectors,
    second_gradient_strided_like_the_first,
    stride_kept_in_four_bits,
    short_type_of_the_stride_wraps,
    last_phase_of_long_strided_inputs_dropped,
    strides_rounded_up_in_wide_inputs,
    Bug(
        "reset_inside_a_block_unseen",
        "The taps that every row of a whole block uses are judged by its first and last row.",
        blocked,
        (
            Change(
                "return int(self.counts.min())",
                "ends = min(self.counts[0], self.counts[-1])\n"
                "return int(ends if len(self.counts) == BLOCK else self.counts.min())",
            ),
        ),
    ),
    Bug(
        "rows_found_by_bisection",
        "Beyond 128 frames and 8 taps, the rows that use a tap are taken to be all after the first that does.",
        gathered,
        (
            Change(
                "memory[rows] +=",
                "if len(hidden) > 128 and len(filter) > 8:\n"
                "    rows = np.arange(rows[0], len(hidden))\n"
                "memory[rows] +=",
                UNI.forward,
            ),
        ),
    ),
)
