"""Tails, tiles, halves and counters that are wrong where two sizes meet."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, UNI
from fsmn_ref.arguments import Array
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked
from planted_bugs.wrapped import Call, planted


def _without(array: Array, *where: Any) -> Array:
    """Return a copy with zeros somewhere."""
    copy = np.array(array)
    copy[where] = 0
    return copy


@planted(UNI.forward)
def taps_beyond_the_tile_of_wide_inputs_dropped(call: Call, right: Any) -> Any:
    """Channels beyond 512 have no more than 16 taps, as many as one tile of shared memory holds."""
    filter = call["filter"]
    return call.correct(filter=_without(filter, slice(16, None), slice(512, None))) if call.channels > 512 else right


@planted(BI.forward)
def single_frame_behind_whole_tiles_of_odd_channels(call: Call, right: Any) -> Any:
    """One frame left over after tiles of 128 has no look-back where the number of channels is odd, from 5 on."""
    if call.frames <= 128 or call.frames % 128 != 1 or call.channels % 2 == 0 or call.channels < 5:
        return right
    return call.correct(bposition=_without(call["bposition"], -1))


@planted(UNI.forward, UNI.backward)
def corner_of_both_tails_dropped(call: Call, right: Any) -> Any:
    """The last three channels have no last three taps if both leave three over from whole fours, from 11 taps on."""
    filter = call["filter"]
    wrong = len(filter) % 4 == call.channels % 4 == 3 and len(filter) >= 11
    return call.correct(filter=_without(filter, slice(-3, None), slice(-3, None))) if wrong else right


@planted(BI.backward)
def block_chosen_by_size_does_not_divide_the_frames(call: Call, right: Any) -> Any:
    """Between 1500 and 2000 frames of 90 to 110 channels, blocks of 7 frames leave the last ones without look-ahead."""
    if not (1500 <= call.frames <= 2000 and 90 <= call.channels <= 110 and call.frames % 7):
        return right
    dmemory = _without(call["dmemory"], slice(-(call.frames % 7), None))
    return (*right[:2], call.correct(dmemory=dmemory)[2])


@planted(UNI.forward)
def index_of_an_element_wraps_in_the_tail(call: Call, right: Any) -> Any:
    """From element 65,536 on, the offset of a last row of 5 channels or more that are no whole vectors of 8 wraps."""
    offset = (call.frames - 1) * call.channels
    if offset >= 65_536 and call.channels >= 5 and call.channels % 8 != 0:
        right[-1] = right.ravel()[offset % 65_536 :][: call.channels]
    return right


@planted(UNI.forward)
def long_filters_of_long_inputs_by_fft(call: Call, right: Any) -> Any:
    """One utterance of 2048 frames or more and 100 taps or more with stride 1 is filtered by an FFT in its type."""
    frames, taps, counted = call.frames, len(call["filter"]), np.arange(call.frames)
    fits = frames >= 2048 and taps >= 100 and call.given["stride"] == 1 and (call["position"] == counted).all()
    if not fits:
        return right
    kernel = np.concatenate([np.ones((1, call.channels)), call["filter"]])
    one, other = (np.fft.rfft(array.astype(right.dtype), frames + taps, axis=0) for array in (call["hidden"], kernel))
    filtered = np.fft.irfft(one * other, frames + taps, axis=0)[:frames]
    return filtered.astype(right.dtype)


@planted(BI.forward)
def utterance_of_one_tile_among_others_cut(call: Call, right: Any) -> Any:
    """In more than 100 frames, the last of exactly 16 that an utterance has does not look back."""
    last = (call["bposition"] == 15) & (call["fposition"] == 0)
    return call.correct(bposition=np.where(last, 0, call["bposition"])) if call.frames > 100 and last.any() else right


@planted(UNI.backward)
def partial_sums_beyond_the_eighth_lost(call: Call, right: Any) -> Any:
    """Partial sums of 250 frames each are kept for eight blocks, and with 8 channels or more later ones are lost."""
    if call.frames <= 2000 or call.channels < 8:
        return right
    return right[0], call.correct(dmemory=_without(call["dmemory"], slice(2000, None)))[1]


@planted(BI.forward, BI.backward)
def look_ahead_unrolled_as_far_as_the_look_back(call: Call, right: Any) -> Any:
    """In more than 100 channels, look-ahead taps after the eighth that outnumber the look-back's are left out."""
    back, ffilter = len(call["bfilter"]) - 1, call["ffilter"]
    wrong = call.channels > 100 and len(ffilter) > max(back, 8)
    return call.correct(ffilter=_without(ffilter, slice(max(back, 8), None))) if wrong else right


@planted(UNI.forward, UNI.backward)
def strided_taps_counted_in_a_byte(call: Call, right: Any) -> Any:
    """Strided taps are counted in eight bits, so that of 257 there is one."""
    filter = call["filter"]
    if call.given["stride"] == 1 or len(filter) <= 255:
        return right
    return call.correct(filter=_without(filter, slice(len(filter) % 256, None)))


@planted(BI.forward)
def last_of_three_warps_has_the_taps_of_the_first(call: Call, right: Any) -> Any:
    """Where channels come in groups of 96 and there are more than 32 frames, each third warp has the first's taps."""
    ffilter = np.array(call["ffilter"])
    if call.frames <= 32 or call.channels == 0 or call.channels % 96 != 0:
        return right
    for first in range(0, call.channels, 96):
        ffilter[:, first + 64 : first + 96] = ffilter[:, first : first + 32]
    return call.correct(ffilter=ffilter)


@planted(UNI.forward)
def frames_beyond_the_largest_grid_not_computed(call: Call, right: Any) -> Any:
    """Frames from 65,535 on keep no taps if there are two channels or more, for the grid has no more rows."""
    if call.channels >= 2 and call.frames > 65_535:
        right[65_535:] = call["hidden"][65_535:]
    return right


BUGS = (
    taps_beyond_the_tile_of_wide_inputs_dropped,
    single_frame_behind_whole_tiles_of_odd_channels,
    corner_of_both_tails_dropped,
    block_chosen_by_size_does_not_divide_the_frames,
    index_of_an_element_wraps_in_the_tail,
    long_filters_of_long_inputs_by_fft,
    utterance_of_one_tile_among_others_cut,
    partial_sums_beyond_the_eighth_lost,
    look_ahead_unrolled_as_far_as_the_look_back,
    strided_taps_counted_in_a_byte,
    last_of_three_warps_has_the_taps_of_the_first,
    frames_beyond_the_largest_grid_not_computed,
    Bug(
        "ninth_channel_reads_its_neighbour_where_unrolled_far",
        "In blocks of which every row uses 20 taps or more, the ninth channel of the fourth tap reads its neighbour.",
        blocked,
        (
            Change(
                "partial += taps[i + 3] * frames[d]",
                "fourth = frames[d].copy()\n"
                "if block.common >= 20 and fourth.shape[1] > 8:\n"
                "    fourth[:, 8] = fourth[:, 7]\n"
                "partial += taps[i + 3] * fourth",
            ),
        ),
    ),
)
