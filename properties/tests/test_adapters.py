"""Adapters: a target made by one is right if its kernel is, and wrong if it is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fsmn_properties import adapters as a
from fsmn_properties import first_failure, verify
from fsmn_properties.catalogue import CATALOGUE
from planted_bugs.compared import wrong_calls
from planted_bugs.kernels.adapted import (
    bi,
    bi_backward,
    by_lengths,
    causal,
    causal_backward,
    forgetful,
    late,
    late_backward,
    leaking_backward,
    masked,
    masked_after,
    masked_backward,
    masked_before,
    masked_by_zeros,
    of_causal_rows,
    of_causal_rows_backward,
    of_equal_strides,
    of_floats,
    of_rows,
    of_rows_backward,
    of_taps,
    of_taps_backward,
    oldest_first,
    oldest_first_backward,
    one_sided,
    one_sided_backward,
    shifted,
    summed,
    summed_backward,
    times_mask,
    uni,
    uni_backward,
    unmasked,
    writing,
)

FEW = [each for each in CATALOGUE if each.name.endswith(("ward_equals_the_reference", "the_adjoint_of_forward"))]

each = a.utterance_by_utterance
BLOCKS = {
    "utterance_by_utterance": lambda: each(uni, uni_backward),
    "from_bidirectional": lambda: a.from_bidirectional(each(bi, bi_backward)),
    "identity_folded_into_own_tap": lambda: a.identity_folded_into_own_tap(each(summed, summed_backward)),
    "batched": lambda: a.from_bidirectional(a.batched(masked, masked_backward)),
    "batched, masked on both sides": lambda: a.batched(masked, masked_backward, masked="both"),
    "batched, two at most": lambda: a.batched(masked, masked_backward, size=2),
    "batched, with NaN in the padding": lambda: a.batched(masked, masked_backward, nonfinite=True),
    "batched, by lengths": lambda: a.batched(by_lengths),
    "batched, neither mask nor lengths": lambda: a.from_bidirectional(a.batched(unmasked)),
    "one_filter": lambda: a.one_filter(each(of_taps, of_taps_backward)),
    "one_filter, symmetric": lambda: a.from_bidirectional(
        a.one_filter(each(of_taps, of_taps_backward), symmetric=True)
    ),
    "taps_oldest_first": lambda: a.from_bidirectional(a.taps_oldest_first(each(oldest_first, oldest_first_backward))),
    "channels_first": lambda: each(a.channels_first(of_rows(one_sided), of_rows_backward)),
    "channels_first, no look-ahead": lambda: a.from_bidirectional(
        each(a.channels_first(of_causal_rows, of_causal_rows_backward))
    ),
    "delayed": lambda: each(a.delayed(late, late_backward)),
    "float_positions": lambda: a.float_positions(of_floats, shape=(-1, 1)),
    "no look-ahead": lambda: a.from_bidirectional(each(causal, causal_backward)),
    "one utterance": lambda: a.from_bidirectional(causal, causal_backward),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_right_kernel_is_right_behind_its_adapter(name: Any) -> None:
    assert wrong_calls(BLOCKS[name]()) == set()


FORWARD, BACKWARD = "bi_compact_vfsmn_memory_forward", "bi_compact_vfsmn_memory_backward"
WRONG = {
    "taps in reverse order": (lambda: each(oldest_first), {FORWARD}),
    "only the gradient's taps in reverse order": (
        lambda: a.taps_oldest_first(each(oldest_first, one_sided_backward)),
        {BACKWARD},
    ),
    "identity added twice": (
        lambda: a.identity_folded_into_own_tap(each(one_sided, one_sided_backward)),
        {FORWARD, BACKWARD},
    ),
    "identity missing": (lambda: each(summed), {FORWARD}),
    "mask after alone": (lambda: a.batched(masked_after), {FORWARD}),
    "mask before alone, where both are promised": (lambda: a.batched(masked_before, masked="both"), {FORWARD}),
    "NaN times zero": (lambda: a.batched(masked_by_zeros, nonfinite=True), {FORWARD}),
    "gradient of the padding's memory": (lambda: a.batched(masked, leaking_backward, masked="both"), {BACKWARD}),
    "late output taken for memory": (lambda: each(late), {FORWARD}),
    "identity's gradient missing": (lambda: each(uni, forgetful), {"compact_vfsmn_memory_backward"}),
    "frames written to": (lambda: each(writing), {"compact_vfsmn_memory_forward"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_kernel_is_wrong_behind_its_adapter(name: Any) -> None:
    block, functions = WRONG[name]
    assert wrong_calls(block()) == functions


def test_mask_before_alone_is_enough_where_the_memory_of_padding_is_not_promised() -> None:
    assert wrong_calls(a.batched(masked_before)) == set()
    assert wrong_calls(a.batched(masked_by_zeros)) == set()


def test_an_overflow_beside_the_padding_is_none_of_it() -> None:
    frames, position = np.array([[1.0], [1.0], [1e308]]), np.array([0, 1, 0])
    block = a.from_bidirectional(a.batched(times_mask, masked="both"))
    with np.errstate(all="ignore"):
        memory = block.compact_vfsmn_memory_forward(frames, np.array([[3.0]]), position)
    assert memory.tolist() == [[1.0], [4.0], [1e308]]


def test_adapters_may_be_written_in_any_order() -> None:
    def folded(hidden: Any, taps: Any, left: Any) -> Any:
        return sum(tap * shifted(hidden.T, k - left) for k, tap in enumerate(taps.T)).T

    inwards = a.identity_folded_into_own_tap(a.from_bidirectional(each(a.channels_first(a.one_filter(folded)))))
    outwards = a.one_filter(a.channels_first(each(a.from_bidirectional(a.identity_folded_into_own_tap(folded)))))
    assert wrong_calls(inwards) == wrong_calls(outwards) == set()


def test_suite_accepts_a_right_block_and_not_a_wrong_one() -> None:
    assert verify(a.from_bidirectional(each(bi, bi_backward)), FEW).ok
    assert first_failure(a.from_bidirectional(each(oldest_first)), FEW) is not None


def test_the_first_example_of_the_documentation_holds() -> None:
    text = (Path(__file__).parents[2] / "docs" / "adapters.md").read_text()
    names: dict[str, Any] = {}
    exec(text.split("```python")[1].split("```")[0], names)  # noqa: S102
    assert wrong_calls(names["target"]) == set()


def test_promises_follow_from_the_names_of_parameters() -> None:
    promises = each(uni).promises
    assert promises.functions == ("compact_vfsmn_memory_forward",)
    assert (promises.positions, promises.strides, promises.formats) == ("utterances", "any", ("float64", "float32"))
    assert a.from_bidirectional(causal).promises.positions == "whole"
    assert a.from_bidirectional(causal).promises.ahead == (0, 0)
    assert each(of_equal_strides).promises.strides == "equal"
    assert each(summed).promises.strides == "any"
    assert each(one_sided).promises.strides == "one"
    assert a.float_positions(of_floats).promises.positions == "any"


def test_promises_of_the_caller_prevail() -> None:
    block = a.from_bidirectional(each(bi, bi_backward, formats="float32"), nonfinite=True, gradients="hidden")
    assert (block.promises.formats, block.promises.nonfinite) == (("float32",), True)
    ones = np.ones((3, 1), np.float32)
    found = block.compact_vfsmn_memory_backward(ones, ones, ones, np.arange(3))
    assert found[1] is None


def test_calls_beyond_the_promise_say_so() -> None:
    rows, position = np.ones((4, 1)), np.arange(4)
    for block, given, strides in (
        (each(uni), np.array([0, 1, 1, 2]), {}),
        (each(uni), np.array([0, 0, 1, 3]), {}),
        (a.from_bidirectional(causal), np.array([0, 1, 0, 1]), {}),
        (a.from_bidirectional(each(causal)), position, {"stride": 2}),
    ):
        with pytest.raises(NotImplementedError):
            block.compact_vfsmn_memory_forward(rows, rows, given, **strides)
    with pytest.raises(NotImplementedError):
        each(causal).bi_compact_vfsmn_memory_forward(rows, rows, rows, position, position[::-1])
    equal = each(of_equal_strides)
    with pytest.raises(NotImplementedError):
        equal.bi_compact_vfsmn_memory_forward(rows, rows, rows, position, position[::-1], bstride=2)


def test_strides_are_pythons_integers() -> None:
    def asked(hidden: Any, filter: Any, stride: Any) -> Any:
        assert type(stride) is int
        return uni(hidden, filter, stride)

    rows = np.ones((1, 1))
    each(asked).compact_vfsmn_memory_forward(rows, rows, np.array([0]), stride=np.uint8(200))


def test_no_frame_calls_no_kernel() -> None:
    block = a.from_bidirectional(a.batched(masked, masked_backward))
    none, filter, position = np.zeros((0, 2), np.float32), np.ones((3, 2), np.float32), np.zeros(0, np.int64)
    assert block.compact_vfsmn_memory_forward(none, filter, position).shape == (0, 2)
    dhidden, dfilter = block.compact_vfsmn_memory_backward(none, none, filter, position)
    assert (dhidden.shape, dfilter.tolist()) == ((0, 2), np.zeros((3, 2)).tolist())
