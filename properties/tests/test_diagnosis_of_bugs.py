"""What is said of planted bugs is true, names nearly all that change the map, and accuses nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

import fsmn_ref
import fsmn_vec
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.contract.forms import FORMS, UNI, Form
from fsmn_properties.diagnosis.answers import answers
from fsmn_properties.diagnosis.elsewhere import reasons_elsewhere
from fsmn_properties.diagnosis.imitation import imitation
from fsmn_properties.diagnosis.maps.catalogue import named_maps
from fsmn_properties.diagnosis.named import Named
from fsmn_properties.diagnosis.reasons import Reason, reasons
from fsmn_properties.diagnosis.settings import probes
from fsmn_properties.diagnosis.ways.arithmetic import arithmetic
from fsmn_properties.diagnosis.ways.calls import kept
from fsmn_properties.diagnosis.ways.nonfinite import leaks
from fsmn_properties.diagnosis.ways.raises import shapes
from fsmn_properties.diagnosis.ways.types import dtypes
from fsmn_properties.findings.verdict import Finding
from fsmn_properties.targets.target import Target, target_of
from planted_bugs.bank import BANK, called
from planted_bugs.correct import CORRECT
from planted_bugs.said import ALWAYS, AT_SIZES, KEPT, UNNAMED
from planted_bugs.targets import target_of_bug, target_of_correct

SAMPLE = {"taps_oldest_first", "position_is_exclusive", "colliding_updates_lost", "channels_beyond_256_untapped"}
LESS: list[dict[str, Any]] = [
    {},
    {"formats": ("float32",), "layouts": "contiguous", "lists": False, "channels_multiple_of": 4, "empty": False},
    {"positions": "utterances", "strides": "equal", "short": False, "nonfinite": False, "refusals": "types"},
    {"positions": "whole", "strides": "one", "functions": ("compact_vfsmn_memory_forward",), "refusals": "none"},
    {"gradients": ("hidden",), "results": "any", "position_types": ("int32",), "taps": (2, 9), "ahead": (1, 4)},
]


def parameters(names: Iterable[str]) -> list[Any]:
    return [pytest.param(name, marks=[] if name in SAMPLE else [pytest.mark.long]) for name in names]


@pytest.mark.parametrize("name", parameters(ALWAYS))
def test_a_wrong_map_is_named_at_small_sizes(name: str) -> None:
    target = target_of_bug(name)
    found = [each for form in FORMS if form in called(name).forms for each in reasons(target, form)]
    sentences = [sentence for each in found for sentence in each.sentences]
    assert re.search(ALWAYS[name], " ".join(sentences)), sentences


@pytest.mark.parametrize("name", parameters(AT_SIZES))
def test_a_wrong_map_of_larger_sizes_is_named_with_its_condition(name: str) -> None:
    says, facts = AT_SIZES[name]
    target, sentences = target_of_bug(name), list[str]()
    for kind in ("forward", "backward"):
        statement = f"{facts['form']}_{kind}_equals_the_reference"
        script = f"import numpy as np\nfrom fsmn_properties import made, show\n{target.python}\n\n"
        script += f"show(implementation, {statement!r}, {Recipe(**facts)!r})\n"
        finding = Finding(statement, "", "", "memory[0, 0] is 1", "", script)
        sentences += [sentence for each in reasons_elsewhere(target, finding) for sentence in each.sentences]
    assert re.search(says, " ".join(sentences)), sentences


def test_nine_in_ten_of_the_maps_that_are_wrong_at_small_sizes_are_named_and_most_of_all() -> None:
    names = {bug.name for bug in BANK}
    assert {*ALWAYS, *AT_SIZES, *UNNAMED, *KEPT} <= names
    assert not {*ALWAYS} & {*UNNAMED}
    named = len(ALWAYS) + len(AT_SIZES)
    assert named / (named + len(UNNAMED)) > 0.8


def everything_said(target: Target, forms: Iterable[Form]) -> list[str]:
    """Return all named sentences that probes say of a target without having been asked to."""
    found: list[str] = []
    for form in forms:
        probed = answers(target, probes(form, target.promises))
        found += [s for each in reasons(target, form, probed) if each.model for s in each.sentences]
        for function in target.functions_of(form):
            found += kept(target, form, function)
            for name in target.results(function):
                case = probed[0].case
                found += [*arithmetic(target, case, name), *leaks(target, case, name), *shapes(name, probed)]
                found += dtypes(target, case, name)
    return found


@pytest.mark.parametrize("promises", LESS, ids=str)
@pytest.mark.parametrize("module", [fsmn_vec, pytest.param(fsmn_ref, marks=pytest.mark.long)])
def test_nothing_is_said_of_what_is_right(module: Any, promises: dict[str, Any]) -> None:
    target = target_of(module, promises)
    assert everything_said(target, FORMS) == []


@pytest.mark.long
@pytest.mark.parametrize("name", CORRECT)
def test_nothing_is_said_of_a_correct_implementation(name: str) -> None:
    assert everything_said(target_of_correct(name), FORMS) == []


OTHERS = [bug.name for bug in BANK if bug.name not in {*ALWAYS, *AT_SIZES, *KEPT}]


@pytest.mark.long
@pytest.mark.parametrize("name", OTHERS)
def test_no_named_map_is_said_of_what_is_none(name: str) -> None:
    target = target_of_bug(name)
    for form in FORMS:
        if form in called(name).forms:
            found = [each for each in reasons(target, form) if each.model]
            functions = [each for each in target.functions_of(form) if kept(target, form, each)]
            assert [each.sentences for each in found] == []
            assert functions == []


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, says in KEPT.items() if says])
def test_what_is_kept_between_calls_is_named(name: str) -> None:
    target, bug = target_of_bug(name), called(name)
    found = [
        s for form in FORMS if form in bug.forms for each in target.functions_of(form) for s in kept(target, form, each)
    ]
    assert re.search(KEPT[name], " ".join(found)), found


NAMED = [
    (form, each)
    for form in FORMS
    for each in named_maps(form)
    if not each.is_numbered and (form is UNI or ":both" not in each.key)
]


@pytest.mark.parametrize(
    ("form", "named"),
    [
        pytest.param(form, each, id=f"{form.short} {each.key}", marks=[] if number % 40 == 0 else [pytest.mark.long])
        for number, (form, each) in enumerate(NAMED)
    ],
)
def test_a_kernel_that_follows_a_named_map_is_said_to_follow_it_or_what_is_the_same(form: Form, named: Named) -> None:
    right = target_of(fsmn_vec)
    results = tuple(name for name in ("memory", *form.gradients) if named.may_be_about(name))
    target = imitation(right, [Reason(form, results, (named,))])
    probed = answers(target, probes(form, target.promises))
    wrong = {name for name in results if not all(each.is_right(name) for each in probed)}
    found = [each for each in reasons(target, form, probed) if each.model]
    assert {name for each in found for name in each.results} == wrong
    assert wrong, "the map is the right one"
