"""NaN and Inf that leak or are lost on the paths that large, strided or wide inputs take."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered
from planted_bugs.wrapped import Call, planted


def _times_a_mask_if(condition: str) -> Change:
    return Change(
        "memory[rows] += filter[i] * hidden[rows - lag]",
        f"if {condition}:\n"
        "    memory[lag:] += (lag <= position)[lag:, None] * filter[i] * hidden[:-lag]\n"
        "else:\n"
        "    memory[rows] += filter[i] * hidden[rows - lag]",
        UNI.forward,
    )


@planted(BI.forward)
def infinite_singles_of_whole_vectors_made_finite(call: Call, right: Any) -> Any:
    """Infinite elements of a memory in float32 become the largest finite ones where channels fill vectors of 8."""
    if right.dtype == np.float32 and call.channels % 8 == 0:
        np.clip(right, -np.finfo(np.float32).max, np.finfo(np.float32).max, out=right)
    return right


@planted(UNI.forward)
def one_nan_spoils_the_utterance_in_long_filters(call: Call, right: Any) -> Any:
    """In 1000 frames or more with 20 taps or more, NaN reaches all of its utterance in its channel, as by an FFT."""
    starts = [*np.flatnonzero(call["position"] == 0).tolist(), call.frames]
    if call.frames >= 1000 and len(call["filter"]) >= 20:
        for first, end in pairwise(starts):
            right[first:end, np.isnan(call["hidden"][first:end]).any(axis=0)] = np.nan
    return right


@planted(UNI.forward)
def short_utterances_padded_to_the_longest(call: Call, right: Any) -> Any:
    """Three utterances or more of 60 frames in all are packed with zeros before each, times which Inf is NaN."""
    starts = call["position"] == 0
    if call.frames < 60 or np.count_nonzero(starts) < 3:
        return right
    for i, tap in enumerate(call["filter"].astype(right.dtype)):
        right[call["position"] < (i + 1) * int(call.given["stride"])] += tap * 0
    return right


@planted(BI.forward, BI.backward)
def neighbouring_channels_share_their_nan(call: Call, right: Any) -> Any:
    """An even number of channels from 6 on is computed in complex pairs over 40 frames, which share their NaN."""
    memory = right[0] if isinstance(right, tuple) else right
    if call.frames > 40 and call.channels % 2 == 0 and call.channels >= 6:
        pairs = memory.reshape(call.frames, -1, 2)
        pairs[np.isnan(pairs).any(axis=2)] = np.nan
    return right


@planted(UNI.forward)
def unused_taps_of_long_filters_read(call: Call, right: Any) -> Any:
    """Of 16 taps or more, fours are computed whole, and those that no frame of the input uses are added times zero."""
    filter, used = call["filter"], int(call["position"].max(initial=0)) // int(call.given["stride"])
    if len(filter) >= 16 and 8 < used < len(filter):
        right += (filter[used : -(-used // 4) * 4].astype(right.dtype) * 0).sum(axis=0)
    return right


@planted(BI.backward)
def gradients_of_wide_frames_clipped(call: Call, right: Any) -> Any:
    """Infinite gradients of the look-ahead taps become the largest finite ones, with 5 taps of 33 channels or more."""
    dhidden, dbfilter, dffilter = right
    if call.channels < 33 or len(dffilter) < 5:
        return right
    largest = np.finfo(dffilter.dtype).max
    return dhidden, dbfilter, np.clip(dffilter, -largest, largest)


BUGS = (
    infinite_singles_of_whole_vectors_made_finite,
    one_nan_spoils_the_utterance_in_long_filters,
    short_utterances_padded_to_the_longest,
    neighbouring_channels_share_their_nan,
    unused_taps_of_long_filters_read,
    gradients_of_wide_frames_clipped,
    Bug(
        "strided_inputs_times_a_mask",
        "Frames that may not be read are multiplied by zero where taps are strided and there are more than 24 frames.",
        gathered,
        (_times_a_mask_if("stride > 1 and len(hidden) > 24"),),
    ),
    Bug(
        "long_filters_of_short_inputs_as_a_matrix",
        "At least as many taps as frames make a matrix with zeros, from 17 frames on, whose products leak NaN.",
        gathered,
        (_times_a_mask_if("len(filter) >= len(hidden) >= 17"),),
    ),
    Bug(
        "finiteness_judged_by_the_first_block",
        "If the first 240 frames of more are finite, all that may not be read are multiplied by zero.",
        gathered,
        (_times_a_mask_if("len(hidden) > 240 and np.isfinite(hidden[:240]).all()"),),
    ),
    Bug(
        "strided_gradients_times_a_mask",
        "The gradient of strided taps multiplies rows that may not use them by zero, from 12 taps on.",
        gathered,
        (
            Change(
                "dfilter[i] =",
                "if stride > 1 and len(filter) >= 12:\n"
                "    dfilter[i] = np.sum((lag <= position)[lag:, None] * hidden[:-lag] * dmemory[lag:], axis=0)\n"
                "    continue\n"
                "dfilter[i] =",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "silent_frames_of_long_inputs_skipped",
        "Frames of zeros are skipped where there are more than 32, and an infinite tap makes no NaN of them.",
        gathered,
        (
            Change(
                "memory[rows] += bfilter[i + 1]",
                "rows = rows[hidden[rows - lag].any(axis=1)] if len(hidden) > 32 else rows\n"
                "memory[rows] += bfilter[i + 1]",
                BI.forward,
            ),
            Change(
                "memory[rows] += ffilter[j]",
                "rows = rows[hidden[rows + lag].any(axis=1)] if len(hidden) > 32 else rows\nmemory[rows] += ffilter[j]",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "empty_taps_of_many_skipped_in_wide_inputs",
        "Taps after the eighth that are zero in all of 32 channels or more are skipped, though zero times Inf is NaN.",
        gathered,
        (
            Change(
                "memory[rows] +=",
                "if i >= 8 and hidden.shape[1] >= 32 and not filter[i].any():\n    continue\nmemory[rows] +=",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "own_tap_of_wide_frames_folded_into_the_identity",
        "The identity and the own tap are one product from 64 channels on, which differs where hidden is infinite.",
        gathered,
        (
            Change(
                "memory += bfilter[0] * hidden",
                "if hidden.shape[1] >= 64:\n"
                "    np.multiply(1 + bfilter[0], hidden, out=memory)\n"
                "else:\n"
                "    memory += bfilter[0] * hidden",
                BI.forward,
            ),
        ),
    ),
)
