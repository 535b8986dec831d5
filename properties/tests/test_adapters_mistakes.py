"""Adapters: whatever is put together wrongly, or is missing, is told in a sentence."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from fsmn_properties import adapters as a
from fsmn_properties.contract.promises import PromiseError
from fsmn_properties.targets.target import target_of
from planted_bugs.kernels.adapted import (
    masked,
    of_another_name,
    of_floats,
    of_the_first,
    uni,
    uni_backward,
    with_one_gradient,
    without_filter,
)

each = a.utterance_by_utterance


def call(block: Any) -> Any:
    rows = np.ones((3, 1))
    if hasattr(block, "compact_vfsmn_memory_backward"):
        return block.compact_vfsmn_memory_backward(rows, rows, rows, np.arange(3))
    return block.bi_compact_vfsmn_memory_forward(rows, rows, rows[:0], np.arange(3), np.arange(3)[::-1])


MISTAKES = [
    ("parameters of of_another_name must be among .* got 'x'", TypeError, lambda: each(of_another_name)),
    (
        (
            "parameters of a function must be hidden, and filter, .* got hidden",
            TypeError,
            lambda: each(without_filter),
        )
    ),
    ("backward must return dhidden, dfilter, got 1 results", TypeError, lambda: call(each(uni, with_one_gradient))),
    ("parameters of type cannot be read", TypeError, lambda: each(type)),
    ("backward must be given with its function", TypeError, lambda: each(each(uni), uni_backward)),
    ("taps_oldest_first must be given once", TypeError, lambda: a.taps_oldest_first(a.taps_oldest_first(uni))),
    ("from_bidirectional must be given .* bfilter", TypeError, lambda: a.from_bidirectional(uni)),
    (
        (
            "identity_folded_into_own_tap must be given .* bfilter",
            TypeError,
            lambda: a.identity_folded_into_own_tap(uni),
        )
    ),
    ("one_filter must be given .* taps", TypeError, lambda: a.one_filter(uni)),
    ("float_positions must be given .* takes none", TypeError, lambda: a.float_positions(uni)),
    ("delayed must be given .* takes mask", TypeError, lambda: a.delayed(masked)),
    ("must take mask, lengths or neither", TypeError, lambda: a.batched(of_floats)),
    ("masked must be one of input, both, got 'after'", ValueError, lambda: a.batched(masked, masked="after")),
    ("a function that takes mask must be given to batched", PromiseError, lambda: target_of(each(masked))),
    ("strides must be one of any, equal, one, got 2", PromiseError, lambda: each(uni, strides=2)),
    (
        (
            r"memory of a batch must have shape \(1, 3, D\), got \(3, 1\)",
            ValueError,
            lambda: call(a.batched(of_the_first)),
        )
    ),
]


@pytest.mark.parametrize(("words", "error", "made"), MISTAKES)
def test_a_mistake_in_an_adapter_is_told_in_a_sentence(words: Any, error: Any, made: Any) -> None:
    with pytest.raises(error, match=words):
        made()


@pytest.mark.parametrize(
    ("module", "use", "words"),
    [
        ("torch", lambda: a.torch_function(uni), "torch_function needs torch: pip install torch"),
        ("torch", lambda: a.with_weights(None, {}), "with_weights needs torch: pip install torch"),
        ("jax", lambda: a.jax_function(uni), "jax_function needs jax: pip install jax"),
        ("onnxruntime", lambda: a.onnx_session(b""), "onnx_session needs onnxruntime: pip install onnxruntime"),
    ],
)
def test_a_missing_package_is_told_in_a_sentence(module: Any, use: Any, words: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=words):
        use()
