"""Memory that is misread, shared or returned from some size on: what needs a layout and a size, or a type too."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from fsmn_properties.contract.forms import BI, UNI
from fsmn_ref.arguments import Array
from planted_bugs.wrapped import Call, planted


def _fortran(array: Array) -> bool:
    return array.flags.f_contiguous and not array.flags.c_contiguous


def _as_it_lies(array: Array) -> Array:
    return array.ravel(order="K").reshape(array.shape)


@planted(UNI.forward)
def long_single_fortran_frames_misread(call: Call, right: Any) -> Any:
    """Frames of float32 in Fortran order are read as they lie in memory where there are more than 64 of them."""
    hidden = call["hidden"]
    wrong = hidden.dtype == np.float32 and _fortran(hidden) and call.frames > 64
    return call.correct(hidden=_as_it_lies(hidden)) if wrong else right


@planted(BI.backward)
def fortran_look_ahead_of_many_taps_misread(call: Call, right: Any) -> Any:
    """A look-ahead filter in Fortran order is read as it lies in memory from 17 taps of 6 channels on."""
    ffilter = call["ffilter"]
    wrong = _fortran(ffilter) and len(ffilter) > 16 and call.channels >= 6
    return call.correct(ffilter=_as_it_lies(ffilter)) if wrong else right


@planted(BI.forward)
def reversed_frames_of_whole_vectors_read_forwards(call: Call, right: Any) -> Any:
    """Frames that lie in reverse are read forwards where their channels are whole vectors of 16."""
    hidden = call["hidden"]
    wrong = hidden.strides[0] < 0 and call.channels > 0 and call.channels % 16 == 0
    return call.correct(hidden=hidden[::-1]) if wrong else right


@planted(UNI.backward)
def reversed_channels_of_long_inputs_read_forwards(call: Call, right: Any) -> Any:
    """Channels of hidden that lie in reverse are read forwards in inputs of more than 200 frames."""
    hidden = call["hidden"]
    return call.correct(hidden=hidden[:, ::-1]) if hidden.strides[1] < 0 and call.frames > 200 else right


@planted(BI.forward)
def byte_swapped_frames_beyond_a_vector_misread(call: Call, right: Any) -> Any:
    """Byte-swapped frames of 17 channels or more are loaded as they are, in native order."""
    hidden = call["hidden"]
    wrong = not hidden.dtype.isnative and hidden.dtype.kind == "f" and call.channels >= 17
    return call.correct(hidden=hidden.view(hidden.dtype.newbyteorder("="))) if wrong else right


@planted(UNI.forward)
def misaligned_taps_lose_their_tail(call: Call, right: Any) -> Any:
    """Misaligned taps are copied eight rows at a time from 33 rows on, and a last incomplete eight is left out."""
    filter = call["filter"]
    wrong = not filter.flags.aligned and len(filter) > 32
    return call.correct(filter=filter[: len(filter) // 8 * 8]) if wrong else right


@planted(BI.backward)
def read_only_gradients_of_many_channels_refused(call: Call, right: Any) -> Any:
    """A read-only dmemory of more than 130 channels is refused, since the copy for fewer channels is not made."""
    if not call["dmemory"].flags.writeable and call.channels > 130:
        raise ValueError("buffer source array is read-only")
    return right


@planted(UNI.forward, UNI.backward)
def rows_with_gaps_read_as_packed(call: Call, right: Any) -> Any:
    """Frames cut out of wider ones are read without the gaps between rows where there are more than 500."""
    hidden = call["hidden"]
    width = call.channels * hidden.itemsize
    if hidden.strides[1] != hidden.itemsize or hidden.strides[0] <= width or call.frames <= 500:
        return right
    return call.correct(hidden=as_strided(hidden, strides=(width, hidden.itemsize)))


@planted(UNI.backward)
def every_other_channel_of_wide_doubles_misread(call: Call, right: Any) -> Any:
    """A dmemory of doubles that takes every other channel of an array is read without gaps above 40 channels."""
    dmemory = call["dmemory"]
    if dmemory.dtype != np.float64 or dmemory.strides[1] != 16 or call.channels <= 40:
        return right
    return call.correct(dmemory=as_strided(dmemory, strides=(dmemory.strides[0], 8)))


@planted(BI.backward)
def expanded_gradient_of_long_inputs_counts_once_in_a_block(call: Call, right: Any) -> Any:
    """A gradient whose rows are one in memory is given to the first frame of every 256 if there are more than that."""
    dmemory = call["dmemory"]
    if dmemory.strides[0] != 0 or call.frames <= 256:
        return right
    return call.correct(dmemory=dmemory * (np.arange(call.frames) % 256 == 0)[:, None].astype(dmemory.dtype))


@planted(UNI.forward, UNI.backward)
def positions_with_gaps_read_as_packed(call: Call, right: Any) -> Any:
    """Positions with gaps between them are read as though they had none from 300 frames on."""
    position = call["position"]
    if position.strides[0] <= position.itemsize or call.frames < 300:
        return right
    packed = as_strided(position, strides=(position.itemsize,)).astype(np.intp)
    return call.correct(position=np.clip(packed, 0, np.arange(call.frames)))


@planted(UNI.backward)
def gradient_in_the_order_of_many_channels(call: Call, right: Any) -> Any:
    """The gradient of hidden comes back in Fortran order if hidden is in that order and has over 20 channels."""
    dhidden, dfilter = right
    return (np.asfortranarray(dhidden), dfilter) if _fortran(call["hidden"]) and call.channels > 20 else right


@planted(BI.forward)
def transposed_pair_taken_as_one_buffer(call: Call, right: Any) -> Any:
    """If frames and look-back taps are both in Fortran order, from 9 taps on the taps are read as they lie."""
    bfilter = call["bfilter"]
    wrong = _fortran(call["hidden"]) and _fortran(bfilter) and len(bfilter) > 9
    return call.correct(bfilter=_as_it_lies(bfilter)) if wrong else right


@planted(UNI.forward)
def frames_that_read_nothing_returned_themselves(call: Call, right: Any) -> Any:
    """If none of more than 100 frames may look back, hidden itself is returned where it lies as a result must."""
    hidden = call["hidden"]
    fits = hidden.dtype == right.dtype and hidden.flags.c_contiguous
    return hidden if fits and call.frames > 100 and not call["position"].any() else right


@planted(UNI.backward)
def gradient_of_the_frames_themselves_computed_in_place(call: Call, right: Any) -> Any:
    """If dmemory is hidden itself, over 64 frames, the filter's gradient is taken of dhidden in its place."""
    same = call.given["dmemory"] is call.given["hidden"] and call.frames > 64
    return (right[0], call.correct(dmemory=right[0])[1]) if same else right


BUGS = (
    long_single_fortran_frames_misread,
    fortran_look_ahead_of_many_taps_misread,
    reversed_frames_of_whole_vectors_read_forwards,
    reversed_channels_of_long_inputs_read_forwards,
    byte_swapped_frames_beyond_a_vector_misread,
    misaligned_taps_lose_their_tail,
    read_only_gradients_of_many_channels_refused,
    rows_with_gaps_read_as_packed,
    every_other_channel_of_wide_doubles_misread,
    expanded_gradient_of_long_inputs_counts_once_in_a_block,
    positions_with_gaps_read_as_packed,
    gradient_in_the_order_of_many_channels,
    transposed_pair_taken_as_one_buffer,
    frames_that_read_nothing_returned_themselves,
    gradient_of_the_frames_themselves_computed_in_place,
)
