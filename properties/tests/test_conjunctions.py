"""Conjunctions: all pairs of features that are possible, and sizes over the whole range."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import combinations, product
from random import Random
from typing import Any

import numpy as np
import pytest

from fsmn_properties.cases.conjunctions import (
    CHANNELS,
    FRAMES,
    HISTORY,
    VALUES,
    Extent,
    conjunction,
    features_of,
    size_between,
)
from fsmn_properties.cases.covering import Covering
from fsmn_properties.cases.position_families import FAMILIES
from fsmn_properties.cases.positions import look_ahead, look_back
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.conjunctions import CONJUNCTIONS
from fsmn_properties.contract.forms import FORMS, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import covered

EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
DRAWN = list({each.source.name: each.source for each in CATALOGUE if each.source.draw is not None}.values())


def chooser(seed: int) -> Callable[..., Any]:
    rng = np.random.default_rng(seed)
    return lambda options, name="": options[int(rng.integers(len(options)))]  # noqa: ARG005


def pairs(features: Mapping[str, str]) -> list[Any]:
    return list(combinations(sorted(features.items()), 2))


@pytest.mark.parametrize("promised", [{}, {"formats": ("float32",), "channels": (1, 64), "strides": "equal"}], ids=str)
@EACH_FORM
def test_every_pair_of_features_that_occurs_at_random_is_covered(form: Form, promised: dict[str, Any]) -> None:
    promises, pick = Promises(**promised), chooser(99)
    seen: Counter[Any] = Counter()
    for _ in range(2500):
        seen.update(pairs(features_of(conjunction(pick, form, promises), form)))
    found = covered(CONJUNCTIONS, form, promises, "0")
    assert len(list(found.rows())) < 1200
    assert len(list(found.rows(2000))) == 2000
    # What occurs less than once in a hundred times may be taken for impossible, if that is little.
    assert sorted(pair for pair, times in seen.items() if times > 25 and not found.covers(*pair)) == []
    assert sum(not found.covers(*pair) for pair in seen) < len(seen) / 50


def test_a_covering_has_every_pair_that_is_possible_and_then_as_many_rows_as_are_asked_for() -> None:
    levels = {"a": ("0", "1", "2"), "b": ("0", "1", "2"), "c": ("0", "1")}

    def row(rng: Random, wanted: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        found = {name: wanted.get(name, rng.choice(options)) for name, options in levels.items()}
        if found["a"] == "2":
            found["b"] = "0"
        return "".join(found.values()), found

    found = Covering(row, 1)
    rows = list(found.rows())
    possible = {(a, b) for a in levels["a"] for b in levels["b"] if a != "2" or b == "0"}
    assert {(text[0], text[1]) for text in rows} == possible
    assert {(text[0], text[2]) for text in rows} == {(a, c) for a in levels["a"] for c in levels["c"]}
    assert {(text[1], text[2]) for text in rows} == {(b, c) for b in levels["b"] for c in levels["c"]}
    assert found.occurring(2, len(rows)) == len(possible) + 6 + 6
    assert found.occurring(3, len(rows)) == len({*rows})
    assert found.occurring(2, 1) == 3
    assert list(found.rows(500))[: len(rows)] == rows
    assert len(list(found.rows(500))) == 500


@pytest.mark.parametrize(("least", "most"), [(0, 0), (1, 1), (3, 9), (0, 60), (9, 32)])
def test_every_size_of_a_small_range_is_drawn_and_no_other(least: int, most: int) -> None:
    pick = chooser(3)
    assert {size_between(pick, least, most) for _ in range(3000)} == {*range(least, most + 1)}


@pytest.mark.parametrize(("least", "most"), [*list(FRAMES.values())[3:], CHANNELS["to 600"], (100, 400_000)])
def test_no_size_of_a_large_range_is_left_out(least: int, most: int) -> None:
    coarse = range(256)
    sizes = {size_between(scripted(False, place, fine), least, most) for place in coarse for fine in range(256)}
    everything = {*range(least, most + 1)}
    if most <= 4200:
        assert everything - sizes == set()
    # Of the largest ranges not every size can be drawn, but some of every small part.
    assert max(np.diff([least - 1, *sorted(sizes), most + 1])) <= 1 + (most - least) // 60_000
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
    recipes = [recipe for recipe, _ in covered(CONJUNCTIONS, form, Promises(), "0").rows()]
    features = [features_of(recipe, form) for recipe in recipes]
    assert {each["values"] for each in features} == {*VALUES}
    assert {event for recipe in recipes for event in recipe.history} == {*HISTORY}
    assert {each["frames"] for each in features} == {*FRAMES}
    assert max(recipe.frames for recipe in recipes) > 50_000
    assert max(sum(recipe.taps) for recipe in recipes) > 200
    assert max(recipe.channels for recipe in recipes) >= 500


@EACH_FORM
def test_a_larger_extent_makes_larger_cases_with_more_events(form: Form) -> None:
    pick, more = chooser(5), Extent(1 << 22, 1 << 21, 300_000, 2000, 500, 6, FAMILIES)
    recipes = [conjunction(pick, form, Promises(), more) for _ in range(300)]
    assert max(recipe.frames for recipe in recipes) > 70_000
    assert max(recipe.channels for recipe in recipes) > 600
    assert max(max(recipe.taps) for recipe in recipes) > 260
    assert {len(recipe.history) for recipe in recipes} == {6}
    assert {kind for recipe in recipes for kind, _ in recipe.positions} == {*FAMILIES}


@pytest.mark.parametrize("kind", FAMILIES)
def test_every_family_of_positions_stays_within_the_domain(kind: str) -> None:
    for frames, number in product((0, 1, 2, 9, 300), range(20)):
        rows = np.arange(frames)
        back, ahead = (make(kind, number, frames, 5) for make in (look_back, look_ahead))
        assert ((back >= 0) & (back <= rows)).all()
        assert ((ahead >= 0) & (ahead <= rows[::-1])).all()
