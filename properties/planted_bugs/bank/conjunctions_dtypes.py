"""Types that are narrowed, widened or misjudged from some size on, or only beside others."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, UNI
from fsmn_ref.arguments import Array
from planted_bugs.wrapped import Call, planted


def _computed_in(dtype: type[np.floating[Any]], call: Call, right: Any) -> Any:
    """Return the results of arguments that passed through a type, in the types that are right."""
    results = call.correct(**{name: array.astype(dtype) for name, array in call.floats.items()})
    if isinstance(right, tuple):
        return tuple(result.astype(wanted.dtype) for result, wanted in zip(results, right, strict=True))
    return results.astype(right.dtype)


def _cut_to(bits: int, call: Call) -> dict[str, Array]:
    """Return matrices of float32 with so many bits of the mantissa, as tensor cores read them."""
    mask = np.uint32(2**32 - 2 ** (23 - bits))
    return {
        name: (array.astype(np.float32).view(np.uint32) & mask).view(np.float32) for name, array in call.floats.items()
    }


@planted(UNI.forward)
def long_doubles_of_many_channels_summed_in_double(call: Call, right: Any) -> Any:
    """Long doubles of 24 channels or more go to a routine that computes in float64."""
    return _computed_in(np.float64, call, right) if right.dtype.char == "g" and call.channels >= 24 else right


@planted(BI.forward)
def doubles_of_large_inputs_summed_in_single(call: Call, right: Any) -> Any:
    """Doubles of more than 30,000 elements in at least 20 channels are summed in float32."""
    wrong = right.dtype == np.float64 and right.size > 30_000 and call.channels >= 20
    return _computed_in(np.float32, call, right) if wrong else right


@planted(UNI.forward)
def wide_singles_multiplied_as_bfloat16(call: Call, right: Any) -> Any:
    """Matrices of float32 keep 7 bits of their mantissas where 256 channels meet 16 taps or more."""
    wrong = right.dtype == np.float32 and call.channels >= 256 and len(call["filter"]) >= 16
    return call.correct(**_cut_to(7, call)) if wrong else right


@planted(BI.backward)
def long_singles_multiplied_as_tf32(call: Call, right: Any) -> Any:
    """Matrices of float32 keep 10 bits of their mantissas where channels fill vectors of 8 in 128 frames or more."""
    wrong = right[0].dtype == np.float32 and call.channels % 8 == 0 and call.frames >= 128
    return call.correct(**_cut_to(10, call)) if wrong else right


@planted(UNI.forward)
def mixed_types_narrowed_on_the_gather_path(call: Call, right: Any) -> Any:
    """With positions that jump, 48 frames of float32 or more beside a filter of float64 come back as float32."""
    steps = np.diff(call["position"].astype(np.intp))
    jumps = bool(((steps != 1) & (call["position"][1:] != 0)).any())
    wrong = jumps and call.frames >= 48 and call["hidden"].dtype == np.float32
    return right.astype(np.float32) if wrong else right


@planted(UNI.forward)
def list_of_taps_takes_the_type_of_long_inputs(call: Call, right: Any) -> Any:
    """A list of taps beside more than 20 frames of float32 counts as float32, not as float64."""
    wrong = isinstance(call.given["filter"], list) and call["hidden"].dtype == np.float32 and call.frames > 20
    return call.correct(filter=call["filter"].astype(np.float32)) if wrong else right


@planted(BI.forward)
def whole_look_ahead_takes_the_type_of_long_inputs(call: Call, right: Any) -> Any:
    """A look-ahead filter of integers counts as float32 beside 96 frames or more of float32."""
    integers = call["ffilter"].dtype.kind in "iu"
    wrong = integers and call["hidden"].dtype == call["bfilter"].dtype == np.float32 and call.frames >= 96
    return call.correct(ffilter=call["ffilter"].astype(np.float32)) if wrong else right


@planted(UNI.backward)
def small_integers_of_many_channels_count_as_single(call: Call, right: Any) -> Any:
    """Integers of 8 or 16 bits count as float32 where all matrices hold such and have more than 64 channels."""
    small = all(array.dtype.kind in "iu" and array.itemsize <= 2 for array in call.floats.values())
    return tuple(gradient.astype(np.float32) for gradient in right) if small and call.channels > 64 else right


@planted(UNI.backward)
def halves_of_long_inputs_come_back_as_single(call: Call, right: Any) -> Any:
    """The filter's gradient of 256 frames or more of float16 stays in the float32 of its partial sums."""
    dhidden, dfilter = right
    return (dhidden, dfilter.astype(np.float32)) if dfilter.dtype == np.float16 and call.frames >= 256 else right


@planted(UNI.forward, BI.forward)
def largest_unsigned_frames_turn_negative_in_vectors(call: Call, right: Any) -> Any:
    """Frames of uint64 from 2**63 on are converted as int64 where there are 8 channels or more."""
    hidden = call["hidden"]
    return call.correct(hidden=hidden.astype(np.int64)) if hidden.dtype == np.uint64 and call.channels >= 8 else right


@planted(BI.forward)
def byte_swapped_memory_of_long_inputs(call: Call, right: Any) -> Any:
    """Where hidden is byte-swapped and has more than 33 frames, the memory is byte-swapped as well."""
    wrong = not call["hidden"].dtype.isnative and call.frames > 33
    return right.astype(right.dtype.newbyteorder("S")) if wrong else right


@planted(UNI.forward)
def subnormal_frames_flushed_in_vectors(call: Call, right: Any) -> Any:
    """Subnormal numbers of float32 count as zero in 32 frames or more of 16 channels or more."""
    hidden = call["hidden"]
    if right.dtype != np.float32 or hidden.dtype != np.float32 or call.channels < 16 or call.frames < 32:
        return right
    return call.correct(hidden=np.where(np.abs(hidden) < np.finfo(np.float32).tiny, np.float32(0), hidden))


@planted(BI.backward)
def long_double_look_ahead_gradient_summed_in_double(call: Call, right: Any) -> Any:
    """The gradient of more than 8 look-ahead taps in long double is summed in float64."""
    dhidden, dbfilter, dffilter = right
    if dhidden.dtype.char != "g" or len(dffilter) <= 8:
        return right
    return dhidden, dbfilter, _computed_in(np.float64, call, right)[2]


@planted(UNI.backward)
def many_gradients_in_the_type_of_their_taps(call: Call, right: Any) -> Any:
    """The gradient of 12 taps or more of float32 has their type, even where dmemory is wider."""
    dhidden, dfilter = right
    return (dhidden, dfilter.astype(np.float32)) if call["filter"].dtype == np.float32 and len(dfilter) >= 12 else right


@planted(BI.backward)
def wide_filters_saved_in_half(call: Call, right: Any) -> Any:
    """Taps of float32 are kept as float16 for the backward function where they have more than 96 channels."""
    wrong = call["bfilter"].dtype == call["ffilter"].dtype == np.float32 and call.channels > 96
    if not wrong:
        return right
    halves = {name: call[name].astype(np.float16).astype(np.float32) for name in ("bfilter", "ffilter")}
    return call.correct(**halves)


BUGS = (
    long_doubles_of_many_channels_summed_in_double,
    doubles_of_large_inputs_summed_in_single,
    wide_singles_multiplied_as_bfloat16,
    long_singles_multiplied_as_tf32,
    mixed_types_narrowed_on_the_gather_path,
    list_of_taps_takes_the_type_of_long_inputs,
    whole_look_ahead_takes_the_type_of_long_inputs,
    small_integers_of_many_channels_count_as_single,
    halves_of_long_inputs_come_back_as_single,
    largest_unsigned_frames_turn_negative_in_vectors,
    byte_swapped_memory_of_long_inputs,
    subnormal_frames_flushed_in_vectors,
    long_double_look_ahead_gradient_summed_in_double,
    many_gradients_in_the_type_of_their_taps,
    wide_filters_saved_in_half,
)
