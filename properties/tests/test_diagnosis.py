"""One mistake is one finding, said in words that are true."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fsmn_vec
from fsmn_properties import verify
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.forms import FORMS, FUNCTIONS, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.diagnosis.answers import answer
from fsmn_properties.diagnosis.difference import right_map
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.mapread import read_map
from fsmn_properties.diagnosis.reasons import reasons
from fsmn_properties.diagnosis.settings import settings
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import target_of
from planted_bugs.bank import called

LESS: list[dict[str, Any]] = [
    {},
    {"formats": ("float32",), "channels_multiple_of": 4, "empty": False},
    {"positions": "utterances", "strides": "equal", "short": False},
    {"positions": "whole", "strides": "one", "channels": (1, 2)},
    {"taps": (2, 9), "ahead": (1, 4), "frames": (5, 12), "most_shapes": 4},
]


def mistakes(target: Any, *parts: str) -> Any:
    few = [each for each in CATALOGUE if any(part in each.name for part in parts)]
    return verify(target, few, seed=1).mistakes


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
@pytest.mark.parametrize("promises", LESS, ids=str)
def test_the_map_of_a_correct_target_is_read_off_within_any_promise(form: Form, promises: dict[str, Any]) -> None:
    target = target_of(fsmn_vec, promises)
    cases = settings(form, target.promises)
    assert len(cases) > 5
    assert reasons(target, form) == []
    for case in cases[:4]:
        for result in ("memory", *form.gradients):
            read = read_map(target, case, result)
            assert read is not None
            assert (read == right_map(Facts(case), result)).all()


def test_cases_of_few_channels_and_of_many_are_read_off_alike() -> None:
    target = target_of(fsmn_vec)
    assert all(answer(target, case).is_right("memory") for case in settings(FORMS[0], Promises()))


def test_a_port_with_its_taps_in_reverse_order_makes_one_mistake_that_is_said_in_words(port: Path) -> None:
    (mistake,) = mistakes(load(str(port)), "uni_forward_equals", "uni_utterances_in_a_row", "notebook")
    (sentence,) = mistake.sentences
    assert sentence.startswith("compact_vfsmn_memory, forward alone: the taps are in reverse order")
    assert mistake.known.startswith("row 2 of known_bugs.md")
    assert len(mistake.statements) == 3
    (picture,) = mistake.pictures
    assert set(picture.found) != set(picture.wanted)


def test_two_mistakes_are_two() -> None:
    one, two = (called(name).implementation() for name in ("taps_oldest_first", "look_ahead_stride_ignored"))
    names = {name: getattr(two if name.startswith("bi_") else one, name) for name in FUNCTIONS}
    found = mistakes(target_of(SimpleNamespace(**names)), "equals_the_reference")
    assert len(found) == 2
    assert ["reverse order" in sentence for each in found for sentence in each.sentences] == [True, False]
    assert ["fstride is ignored" in sentence for each in found for sentence in each.sentences] == [False, True]


def irregular(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Any:
    """Leave taps out without any rule."""
    memory = np.array(fsmn_vec.compact_vfsmn_memory_forward(hidden, filter, position, stride=stride))
    for r in range(len(memory)):
        for i in range(min(len(filter), int(position[r]) // stride)):
            if (r * r * 7 + i * 5 + r * i) % 11 in {2, 3, 7}:
                memory[r] -= np.multiply(filter[i], hidden[r - (i + 1) * stride])
    return memory


@pytest.mark.long
def test_what_no_name_fits_is_shown_by_its_first_difference() -> None:
    functions = SimpleNamespace(compact_vfsmn_memory_forward=irregular)
    (mistake,) = mistakes(target_of(functions, {"refusals": "none"}), "uni_forward_equals")
    (sentence,) = mistake.sentences
    assert "does not read frame" in sentence


@pytest.mark.long
def test_a_report_that_fails_fits_on_a_screen_and_folds_what_holds(port: Path) -> None:
    few = [each for each in CATALOGUE if each.source.draw is not None and not each.source.covers]
    report = verify(load(str(port)), [each for each in few if "lists" not in each.name], seed=1)
    lines = str(report).splitlines()
    assert len(lines) <= 30
    assert "seen by" in str(report)
    assert "(-v lists them)" in str(report)
