"""Promises: every key has a default, allowed values, and a sentence for each value that is none."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any

import pytest

from fsmn_properties.contract.formats import FLOATS, INTEGERS
from fsmn_properties.contract.forms import FUNCTIONS, STREAMS
from fsmn_properties.contract.forms import NAMES as EVERY
from fsmn_properties.contract.promises import PromiseError, Promises, parsed, promises_of

FORWARD = "compact_vfsmn_memory_forward"

DEFAULTS: dict[str, Any] = {
    "functions": (
        FORWARD,
        "compact_vfsmn_memory_backward",
        "bi_compact_vfsmn_memory_forward",
        "bi_compact_vfsmn_memory_backward",
        "compact_vfsmn_stream",
        "bi_compact_vfsmn_stream",
    ),
    "formats": ("float64", "float32", "float16", "longdouble", *INTEGERS),
    "mixed": True,
    "positions": "any",
    "position_types": INTEGERS,
    "strides": "any",
    "most_stride": None,
    "empty": True,
    "frames": (0, None),
    "channels": (0, None),
    "taps": (0, None),
    "ahead": (0, None),
    "short": True,
    "channels_multiple_of": 1,
    "nonfinite": True,
    "subnormals": True,
    "refusals": "words",
    "lists": True,
    "layouts": "any",
    "results": "contiguous",
    "gradients": ("hidden", "filter", "bfilter", "ffilter"),
    "seconds_per_call": None,
    "most_shapes": None,
}

ALLOWED: list[tuple[str, Any, Any, str]] = [
    # The key, what is given, what it means, and the same as text.
    ("functions", FORWARD, (FORWARD,), FORWARD),
    ("functions", (), (), ""),
    ("formats", "float32", ("float32",), "float32"),
    ("formats", ["float32", "float64"], ("float64", "float32"), "float32, float64"),
    ("formats", ("integers", "float32"), ("float32", *INTEGERS), "integers,float32"),
    ("formats", {"longdouble", "int8"}, ("longdouble", "int8"), "('longdouble', 'int8')"),
    ("mixed", False, False, "False"),
    ("positions", "utterances", "utterances", "utterances"),
    ("positions", "whole", "whole", " whole "),
    ("position_types", "int32", ("int32",), "int32"),
    ("position_types", ("uint8", "int64"), ("int64", "uint8"), '["uint8", "int64"]'),
    ("strides", "equal", "equal", "equal"),
    ("strides", "one", "one", "one"),
    ("most_stride", 3, 3, "3"),
    ("most_stride", None, None, "none"),
    ("empty", False, False, "false"),
    ("frames", [2, 300], (2, 300), "2,300"),
    ("channels", (4, None), (4, None), "4,"),
    ("taps", (0, 0), (0, 0), "(0, 0)"),
    ("ahead", (1, None), (1, None), "1, None"),
    ("short", True, True, "true"),
    ("channels_multiple_of", 16, 16, "16"),
    ("nonfinite", False, False, "False"),
    ("subnormals", False, False, "False"),
    ("refusals", "types", "types", "types"),
    ("refusals", "none", "none", "none"),
    ("lists", False, False, "false"),
    ("layouts", "contiguous", "contiguous", "contiguous"),
    ("results", "any", "any", "any"),
    ("gradients", "hidden", ("hidden",), "hidden"),
    ("gradients", [], (), ""),
    ("seconds_per_call", 2, 2.0, "2"),
    ("seconds_per_call", 0.25, 0.25, "0.25"),
    ("most_shapes", 4, 4, "4"),
]

NAMES, TYPES, PAIR = ", ".join(EVERY), ", ".join(INTEGERS), "pair (least, most)"
REFUSED: list[tuple[str, Any, str]] = [
    # The key, what is given, and what is allowed.
    ("functions", "forward", NAMES),
    ("formats", (), ", ".join((*FLOATS, *INTEGERS))),
    ("formats", "bfloat16", ", ".join((*FLOATS, *INTEGERS))),
    ("formats", INTEGERS, f"at least one of {', '.join(FLOATS)}"),
    ("formats", None, ", ".join((*FLOATS, *INTEGERS))),
    ("mixed", 1, "True or False"),
    ("positions", "some", "any, utterances, whole"),
    ("position_types", "integers", TYPES),
    ("position_types", (), TYPES),
    ("strides", 1, "any, equal, one"),
    ("most_stride", 0, "integer"),
    ("most_stride", 2.0, "integer"),
    ("empty", "no", "True or False"),
    ("frames", 3, PAIR),
    ("frames", (-1, 3), PAIR),
    ("channels", (5, 4), PAIR),
    ("taps", (None, 4), PAIR),
    ("ahead", (1, True), PAIR),
    ("short", None, "True or False"),
    ("channels_multiple_of", None, "integer"),
    ("channels_multiple_of", True, "integer"),
    ("nonfinite", "finite", "True or False"),
    ("subnormals", "flushed", "True or False"),
    ("refusals", True, "words, types, none"),
    ("lists", 0, "True or False"),
    ("layouts", "C", "any, contiguous"),
    ("results", None, "contiguous, any"),
    ("gradients", "dhidden", "hidden, filter, bfilter, ffilter"),
    ("seconds_per_call", 0, "positive number"),
    ("seconds_per_call", "1 s", "positive number"),
    ("seconds_per_call", float("nan"), "positive number"),
    ("most_shapes", -1, "integer"),
]


def test_the_defaults_are_the_whole_contract() -> None:
    promises = Promises()
    assert {field.name: getattr(promises, field.name) for field in fields(Promises)} == DEFAULTS
    assert promises.narrowed == {}
    assert promises.is_whole
    assert INTEGERS == ("int64", "int8", "int16", "int32", "uint8", "uint16", "uint32", "uint64")
    assert str(promises) == "the whole contract"
    assert str(promises.but(functions=FUNCTIONS)) == "the whole contract, without streams"
    assert str(promises.but(functions=FUNCTIONS, lists=False)) == "lists=False, without streams"
    assert promises.but(functions=FUNCTIONS).told == {}
    assert promises.but(functions=STREAMS).told == {"functions": STREAMS}


def test_every_key_is_tried_with_what_it_allows_and_what_it_refuses() -> None:
    assert {key for key, *_ in ALLOWED} == {key for key, *_ in REFUSED} == DEFAULTS.keys()


@pytest.mark.parametrize(("key", "given", "means", "text"), ALLOWED, ids=[f"{k}={t}" for k, _, _, t in ALLOWED])
def test_an_allowed_value_means_the_same_as_a_mapping_as_an_argument_and_as_text(
    key: str, given: Any, means: Any, text: str
) -> None:
    assert getattr(Promises(**{key: given}), key) == means
    assert getattr(promises_of({key: given}), key) == means
    assert promises_of(parsed([f"{key}={text}"])) == Promises(**{key: given})


@pytest.mark.parametrize(("key", "given", "allowed"), REFUSED, ids=[f"{k}={v!r}" for k, v, _ in REFUSED])
def test_a_value_that_is_not_allowed_is_refused_in_a_sentence_that_lists_what_is(
    key: str, given: Any, allowed: str
) -> None:
    with pytest.raises(PromiseError) as refusal:
        Promises(**{key: given})
    assert re.fullmatch(rf"{key} must .*{re.escape(allowed)}.*, got {re.escape(repr(given))}", str(refusal.value))
    with pytest.raises(PromiseError):
        Promises().but(**{key: given})


@pytest.mark.parametrize(
    "read",
    [promises_of, lambda unknown: Promises().but(**unknown), lambda unknown: parsed([f"{next(iter(unknown))}=1"])],
)
def test_an_unknown_key_is_refused_with_all_that_there_are(read: Any) -> None:
    with pytest.raises(PromiseError) as refusal:
        read({"stride": 1})
    assert str(refusal.value) == f"a promise must be one of {', '.join(DEFAULTS)}, got 'stride'"


def test_a_text_without_a_sign_is_refused() -> None:
    with pytest.raises(PromiseError, match=r"^a promise must be written as key=value, got 'nonfinite'$"):
        parsed(["nonfinite"])


def test_of_two_texts_with_one_key_the_later_one_counts() -> None:
    assert parsed(["most_stride=2", "strides=equal", "most_stride=3"]) == {"most_stride": 3, "strides": "equal"}


@pytest.mark.parametrize("given", [3, "float32", ["formats"]])
def test_what_is_no_mapping_is_refused(given: Any) -> None:
    with pytest.raises(PromiseError) as refusal:
        promises_of(given)
    assert str(refusal.value) == f"promises must be a mapping or Promises, got {given!r}"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"channels": (1, 5), "channels_multiple_of": 8}, "channels must contain a multiple of 8 from 1, got (1, 5)"),
        ({"channels": (0, 0), "empty": False}, "channels must contain a multiple of 1 from 1, got (0, 0)"),
        ({"frames": (0, 0), "empty": False}, "frames must contain more than 0 if empty is False, got (0, 0)"),
        (
            {"frames": (1, 9), "taps": (10, 20), "short": False},
            "frames must contain at least 10 if short is False, got (1, 9)",
        ),
    ],
    ids=str,
)
def test_promises_that_no_case_can_keep_together_are_refused(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(PromiseError, match=rf"^{re.escape(problem)}$"):
        Promises(**given)


def test_promises_of_promises_are_the_same() -> None:
    promises = Promises(nonfinite=False)
    assert promises_of(promises) is promises


def test_what_is_narrowed_is_told() -> None:
    promises = Promises(formats=("float32",), frames=(1, None), mixed=True)
    assert promises.narrowed == {"formats": ("float32",), "frames": (1, None)}
    assert str(promises) == "formats=('float32',), frames=(1, None)"
    assert promises.float_formats == ("float32",)
    assert not promises.is_whole


def test_less_promised_of_results_leaves_out_no_case() -> None:
    mine: dict[str, Any] = {
        "functions": FORWARD,
        "gradients": "hidden",
        "refusals": "none",
        "results": "any",
        "seconds_per_call": 9,
    }
    assert Promises(**mine).is_whole
    assert not Promises(**mine, lists=False).is_whole
    assert not Promises(**mine, most_shapes=1).is_whole
