"""Wrong kernels as those who port the memory block write them, each with what should be said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class Port(NamedTuple):
    """A wrong kernel: which functions it has, and a part of the sentence that is true of it."""

    name: str
    functions: dict[str, Callable[..., Any]]
    says: str
    promises: dict[str, Any]


PORTS: list[Port] = []
UNI, BI = "compact_vfsmn_memory_forward", "bi_compact_vfsmn_memory_forward"
BACKWARD = "compact_vfsmn_memory_backward"
ONE_UTTERANCE = {"positions": "whole"}


def port(function: str, says: str, **promises: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that enters a kernel."""

    def enter(kernel: Callable[..., Any]) -> Callable[..., Any]:
        PORTS.append(Port(kernel.__name__, {function: kernel}, says, promises))
        return kernel

    return enter


def floats(*arrays: Any) -> list[Array]:
    """Return arrays of doubles."""
    return [np.asarray(array, float) for array in arrays]


@port(UNI, "taps are in reverse order", **ONE_UTTERANCE)
def as_a_convolution_whose_kernel_is_not_flipped(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    T, N = len(hidden), len(filter)
    padded = np.concatenate([np.zeros((N * stride, hidden.shape[1])), hidden])
    memory = hidden.copy()
    for i in range(N):
        memory += filter[i] * padded[i * stride :][:T]
    return memory


@port(UNI, "position is ignored", strides="one")
def as_a_convolution_over_everything(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for c in range(hidden.shape[1]):
        for i in range(len(filter)):
            memory[i + 1 :, c] += np.multiply(filter[i, c], hidden[: len(hidden) - i - 1, c])
    return memory


@port(UNI, "begin one stride too near")
def kaldi_counts_the_frame_itself(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for r in range(len(hidden)):
        for i in range(len(filter)):
            if i * stride <= position[r]:
                memory[r] += filter[i] * hidden[r - i * stride]
    return memory


@port(UNI, "stride is ignored")
def no_dilation(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for r in range(len(hidden)):
        for i in range(min(position[r], len(filter))):
            memory[r] += filter[i] * hidden[r - i - 1]
    return memory


@port(UNI, "though the right distance is held against the position")
def dilation_in_the_padding_alone(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for r in range(len(hidden)):
        for i in range(len(filter)):
            if (i + 1) * stride <= position[r]:
                memory[r] += filter[i] * hidden[r - (i + 1)]
    return memory


@port(UNI, "identity term is missing")
def without_the_skip_connection(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = np.zeros_like(hidden)
    for r in range(len(hidden)):
        for i in range(len(filter)):
            if (i + 1) * stride <= position[r]:
                memory[r] += filter[i] * hidden[r - (i + 1) * stride]
    return memory


@port(UNI, "identity term is added twice")
def skip_connection_outside_as_well(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    return without_the_skip_connection(hidden, filter, position, stride=stride) + 2 * np.asarray(hidden, float)


@port(UNI, "is taken as exclusive")
def range_excludes_its_end(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for r in range(len(hidden)):
        for i, lag in enumerate(range(stride, position[r], stride)):
            if i < len(filter):
                memory[r] += filter[i] * hidden[r - lag]
    return memory


@port(UNI, "the last of the taps is left out")
def order_counts_the_frame_itself(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    return no_last(*floats(hidden, filter), position, stride)


def no_last(hidden: Array, filter: Array, position: Any, stride: int) -> Array:
    memory = hidden.copy()
    for i in range(len(filter) - 1):
        for r in range(len(hidden)):
            if (i + 1) * stride <= position[r]:
                memory[r] += filter[i] * hidden[r - (i + 1) * stride]
    return memory


@port(UNI, "weight of the next row of filter")
def first_row_skipped_as_the_frame_itself(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    return no_last(hidden, np.concatenate([filter[1:], np.zeros_like(filter[:2])]), position, stride)


@port(UNI, "blocks of 4")
def chunks_of_four_without_their_past(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for first in range(0, len(hidden), 4):
        chunk = hidden[first : first + 4]
        for r in range(len(chunk)):
            for i in range(len(filter)):
                if (i + 1) * stride <= min(position[first + r], r):
                    memory[first + r] += filter[i] * chunk[r - (i + 1) * stride]
    return memory


@port(UNI, "chunk|blocks of 40")
def chunks_of_forty_without_their_past(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for r in range(len(hidden)):
        for i in range(len(filter)):
            if (i + 1) * stride <= min(position[r], r % 40):
                memory[r] += filter[i] * hidden[r - (i + 1) * stride]
    return memory


@port(UNI, "of the frame that is read")
def mask_on_the_source(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for s in range(len(hidden)):
        for i in range(len(filter)):
            r = s + (i + 1) * stride
            if r < len(hidden) and (i + 1) * stride <= position[s]:
                memory[r] += filter[i] * hidden[s]
    return memory


@port(UNI, "wrap round to the other end")
def rolled(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for i in range(len(filter)):
        memory += filter[i] * np.roll(hidden, (i + 1) * stride, axis=0)
    return memory


@port(UNI, "read its first or last frame")
def edge_padded(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    rows = np.arange(len(hidden))
    memory = hidden.copy()
    for i in range(len(filter)):
        memory += filter[i] * hidden[np.maximum(rows - (i + 1) * stride, 0)]
    return memory


@port(UNI, "memory replaces hidden")
def in_place_of_a_copy(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    memory, filter = np.array(hidden, float), np.asarray(filter, float)
    for r in range(len(memory)):
        for i in range(len(filter)):
            if (i + 1) * stride <= position[r]:
                memory[r] += filter[i] * memory[r - (i + 1) * stride]
    return memory


@port(UNI, "weights of channel 0")
def one_filter_for_all_channels(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    return no_last(hidden, np.concatenate([filter[:, :1] + 0 * filter, 0 * filter[:1]]), position, stride)


@port(UNI, "channel by channel")
def filter_reshaped_instead_of_transposed(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    filter = filter.reshape(filter.shape[1], filter.shape[0]).T
    return no_last(hidden, np.concatenate([filter, 0 * filter[:1]]), position, stride)


@port(UNI, "row 0 has no taps|only if position allows all|first row of each utterance")
def nothing_at_the_beginning(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory, N = hidden.copy(), len(filter)
    for r in range(len(hidden)):
        if position[r] >= N * stride:
            for i in range(N):
                memory[r] += filter[i] * hidden[r - (i + 1) * stride]
    return memory


@port(UNI, "a negative|negative elements are replaced by 0")
def with_an_activation(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    right = without_the_skip_connection(hidden, filter, position, stride=stride) + np.asarray(hidden, float)
    return np.maximum(right, 0)


@port(UNI, "divided by how many of them the row uses")
def average_of_what_is_there(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for r in range(len(hidden)):
        lags = [i for i in range(len(filter)) if (i + 1) * stride <= position[r]]
        for i in lags:
            memory[r] += filter[i] / len(lags) * hidden[r - (i + 1) * stride]
    return memory


@port(UNI, "cut to the number of taps before strides")
def notebook_with_a_stride(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = hidden.copy()
    for r in range(len(hidden)):
        seen = min(position[r], len(filter))
        for i in range(len(filter)):
            if (i + 1) * stride <= seen:
                memory[r] += filter[i] * hidden[r - (i + 1) * stride]
    return memory


@port(UNI, "in reverse order.*position is ignored|position is ignored.*in reverse order")
def two_mistakes_at_once(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory, N = hidden.copy(), len(filter)
    for r in range(len(hidden)):
        for i in range(N):
            if (i + 1) * stride <= r:
                memory[r] += filter[N - 1 - i] * hidden[r - (i + 1) * stride]
    return memory


@port(UNI, "identity term is missing.*stride is ignored|stride is ignored.*identity term is missing")
def two_others_at_once(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    memory = np.zeros_like(hidden)
    for r in range(len(hidden)):
        for i in range(min(position[r], len(filter))):
            memory[r] += filter[i] * hidden[r - i - 1]
    return memory


@port(UNI, "other values from call to call")
def noisy(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    right = without_the_skip_connection(hidden, filter, position, stride=stride) + np.asarray(hidden, float)
    return right + np.random.default_rng().integers(0, 2, right.shape)


_SHAPES: dict[Any, Array] = {}


@port(UNI, "kept from an earlier call")
def cached_by_shape(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    right = without_the_skip_connection(hidden, filter, position, stride=stride) + np.asarray(hidden, float)
    return _SHAPES.setdefault((right.shape, len(filter), stride), right).copy()


def bi(hidden: Any, bfilter: Any, ffilter: Any, *lags: Any) -> Array:
    """Return a memory of what `lags` allow: for each side, pairs of rows and frames for each tap."""
    hidden, bfilter, ffilter = floats(hidden, bfilter, ffilter)
    memory = hidden + bfilter[0] * hidden
    for filter, every in zip((bfilter[1:], ffilter), lags, strict=True):
        for tap, pairs in zip(filter, every, strict=False):
            for r, s in pairs:
                if 0 <= s < len(hidden):
                    memory[r] += tap * hidden[s]
    return memory


def pairs(position: Any, taps: int, stride: int, sign: int) -> list[list[tuple[int, int]]]:
    """Return rows and the frames that they read, for each tap."""
    return [
        [(r, r + sign * n * stride) for r in range(len(position)) if n * stride <= position[r]]
        for n in range(1, taps + 1)
    ]


@port(BI, "the look-ahead taps are in reverse order")
def ahead_unflipped(h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1) -> Array:
    return bi(h, b, np.asarray(f)[::-1], pairs(bp, len(b) - 1, bstride, -1), pairs(fp, len(f), fstride, 1))


@port(BI, "look-ahead taps are never used")
def look_ahead_created_and_not_used(
    h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1
) -> Array:
    return bi(h, b, f, pairs(bp, len(b) - 1, bstride, -1), [])


@port(BI, "the look-ahead taps have the stride of the other side")
def one_stride_for_both(h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1) -> Array:
    return bi(h, b, f, pairs(bp, len(b) - 1, bstride, -1), pairs(fp, len(f), bstride, 1))


@port(BI, "next frame's whatever the stride is")
def pyfsmn(h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1) -> Array:
    ahead = [[(r, r + 1 + n * fstride) for r in range(len(fp)) if 1 + n * fstride <= fp[r]] for n in range(len(f))]
    return bi(h, b, f, pairs(bp, len(b) - 1, bstride, -1), ahead)


@port(BI, "fposition is ignored: the look-ahead taps cross")
def look_ahead_to_the_end(h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1) -> Array:
    room = [len(fp) - 1 - r for r in range(len(fp))]
    return bi(h, b, f, pairs(bp, len(b) - 1, bstride, -1), pairs(room, len(f), fstride, 1))


@port(BI, "frames come in blocks of 5, and the look-ahead taps do not read across")
def streamed_in_chunks(h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1) -> Array:
    cut = [min(fp[r], 4 - r % 5) for r in range(len(fp))]
    return bi(h, b, f, pairs(bp, len(b) - 1, bstride, -1), pairs(cut, len(f), fstride, 1))


@port(BI, "the filters are exchanged|ffilter weights earlier")
def filters_exchanged(h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1) -> Array:
    b, f = floats(b, f)
    return bi(h, np.concatenate([b[:1], f]), b[1:], pairs(bp, len(f), bstride, -1), pairs(fp, len(b) - 1, fstride, 1))


@port(BI, r"own tap \(row 0 of bfilter\) is missing")
def own_tap_lost(h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1) -> Array:
    b = np.array(b, float)
    b[0] = 0
    return bi(h, b, f, pairs(bp, len(b) - 1, bstride, -1), pairs(fp, len(f), fstride, 1))


@port(BI, "wrong direction of time")
def look_ahead_looks_back(h: Any, b: Any, f: Any, bp: Any, fp: Any, *, bstride: int = 1, fstride: int = 1) -> Array:
    return bi(h, b, f, pairs(bp, len(b) - 1, bstride, -1), pairs(fp, len(f), fstride, -1))


def gradients(
    dmemory: Any, hidden: Any, filter: Any, position: Any, stride: int
) -> tuple[Array, Array, list[tuple[int, int, int]]]:
    dmemory, hidden, filter = floats(dmemory, hidden, filter)
    reads = [
        (r, r - (i + 1) * stride, i)
        for r in range(len(hidden))
        for i in range(len(filter))
        if (i + 1) * stride <= position[r]
    ]
    dhidden, dfilter = dmemory.copy(), np.zeros_like(filter)
    for r, s, i in reads:
        dhidden[s] += filter[i] * dmemory[r]
        dfilter[i] += hidden[s] * dmemory[r]
    return dhidden, dfilter, reads


@port(BACKWARD, "dhidden: the identity term is missing")
def no_identity_gradient(dmemory: Any, hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Any:
    dhidden, dfilter, _ = gradients(dmemory, hidden, filter, position, stride)
    return dhidden - np.asarray(dmemory, float), dfilter


@port(BACKWARD, "it is computed as the memory is")
def dhidden_by_the_forward_function(dmemory: Any, hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Any:
    _, dfilter, reads = gradients(dmemory, hidden, filter, position, stride)
    dmemory, filter = floats(dmemory, filter)
    dhidden = dmemory.copy()
    for r, s, i in reads:
        dhidden[r] += filter[i] * dmemory[s]
    return dhidden, dfilter


@port(BACKWARD, "mean over the rows that use them|divided by the number of frames")
def mean_gradient(dmemory: Any, hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Any:
    dhidden, dfilter, _ = gradients(dmemory, hidden, filter, position, stride)
    return dhidden, dfilter / max(1, len(np.asarray(hidden)))


@port(BACKWARD, "the row's own frame instead")
def correlates_with_the_row(dmemory: Any, hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Any:
    dhidden, dfilter, reads = gradients(dmemory, hidden, filter, position, stride)
    dmemory, hidden = floats(dmemory, hidden)
    dfilter[...] = 0
    for r, _, i in reads:
        dfilter[i] += hidden[r] * dmemory[r]
    return dhidden, dfilter


@port(BACKWARD, "gradient of the taps is zero|is zero, whatever")
def frozen_filter(dmemory: Any, hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Any:
    dhidden, dfilter, _ = gradients(dmemory, hidden, filter, position, stride)
    return dhidden, 0 * dfilter


def right_memory(hidden: Any, filter: Any, position: Any, stride: int) -> Array:
    """Return the right memory."""
    hidden, filter = floats(hidden, filter)
    return no_last(hidden, np.concatenate([filter, 0 * filter[:1]]), position, stride)


@port(UNI, "weights of channel c % 3")
def one_set_of_taps_for_every_third_channel(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    return right_memory(hidden, filter[:, np.arange(filter.shape[1]) % 3], position, stride)


@port(UNI, "read the sum over a group of 2 channels")
def groups_of_two_instead_of_depthwise(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    groups = np.arange(hidden.shape[1]) // 2
    mixed = hidden @ np.equal.outer(groups, groups)
    return right_memory(mixed, filter, position, stride) - mixed + hidden


@port(UNI, "mirrored at its first or last frame, which is not repeated", **ONE_UTTERANCE, empty=False, most_stride=5)
def reflecting_padding(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden, filter = floats(hidden, filter)
    reach = len(filter) * stride
    padded = np.pad(hidden, ((reach, 0), (0, 0)), mode="reflect")
    taps = [tap * padded[reach - (i + 1) * stride :][: len(hidden)] for i, tap in enumerate(filter)]
    return hidden + sum(taps, 0 * hidden)


@port(UNI, "the sum of the taps, without the identity term, is cut to at most 20 and at least -20", nonfinite=False)
def saturating_sum(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden = np.asarray(hidden, float)
    return hidden + np.clip(right_memory(hidden, filter, position, stride) - hidden, -20, 20)


@port(UNI, "only in every 4th row, row 3 first: the last of the taps is left out")
def last_lane_has_one_tap_less(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    memory = right_memory(hidden, filter, position, stride)
    if len(filter):
        memory[3::4] = no_last(*floats(hidden, filter), position, stride)[3::4]
    return memory


@port(UNI, "the taps count 0.25 times")
def scaled_by_a_quarter(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
    hidden = np.asarray(hidden, float)
    return hidden + 0.25 * (right_memory(hidden, filter, position, stride) - hidden)
