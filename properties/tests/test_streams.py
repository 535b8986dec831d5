"""The streams of both packages: the memory of the whole utterance, however it is cut."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import fsmn_ref
import fsmn_vec
from fsmn_properties import CATALOGUE, verify
from fsmn_properties.contract.forms import FORMS
from fsmn_properties.diagnosis.streams import reasons_of_streams
from fsmn_properties.findings.account import text
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import target_of
from fsmn_ref.arguments import Array
from planted_bugs.kernels import streamed
from planted_bugs.targets import target_of_bug

BOTH = pytest.mark.parametrize("package", [fsmn_ref, fsmn_vec], ids=lambda package: package.__name__)
STRIDES = (1, 2, 7, 1 << 40, 1 << 70)


def whole(*shape: int, seed: int = 0, dtype: Any = np.float64) -> Array:
    values: Array = np.random.default_rng((seed, *shape)).integers(-9, 9, shape).astype(dtype)
    return values


def rows_of(stream: Any, hidden: Array, cuts: list[int]) -> list[Array]:
    return [*map(stream.push, np.split(hidden, cuts)), stream.finish()]


@BOTH
@pytest.mark.parametrize("stride", STRIDES)
@pytest.mark.parametrize("cuts", [[], [1, 2, 3, 4, 5, 6], [0, 4, 4], [5]], ids=str)
def test_rows_one_after_another_are_the_memory(package: ModuleType, stride: int, cuts: list[int]) -> None:
    hidden, filter, position = whole(9, 3), whole(4, 3), np.arange(9)
    rows = rows_of(package.compact_vfsmn_stream(filter, stride=stride), hidden, cuts)
    want = fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, position, stride=stride)
    np.testing.assert_array_equal(np.concatenate(rows), want, strict=True)
    assert [len(each) for each in rows] == [b - a for a, b in pairwise([0, *cuts, 9])] + [0]


@BOTH
@pytest.mark.parametrize("bstride", STRIDES)
@pytest.mark.parametrize("fstride", STRIDES)
@pytest.mark.parametrize("special", [0, np.nan, np.inf])
def test_rows_are_known_once_their_last_tap_has_a_frame(
    package: ModuleType, bstride: int, fstride: int, special: float
) -> None:
    hidden, bfilter, ffilter, position = whole(20, 2), whole(4, 2), whole(2, 2), np.arange(20)
    bfilter[2, 0] = ffilter[1, 1] = special
    strides = {"bstride": bstride, "fstride": fstride}
    with np.errstate(all="ignore"):
        rows = rows_of(package.bi_compact_vfsmn_stream(bfilter, ffilter, **strides), hidden, [1, 1, 12])
        want = fsmn_ref.bi_compact_vfsmn_memory_forward(hidden, bfilter, ffilter, position, position[::-1], **strides)
    np.testing.assert_array_equal(np.concatenate(rows), want, strict=True)
    assert np.cumsum([len(each) for each in rows]).tolist()[:4] == [max(0, n - 2 * fstride) for n in (1, 1, 12, 20)]


@BOTH
def test_frames_beyond_a_block_and_beyond_the_room_are_not_lost(package: ModuleType) -> None:
    long = 70_000 if package is fsmn_vec else 300
    hidden, filter = whole(long, 2), whole(3, 2)
    rows = rows_of(package.compact_vfsmn_stream(filter, stride=50), hidden, [*range(1, 200), 250])
    want = fsmn_vec.compact_vfsmn_memory_forward(hidden, filter, np.arange(long), stride=50)
    np.testing.assert_array_equal(np.concatenate(rows), want, strict=True)


def test_the_reference_is_exact_on_fractions() -> None:
    stream = fsmn_ref.compact_vfsmn_stream(np.array([[Fraction(1, 3)]]))
    rows = rows_of(stream, np.array([[Fraction(1, 7)], [Fraction(2, 7)]]), [1])
    assert np.concatenate(rows).tolist() == [[Fraction(1, 7)], [Fraction(1, 3)]]
    with pytest.raises(TypeError, match="all Fractions or none"):
        fsmn_ref.compact_vfsmn_stream(np.array([[Fraction(1)]])).push([[1.0]])


@BOTH
def test_rows_are_of_the_dtype_of_the_filters_and_all_chunks_so_far(package: ModuleType) -> None:
    stream = package.bi_compact_vfsmn_stream(whole(3, 2, dtype="f4"), whole(1, 2, dtype="f4"), fstride=2)
    types = ["f2", ">f4", "i2", "f4", "g"]
    rows = [stream.push(whole(2, 2, seed=n, dtype=name)) for n, name in enumerate(types)]
    assert [str(each.dtype) for each in rows] == ["float32", "float32", "float64", "float64", str(np.dtype("g"))]
    every = np.concatenate([whole(2, 2, seed=n, dtype=name).astype("f8") for n, name in enumerate(types)])
    want = fsmn_ref.bi_compact_vfsmn_memory_forward(
        every, whole(3, 2), whole(1, 2), range(10), range(10)[::-1], fstride=2
    )
    np.testing.assert_array_equal(np.concatenate([*rows, stream.finish()]), want)


@BOTH
def test_a_stream_keeps_copies_and_gives_rows_away(package: ModuleType) -> None:
    bfilter, ffilter, hidden = whole(3, 2), whole(1, 2), whole(6, 2)
    want = fsmn_ref.bi_compact_vfsmn_memory_forward(hidden, bfilter, ffilter, range(6), range(6)[::-1])
    stream, rows = package.bi_compact_vfsmn_stream(bfilter, ffilter), []
    bfilter[...] = ffilter[...] = 77
    for chunk in np.split(hidden.copy(), 3):
        returned = stream.push(chunk)
        rows.append(returned.copy())
        chunk[...] = returned[...] = 99
    np.testing.assert_array_equal(np.concatenate([*rows, stream.finish()]), want, strict=True)


@BOTH
@pytest.mark.parametrize(
    ("frames", "error", "message"),
    [
        ([[1.0]], ValueError, "frames has 1 channels, but the filter has 2"),
        ([1.0, 2.0], ValueError, "frames has 1 dimensions"),
        ([[1j, 2]], TypeError, "frames has dtype complex128"),
        ([[True, False]], TypeError, "frames has dtype bool"),
    ],
)
def test_a_refused_push_leaves_the_stream_as_it_was(
    package: ModuleType, frames: Any, error: type[Exception], message: str
) -> None:
    hidden, filter = whole(4, 2), whole(2, 2)
    stream = package.compact_vfsmn_stream(filter)
    rows = [stream.push(hidden[:2])]
    with pytest.raises(error, match=message):
        stream.push(frames)
    rows += [stream.push(hidden[2:]), stream.finish()]
    want = fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, range(4))
    np.testing.assert_array_equal(np.concatenate(rows), want, strict=True)


@BOTH
def test_a_finished_stream_refuses_everything(package: ModuleType) -> None:
    stream = package.compact_vfsmn_stream(np.zeros((0, 0)))
    assert stream.push(np.zeros((3, 0))).shape == (3, 0)
    assert stream.finish().shape == (0, 0)
    for call in (stream.finish, lambda: stream.push(np.zeros((1, 0)))):
        with pytest.raises(ValueError, match="after finish"):
            call()


@BOTH
@pytest.mark.parametrize(
    ("arguments", "strides", "error", "message"),
    [
        (([[1.0]], [[1.0, 2.0]]), {}, ValueError, "ffilter has 2 channels, but bfilter has 1"),
        ((np.zeros((0, 1)), [[1.0]]), {}, ValueError, "bfilter has no row"),
        (([[1.0]], [[1.0]]), {"fstride": 0}, ValueError, "fstride = 0 is below 1"),
        (([[1.0]], [[1.0]]), {"bstride": 1.0}, TypeError, "bstride = 1.0 is no integer"),
    ],
)
def test_filters_and_strides_outside_the_domain_are_refused(
    package: ModuleType, arguments: Any, strides: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        package.bi_compact_vfsmn_stream(*arguments, **strides)


SENTENCES = {
    "cache_one_frame_short": "of the frames before a chunk, one too few is kept",
    "cache_holds_the_last_chunk_alone": "of the frames before a chunk, those of the last chunk alone are kept",
    "cache_is_never_filled": "no tap reads beyond its chunk: each chunk is an utterance of its own",
    "cache_without_the_stride": "as many are kept as there are taps, whatever the stride",
    "first_chunk_has_no_taps": "no tap is used in the first chunk",
    "look_ahead_lost_at_the_end_of_a_chunk": "taps that look ahead read nothing beyond their chunk",
    "last_rows_are_dropped": "as many as the look-ahead taps reach, are never returned",
    "rows_come_a_frame_late": "each row comes 1 frame later than it could",
    "rows_are_a_view_of_the_cache": "right in chunks of 12, and wrong in chunks of 1, 2, 3, 4, 6",
    "cache_is_that_of_the_class": "a stream is right alone, and wrong if another stream is fed in turn with it",
    "cache_is_left_by_the_stream_before": "the same chunks give other rows when they are fed again",
    "refused_push_empties_the_cache": "",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_sentence_says_of_a_stream_what_is_true_of_it(name: str) -> None:
    said = [sentence for form in FORMS for sentence in reasons_of_streams(target_of_bug(name), form)]
    assert (SENTENCES[name] in said[0]) if SENTENCES[name] else not said


@BOTH
def test_nothing_is_said_of_a_stream_that_is_right(package: ModuleType) -> None:
    assert [reasons_of_streams(target_of(package), form) for form in FORMS] == [[], []]


def test_statements_with_one_reason_are_one_mistake() -> None:
    names = ("uni_stream_equals_the_whole", "uni_every_way_of_cutting_gives_the_memory", "uni_every_stream_is_right")
    chosen = [each for each in CATALOGUE if each.name in names]
    (mistake,) = verify(target_of_bug("cache_one_frame_short"), chosen, seed=0).mistakes
    assert {*mistake.statements} == {*names}
    assert mistake.sentences == ("compact_vfsmn_stream: of the frames before a chunk, one too few is kept",)


LESS: list[dict[str, Any]] = [
    {},
    {"formats": ("float32",), "layouts": "contiguous", "lists": False, "channels_multiple_of": 4, "empty": False},
    {"strides": "equal", "short": False, "nonfinite": False, "refusals": "types", "mixed": False},
    {"positions": "whole", "strides": "one", "refusals": "none", "frames": (3, 20), "channels": (2, 5)},
    {"results": "any", "position_types": ("int8",), "taps": (2, 9), "ahead": (1, 4), "most_stride": 2},
    {"most_shapes": 6, "formats": ("float16", "float64")},
]


@pytest.mark.parametrize("promises", LESS, ids=str)
def test_a_right_stream_is_not_accused_whatever_it_promises(promises: dict[str, Any]) -> None:
    target = target_of(streamed, promises)
    asked = [each for each in CATALOGUE if not each.not_promised(target)]
    verdicts = [run(each, target, Plan(seed=0, examples=5, first_look=True)) for each in asked]
    assert [text(verdict.finding) for verdict in verdicts if verdict.finding is not None] == []
    assert len(asked) > 20
