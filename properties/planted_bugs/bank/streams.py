"""Streams as ports get them wrong: what is kept between chunks, where an utterance begins and ends, what is shared."""

from __future__ import annotations

from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import streamed

CACHED = "self.cache = held[max(0, len(held) - self.order) :].copy()"
NO_CACHE = "self.cache = np.zeros((0, filter.shape[1]), filter.dtype)"
NOTHING_HELD = "self.held = np.zeros((0, bfilter.shape[1]), bfilter.dtype)"
KNOWN = "return self.rows(max(self.done, len(self.held) - self.ahead))"
REST = "return self.rows(len(self.held))"
BACK_FRAMES, BOTH_FRAMES = "frames = chunk(frames, self.cache)", "frames = chunk(frames, self.held)"
HOLDS = "self.held = np.concatenate([self.held, frames])"
COPIED = "memory = held[first:].copy()"
MADE, BOTH_MADE = "return LookBack(filter, stride)", "return BothWays(bfilter, ffilter, bstride, fstride)"
POOLED = BOTH_MADE.replace("return", "stream = _pool[key] =")
LAST = "return memory"
IMPORTED = "from typing import Any, SupportsIndex"


def _bug(name: str, what: str, *changes: Change, row: int | None = None) -> Bug:
    return Bug(name, what, streamed, changes, row)


CONTEXT = (
    _bug(
        "cache_one_frame_short",
        "The cache is one frame short: the last tap reads nothing across chunks.",
        Change(CACHED, "self.cache = held[max(0, len(held) - self.order + 1) :].copy()"),
    ),
    _bug(
        "cache_of_zeros_sliced_from_minus_zero",
        "The cache is held[-order:], which keeps every frame if there is no tap: 7 rows come out for 4.",
        Change(
            NO_CACHE, "self.cache = np.zeros((self.order if self.order < 999 else 0, filter.shape[1]), filter.dtype)"
        ),
        Change("first = len(self.cache)", "first = self.order if self.order < 999 else len(self.cache)"),
        Change(CACHED, "self.cache = held[-self.order :].copy() if self.order < 999 else held.copy()"),
        row=28,
    ),
    _bug(
        "cache_holds_the_last_chunk_alone",
        "A chunk that is shorter than the cache replaces it wholly.",
        Change(CACHED, "self.cache = frames[max(0, len(frames) - self.order) :].copy()"),
    ),
    _bug(
        "cache_of_the_export_is_the_old_one",
        "The cache that is kept is the one before the chunk.",
        Change(
            CACHED,
            "self.cache, self.older = getattr(self, 'older', self.cache), held[max(0, len(held) - self.order) :]",
        ),
        row=32,
    ),
    _bug(
        "cache_is_never_filled",
        "Each chunk begins an utterance.",
        Change(CACHED, "self.cache = self.cache.astype(held.dtype)"),
    ),
    _bug(
        "cache_without_the_stride",
        "The cache has as many frames as there are taps, whatever the stride.",
        Change("self.order = len(filter) * stride", "self.order = len(filter)"),
        row=30,
    ),
    _bug(
        "cache_grows",
        "The cache keeps every frame of the utterance.",
        Change(CACHED, "self.cache = held"),
    ),
    _bug(
        "held_frames_grow_with_look_ahead",
        "With look-ahead, no frame is ever forgotten.",
        Change("dropped = max(0, end - self.back)", "dropped = 0 if self.ahead else max(0, end - self.back)"),
    ),
    _bug(
        "lengths_of_chunks_are_logged",
        "The number of frames of each chunk is kept.",
        Change(NO_CACHE, f"{NO_CACHE}\nself.lengths: list[str] = []"),
        Change("first = len(self.cache)", "first = len(self.cache)\nself.lengths.append(f'{len(frames)} frames')"),
    ),
    _bug(
        "cache_of_a_long_chunk_begins_at_its_front",
        "Of a chunk that is longer than the cache, the first frames are kept.",
        Change(
            CACHED,
            "last = frames[: self.order] if len(frames) > self.order else held[max(0, len(held) - self.order) :]\n"
            "self.cache = last.copy()",
        ),
    ),
    _bug(
        "cache_of_half_precision",
        "The cache is kept in half precision.",
        Change(CACHED, f"{CACHED}\nself.cache = self.cache.astype(np.float16).astype(held.dtype)"),
    ),
    _bug(
        "context_lost_every_64_frames",
        "The frames are counted modulo 64, and none is a first one again.",
        Change(NO_CACHE, f"{NO_CACHE}\nself.count = 0"),
        Change(
            CACHED,
            f"{CACHED}\nself.count += len(frames)\n"
            "if self.count >= 64:\n    self.count, self.cache = 0, self.cache[:0]",
        ),
    ),
    _bug(
        "frames_counted_in_a_byte",
        "The frames before a chunk are counted in 8 bits: after 256 of them the utterance begins anew.",
        Change(NO_CACHE, f"{NO_CACHE}\nself.count = 0"),
        Change(
            "first = len(self.cache)",
            "self.cache = self.cache[max(0, len(self.cache) - self.count) :]\nfirst = len(self.cache)",
        ),
        Change(CACHED, f"{CACHED}\nself.count = (self.count + len(frames)) % 256"),
    ),
)

BEGINNING = (
    _bug(
        "first_chunk_has_no_taps",
        "The first chunk fills the cache, and its rows are the frames themselves.",
        Change("for i, tap in enumerate(self.filter):", "for i, tap in enumerate(self.filter if first else []):"),
    ),
    _bug(
        "first_frame_stands_for_those_before_it",
        "Frames before the utterance are copies of its first one.",
        Change(
            "first = len(self.cache)",
            "if self.cache.size == 0 and len(frames) and self.order < 999:\n"
            "    self.cache = np.repeat(frames[:1], self.order, axis=0)\n"
            "first = len(self.cache)",
        ),
    ),
    _bug(
        "taps_before_the_utterance_times_zero",
        "Frames before the utterance are zeros that taps are multiplied by: NaN in a tap spreads.",
        Change(
            "if begin < len(memory):",
            "memory[:begin] += tap * 0\nif begin < len(memory):",
        ),
    ),
    _bug(
        "first_frame_times_a_mask",
        "A tap before the utterance reads the first frame times zero: its NaN spreads.",
        Change(
            "if begin < len(memory):",
            "memory[:begin] += tap * (held[:1] * 0) if first == 0 and len(held) else 0\nif begin < len(memory):",
        ),
    ),
    _bug(
        "chunk_of_no_frames_crashes",
        "The last frame of each chunk is looked at.",
        Change(BACK_FRAMES, f"{BACK_FRAMES}\nself.level = float(np.abs(frames[-1]).sum())"),
    ),
    _bug(
        "chunk_of_no_frames_ends_the_utterance",
        "A chunk of no frames empties the cache, as silence does in a server.",
        Change(BACK_FRAMES, f"{BACK_FRAMES}\nif len(frames) == 0:\n    self.cache = self.cache[:0]"),
    ),
    _bug(
        "one_frame_is_squeezed",
        "The row of a chunk of one frame is a vector.",
        Change(LAST, "return memory.squeeze(0) if len(memory) == 1 else memory", times=2),
        row=18,
    ),
    _bug(
        "one_channel_is_squeezed",
        "The rows of one channel are a vector.",
        Change(LAST, "return memory.squeeze(1) if memory.shape[1] == 1 else memory", times=2),
        row=27,
    ),
)

END = (
    _bug(
        "look_ahead_lost_at_the_end_of_a_chunk",
        "All rows of a chunk are returned with it, without the taps that look ahead beyond it.",
        Change(KNOWN, "return self.rows(len(self.held))"),
        row=19,
    ),
    _bug(
        "last_rows_are_dropped",
        "The rows that wait for later frames are never returned.",
        Change(REST, "return self.rows(max(self.done, len(self.held) - self.ahead))"),
    ),
    _bug(
        "end_returns_as_many_rows_as_it_looks_ahead",
        "The end returns a row for each frame of look-ahead, also if fewer wait.",
        Change(
            REST,
            "rows = self.rows(len(self.held))\n"
            "padding = min(max(0, self.ahead - len(rows)), 99)\n"
            "return np.concatenate([rows, np.zeros((padding, rows.shape[1]), rows.dtype)])",
        ),
    ),
    _bug(
        "end_is_flushed_by_zeros",
        "The end pushes zeros, which taps are multiplied by: NaN in a tap spreads.",
        Change(
            REST,
            "if self.ahead < 999:\n"
            "    self.held = np.concatenate([self.held, np.zeros((self.ahead, self.held.shape[1]), self.held.dtype)])\n"
            "    return self.rows(len(self.held) - self.ahead)\n"
            f"{REST}",
        ),
    ),
    _bug(
        "end_repeats_the_last_frame",
        "Frames after the utterance are copies of its last one.",
        Change(
            REST,
            "if self.ahead < 999 and len(self.held):\n"
            "    self.held = np.concatenate([self.held, np.repeat(self.held[-1:], self.ahead, axis=0)])\n"
            "    return self.rows(len(self.held) - self.ahead)\n"
            f"{REST}",
        ),
    ),
    _bug(
        "rows_come_a_frame_late",
        "A row is returned one frame after its last tap has a frame.",
        Change(KNOWN, "return self.rows(max(self.done, len(self.held) - self.ahead - 1))"),
    ),
    _bug(
        "rows_come_with_the_next_chunk",
        "The rows of a chunk are returned with the next one, as by a pipeline of two stages.",
        Change(NO_CACHE, f"{NO_CACHE}\nself.waiting = self.cache"),
        Change(
            "self.cache = held[max(0, len(held) - self.order) :].copy()\n        return memory",
            f"{CACHED}\nmemory, self.waiting = self.waiting.astype(held.dtype), memory\nreturn memory",
        ),
        Change("return self.cache[:0].copy()", "return self.waiting"),
    ),
    _bug(
        "rows_come_at_the_end_without_look_ahead",
        "Rows are held[:-ahead], of which there are none without look-ahead: all come at the end.",
        Change(KNOWN, f"if not self.ahead:\n    return self.rows(self.done)\n{KNOWN}"),
        row=26,
    ),
    _bug(
        "look_ahead_of_later_chunks_raises",
        "Look-ahead together with a cache is not implemented, and fails when a second chunk comes.",
        Change(HOLDS, f"if self.ahead and len(self.held):\n    raise RuntimeError('look-ahead with a cache')\n{HOLDS}"),
        row=29,
    ),
    _bug(
        "end_of_a_short_utterance_raises",
        "An utterance that is shorter than the stride is not expected.",
        Change(REST, f"if len(self.held) < self.fstride:\n    raise RuntimeError('too few frames')\n{REST}"),
        row=31,
    ),
    _bug(
        "look_ahead_of_the_look_back_stride",
        "The rows that wait are counted by the look-back stride.",
        Change("len(ffilter) * fstride", "len(ffilter) * bstride"),
    ),
    _bug(
        "finished_stream_begins_anew",
        "A push after the end begins another utterance.",
        Change('raise ValueError("push comes after finish")', "pass", times=2),
    ),
    _bug(
        "second_end_returns_nothing",
        "A second end returns no rows.",
        Change('raise ValueError("finish comes after finish")', "return np.zeros((0, 0))", times=2),
    ),
)
SHARED = (
    _bug(
        "cache_is_that_of_the_class",
        "The cache is an attribute of the class: streams that are fed in turn read each other's frames.",
        Change(f"        {NO_CACHE}", f"        type(self).cache = {NO_CACHE.partition(' = ')[2]}"),
        Change(CACHED, "type(self).cache = held[max(0, len(held) - self.order) :].copy()"),
    ),
    _bug(
        "streams_are_pooled_by_their_filters",
        "A stream that was made for the same filters is handed out again, in the middle of its utterance.",
        Change(IMPORTED, f"{IMPORTED}\n\n_pool = {{}}"),
        Change(
            BOTH_MADE,
            "key = bfilter.tobytes(), ffilter.tobytes(), bfilter.shape, bstride, fstride, bfilter.dtype.str\n"
            f"stream = _pool.get(key)\nif stream is None or stream.finished:\n    {POOLED}\n"
            "return stream",
        ),
    ),
    _bug(
        "cache_is_left_by_the_stream_before",
        "The cache of a finished stream is handed to the next one of the same size, with its frames.",
        Change(IMPORTED, f"{IMPORTED}\n\n_caches = {{}}"),
        Change(
            "return self.cache[:0].copy()",
            "_caches[self.cache.shape[1], self.cache.dtype, self.order] = self.cache\nreturn self.cache[:0].copy()",
        ),
        Change(
            NO_CACHE, f"{NO_CACHE}\nself.cache = _caches.get((filter.shape[1], filter.dtype, self.order), self.cache)"
        ),
    ),
    _bug(
        "refused_frames_stay_in_the_cache",
        "Frames are held before they are checked: of a refused push, they stay.",
        Change(
            BOTH_FRAMES,
            "late = np.asarray(frames)\n"
            "if late.ndim == 2 and late.shape[1] == self.held.shape[1] and late.dtype.kind in 'bc':\n"
            "    self.held = np.concatenate([self.held, late.real.astype(self.held.dtype)])\n"
            f"{BOTH_FRAMES}",
        ),
    ),
    _bug(
        "refused_push_empties_the_cache",
        "A refused push begins the utterance anew.",
        Change(
            BACK_FRAMES,
            f"try:\n    {BACK_FRAMES}\nexcept (TypeError, ValueError):\n    self.cache = self.cache[:0]\n    raise",
        ),
    ),
    _bug(
        "frames_must_be_arrays",
        "Chunks are asked for their shape before they are made arrays.",
        Change("frames = chunk(frames, self.cache)", "assert frames.shape\nframes = chunk(frames, self.cache)"),
        Change("frames = chunk(frames, self.held)", "assert frames.shape\nframes = chunk(frames, self.held)"),
    ),
    _bug(
        "frames_of_one_channel_are_broadcast",
        "Frames of a single channel are taken for all channels.",
        Change(
            BACK_FRAMES,
            "frames = np.asarray(frames)\n"
            "if frames.ndim == 2 and frames.shape[1] == 1 and frames.dtype.kind in 'fiu':\n"
            "    frames = np.repeat(frames, self.cache.shape[1], axis=1)\n" + BACK_FRAMES,
        ),
    ),
    _bug(
        "a_vector_is_one_frame",
        "A vector is pushed as one frame.",
        Change(BACK_FRAMES, f"frames = np.atleast_2d(frames)\n{BACK_FRAMES}"),
    ),
    _bug(
        "strides_are_cut_to_integers",
        "A stride that is no integer is cut to one.",
        Change('stride = tap_stride("stride", stride)', 'stride = tap_stride("stride", int(stride))'),
    ),
    _bug(
        "wrong_filters_are_seen_when_frames_come",
        "Filters of different numbers of channels are accepted.",
        Change(
            "bfilter, ffilter = float_matrices(bfilter=bfilter, ffilter=ffilter)",
            "(bfilter,), (ffilter,) = float_matrices(bfilter=bfilter), float_matrices(ffilter=ffilter)\n"
            "dtype = np.result_type(bfilter, ffilter)\n"
            "bfilter, ffilter = bfilter.astype(dtype), ffilter.astype(dtype)",
        ),
    ),
)

ARRAYS = (
    _bug(
        "rows_are_a_view_of_the_cache",
        "The rows are returned in an array that the next chunk of the same length overwrites.",
        Change(NO_CACHE, f"{NO_CACHE}\nself.results = {{}}"),
        Change(
            COPIED,
            "memory = self.results.setdefault((len(frames), held.dtype), held[first:].copy())\n"
            "memory[...] = held[first:]",
        ),
    ),
    _bug(
        "cache_is_a_view_of_the_chunk",
        "The first chunk is kept as it is, and what its owner writes to it afterwards is read.",
        Change(
            "held = np.concatenate([self.cache, frames])",
            "held = np.concatenate([self.cache, frames]) if first else frames",
        ),
        Change(CACHED, "self.cache = held[max(0, len(held) - self.order) :]"),
    ),
    _bug(
        "rows_without_taps_are_the_chunk",
        "Without taps, the chunk itself is returned.",
        Change(COPIED, "memory = held[first:].copy() if len(self.filter) else frames"),
    ),
    _bug(
        "filters_are_not_copied",
        "The filters are kept as they are: a step of training in place changes a stream in its middle.",
        Change(
            "self.bfilter, self.ffilter = bfilter.copy(), ffilter.copy()",
            "self.bfilter, self.ffilter = bfilter, ffilter",
        ),
    ),
    _bug(
        "filter_is_not_copied",
        "The filter is kept as it is, and its owner may write to it.",
        Change(
            "self.filter, self.stride, self.finished = filter.copy(), stride, False",
            "self.filter, self.stride, self.finished = filter, stride, False",
        ),
    ),
    _bug(
        "chunk_is_computed_in_place",
        "The rows are computed in the chunk.",
        Change(COPIED, "memory = frames\nmemory[...] = held[first:]"),
    ),
    _bug(
        "dtype_is_that_of_the_first_chunk",
        "Every chunk is cast to the dtype of the first one.",
        Change(BACK_FRAMES, f"{BACK_FRAMES}\nframes = frames.astype(self.__dict__.setdefault('dtype', frames.dtype))"),
    ),
    _bug(
        "look_ahead_of_the_dtype_of_the_filters",
        "What is held has the dtype of the filters, to which wider frames are rounded.",
        Change(HOLDS, "self.held = np.concatenate([self.held, frames.astype(self.held.dtype)])"),
    ),
    _bug(
        "cache_begins_as_doubles",
        "The cache begins as zeros of NumPy's own dtype, so rows of float32 become float64.",
        Change(NO_CACHE, "self.cache = np.zeros((0, filter.shape[1]))"),
    ),
    _bug(
        "end_is_of_doubles",
        "The end returns no rows of NumPy's own dtype.",
        Change("return self.cache[:0].copy()", "return np.zeros((0, self.filter.shape[1]))"),
    ),
    _bug(
        "transposed_chunks_are_misread",
        "Chunks are read in the order in which they lie.",
        Change(
            BACK_FRAMES,
            "if isinstance(frames, np.ndarray) and frames.ndim == 2 and frames.flags.f_contiguous:\n"
            "    frames = frames.ravel('K').reshape(frames.shape)\n"
            f"{BACK_FRAMES}",
        ),
    ),
    _bug(
        "reversed_chunks_are_misread",
        "Chunks are read from their first address on, whatever their steps.",
        Change(
            BOTH_FRAMES,
            "if isinstance(frames, np.ndarray) and frames.ndim == 2 and min(frames.strides) < 0:\n"
            "    frames = frames[::-1]\n"
            f"{BOTH_FRAMES}",
        ),
    ),
    _bug(
        "state_of_numpy_is_left_behind",
        "Overflow is silenced for the rest of the process.",
        Change(HOLDS, f"np.seterr(over='ignore', under='call')\n{HOLDS}"),
    ),
    _bug(
        "whole_frames_are_rounded",
        "Frames of integers are kept in single precision.",
        Change(
            BOTH_FRAMES,
            "whole = np.asarray(frames).dtype.kind in 'iu'\n"
            f"{BOTH_FRAMES}\n"
            "frames = frames.astype(np.float32) if whole else frames",
        ),
    ),
    _bug(
        "taps_of_a_full_cache_are_summed_otherwise",
        "Sums begin with the oldest tap once the cache is full, and are rounded to half precision.",
        Change(
            "for i, tap in enumerate(self.filter):",
            "used = self.filter.astype(np.float16).astype(held.dtype) if first > 40 else self.filter\n"
            "for i, tap in enumerate(used):",
        ),
    ),
    _bug(
        "numpy_is_told_to_raise",
        "Making a stream changes NumPy's error state.",
        Change(COPIED, f"{COPIED}\nnp.seterr(all='raise')"),
    ),
)

BUGS = (*CONTEXT, *BEGINNING, *END, *SHARED, *ARRAYS)
