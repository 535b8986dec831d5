"""Conjunctions: all possible pairs of features, sizes over the whole range, and what fails shrinks to what can be read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis.database import InMemoryExampleDatabase

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.conjunctions import (
    CHANNELS,
    FRAMES,
    HISTORY,
    VALUES,
    conjunction,
    features_of,
    levels_of,
    size_between,
)
from fsmn_properties.cases.covering import covering
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.conjunctions import CONJUNCTIONS
from fsmn_properties.catalogue.sources import WHOLE
from fsmn_properties.catalogue.statement import Source
from fsmn_properties.contract.forms import BI, FORMS, UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs import drawing
from fsmn_properties.runs.drawing import Drawn, cases_of, covered, forget, replayed, save, saved, shrink

EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
DRAWN = list({each.source.name: each.source for each in CATALOGUE if each.source.draw is not None}.values())


def chooser(seed: int) -> Callable[..., Any]:
    rng = np.random.default_rng(seed)
    return lambda options, name="": options[int(rng.integers(len(options)))]  # noqa: ARG005


def pairs(features: Mapping[str, str], levels: Mapping[str, tuple[str, ...]]) -> set[Any]:
    return set(combinations(sorted((name, level) for name, level in features.items() if name in levels), 2))


@EACH_FORM
def test_every_pair_of_features_that_occurs_at_random_is_covered(form: Form) -> None:
    levels, pick = levels_of(form), chooser(99)
    seen: set[Any] = set()
    for _ in range(3000):
        features = features_of(conjunction(pick, form, Promises()), form)
        assert {name: features[name] for name in levels if features[name] not in levels[name]} == {}
        seen |= pairs(features, levels)
    assert sorted(seen - covered(CONJUNCTIONS, form, Promises(), "0").pairs) == []
    # Hardly any pair of levels is impossible: what is seen is nearly all that there are.
    every = sum(len(levels[one]) * len(levels[other]) for one, other in combinations(levels, 2))
    assert every * 0.9 < len(seen) < every


def test_a_covering_has_every_pair_that_is_possible_and_counts_the_others() -> None:
    levels = {"a": ("0", "1", "2"), "b": ("0", "1", "2"), "c": ("0", "1")}

    def row(rng: np.random.Generator, wanted: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        found = {name: wanted.get(name, str(rng.choice(options))) for name, options in levels.items()}
        if found["a"] == "2":
            found["b"] = "0"
        return "".join(found.values()), found

    rows = covering(row, levels, 1)
    possible = {(a, b) for a in levels["a"] for b in levels["b"] if a != "2" or b == "0"}
    assert {(text[0], text[1]) for text in rows.rows} == possible
    assert {(text[0], text[2]) for text in rows.rows} == {(a, c) for a in levels["a"] for c in levels["c"]}
    assert {(text[1], text[2]) for text in rows.rows} == {(b, c) for b in levels["b"] for c in levels["c"]}
    assert rows.impossible == 2
    assert len(rows.pairs) == len(possible) + 6 + 6
    assert rows.triples == {tuple(zip("abc", text, strict=True)) for text in rows.rows}


@pytest.mark.parametrize(("least", "most"), [(0, 0), (1, 1), (3, 9), (0, 60), (9, 32)])
def test_every_size_of_a_small_range_is_drawn_and_no_other(least: int, most: int) -> None:
    pick = chooser(3)
    assert {size_between(pick, least, most) for _ in range(3000)} == {*range(least, most + 1)}


@pytest.mark.parametrize(("least", "most"), [*list(FRAMES.values())[3:], CHANNELS["to 600"], (100, 400_000)])
def test_no_size_of_a_large_range_is_left_out(least: int, most: int) -> None:
    coarse = range(256)
    sizes = {
        size_between(scripted(False, place, fine), least, most)
        for place in coarse
        for fine in range(2 + (most - least) // 256)
    }
    everything = {*range(least, most + 1)}
    if most <= 4200:
        assert everything - sizes == set()
    # Of the largest ranges not every size can be drawn, but some of every small part.
    assert max(np.diff([least - 1, *sorted(sizes), most + 1])) <= 1 + (most - least) // 4000
    assert sizes <= everything


def scripted(*picks: int) -> Callable[..., Any]:
    """Return a chooser that picks these options, as far as there are so many."""
    left = [*picks]
    return lambda options, name="": options[min(left.pop(0), len(options) - 1)]  # noqa: ARG005


@pytest.mark.parametrize(("least", "most"), [*list(FRAMES.values())[3:], (100, 400_000)])
def test_sizes_around_powers_of_two_are_drawn_more_often_than_others(least: int, most: int) -> None:
    pick = chooser(4)
    sizes = [size_between(pick, least, most) for _ in range(4000)]
    assert {*sizes} <= {*range(least, most + 1)}
    for power in (1 << e for e in range(17)):
        assert {power - 1, power, power + 1} & {*range(least, most + 1)} <= {*sizes}


@EACH_FORM
def test_conjunctions_are_of_every_size_value_and_history(form: Form) -> None:
    recipes = [recipe for recipe, _ in covered(CONJUNCTIONS, form, Promises(), "0").rows]
    features = [features_of(recipe, form) for recipe in recipes]
    assert {each["values"] for each in features} == {*VALUES}
    assert {event for recipe in recipes for event in recipe.history} == {*HISTORY}
    assert {each["frames"] for each in features} == {*FRAMES}
    assert max(recipe.frames for recipe in recipes) > 50_000
    assert max(sum(recipe.taps) for recipe in recipes) > 200
    assert max(recipe.channels for recipe in recipes) > 500


@pytest.mark.parametrize("source", DRAWN, ids=lambda source: source.name)
@EACH_FORM
def test_the_picks_of_a_case_make_it_again(form: Form, source: Source) -> None:
    rows = [*cases_of(source, form, Promises(), 12, "picks")][:12]
    for case, picks in rows:
        assert picks is not None
        again = replayed(source, form, Promises(), picks)
        assert again is not None
        assert str(again) == str(case)
        assert (again.layouts, again.history) == (case.layouts, case.history)
        assert replayed(source, form, Promises(), picks[: len(picks) // 2]) is None


def smallest(source: Source, form: Form, drawn: Drawn, fails: Callable[[Case], bool]) -> Case:
    """Return the last case that failed while Hypothesis shrank."""
    found = [drawn.case]

    def check(again: Drawn) -> None:
        if fails(again.case):
            found.append(again.case)
            raise AssertionError

    assert drawn.picks is not None
    with pytest.raises(AssertionError):
        shrink(source, form, Promises(), drawn.picks, check)
    return found[-1]


@EACH_FORM
def test_what_fails_for_a_large_conjunction_shrinks_to_plain_arrays_of_few_numbers(form: Form) -> None:
    def fails(case: Case) -> bool:
        return case.frames >= 20 and case.channels >= 3 and case.taps[0] >= 2

    rows = cases_of(CONJUNCTIONS, form, Promises(), 0, "1")
    large = [each for each in rows if fails(each.case) and each.case.frames > 100 and each.case.is_large]
    for drawn in large[:4]:
        case = smallest(CONJUNCTIONS, form, drawn, fails)
        assert case.frames <= 65, case.outline()
        assert (case.channels, case.taps) == (3, (2, 1)[: len(form.positions)])
        assert set(case.strides.values()) == {1}
        assert not any(case.layouts.values())
        assert {case[name].dtype.name for name in (*form.matrices, *form.positions)} == {"float64", "int64"}


@EACH_FORM
def test_what_fails_for_a_small_case_shrinks_to_the_least_that_fails(form: Form) -> None:
    rows = cases_of(WHOLE, form, Promises(), 100, "1")
    drawn = next(each for each in rows if each.case.frames > 7 and each.case.channels > 2 and max(each.case.taps) > 4)
    case = smallest(WHOLE, form, drawn, lambda case: case.frames >= 3 and case.channels >= 2 and case.taps[0] >= 2)
    assert (case.frames, case.channels, case.taps[0]) == (3, 2, 2)
    assert case["hidden"].tolist() == [[1, 2], [3, 4], [5, 6]]


def texts(seed: str, source: Source = WHOLE) -> list[str]:
    drawing._drawn.cache_clear()
    drawing.covered.cache_clear()
    return [str(each.case) for each in cases_of(source, BI, Promises(), 20, seed)][:40]


@pytest.mark.parametrize("source", [WHOLE, CONJUNCTIONS], ids=lambda source: source.name)
def test_the_same_seed_draws_the_same_cases_and_another_seed_others(source: Source) -> None:
    assert texts("1", source) == texts("1", source)
    assert len({*texts("1", source)} & {*texts("2", source)}) < 5


PRINTED = """
from fsmn_properties.catalogue.{module} import {name} as source
from fsmn_properties.contract.forms import UNI
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import cases_of
for each in cases_of(source, UNI, Promises(), 20, "1"):
    print(each.picks)
"""


@pytest.mark.parametrize(("module", "name"), [("sources", "WHOLE"), ("conjunctions", "CONJUNCTIONS")])
def test_the_same_seed_draws_the_same_cases_in_every_process(module: str, name: str) -> None:
    script = PRINTED.format(module=module, name=name)
    printed = [
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert printed[0].count("\n") >= 20
    assert printed[0] == printed[1]


def test_a_database_keeps_the_picks_of_a_statement_until_they_are_forgotten() -> None:
    database = InMemoryExampleDatabase()
    save(database, "uni_one", (3, 0, 255))
    save(database, "uni_one", (7,))
    assert sorted(saved(database, "uni_one")) == [(3, 0, 255), (7,)]
    assert saved(database, "uni_other") == []
    forget(database, "uni_one", (7,))
    assert saved(database, "uni_one") == [(3, 0, 255)]
    assert saved(None, "uni_one") == []
    assert replayed(WHOLE, UNI, Promises(), (10**6,)) is None
