"""Within promises: every case that is asked lies within them, drawn ones without throwing any away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import islice
from typing import Any

import numpy as np
import pytest

import fsmn_vec
from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.within import outside, utterances
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Source
from fsmn_properties.contract.forms import FORMS, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import cases_of
from fsmn_properties.targets.target import target_of

PROMISES: list[dict[str, Any]] = [
    {"formats": ("float32",), "mixed": False},
    {"formats": ("float16", "float32")},
    {"formats": ("longdouble", "int8")},
    {"mixed": False},
    {"positions": "utterances"},
    {"positions": "whole"},
    {"position_types": ("int32",)},
    {"position_types": ("uint8", "int8")},
    {"strides": "equal"},
    {"strides": "one"},
    {"most_stride": 2},
    {"empty": False},
    {"frames": (0, 3)},
    {"frames": (100, 300)},
    {"channels": (1, 1)},
    {"channels": (16, 64)},
    {"taps": (0, 0)},
    {"taps": (20, 20)},
    {"ahead": (0, 0)},
    {"ahead": (5, 9)},
    {"short": False},
    {"short": False, "positions": "utterances", "strides": "equal"},
    {"channels_multiple_of": 16},
    {"nonfinite": False},
    {"subnormals": False, "formats": ("float64", "float32")},
    {"lists": False},
    {"layouts": "contiguous"},
    {"most_shapes": 3},
    # What is deployed: a CUDA kernel, a convolution, a block of a keyword spotter.
    {"formats": ("float32",), "layouts": "contiguous", "lists": False, "channels_multiple_of": 4, "empty": False},
    {"positions": "whole", "strides": "one", "refusals": "none", "formats": ("float32", "float64"), "most_stride": 1},
    {
        "taps": (10, 10),
        "ahead": (1, 1),
        "channels": (128, 128),
        "positions": "utterances",
        "position_types": ("int64",),
    },
]
EACH_PROMISE = pytest.mark.parametrize("promised", PROMISES, ids=str)


def sources(form: Form, promises: Promises) -> list[Source]:
    """Return the sources that some statement asks about within the promises."""
    target = target_of(fsmn_vec, promises)
    asked = [each for each in CATALOGUE if each.form is form and not each.not_promised(target)]
    return list({each.source.name: each.source for each in asked}.values())


def drawn(source: Source, form: Form, promises: Promises, count: int) -> Iterator[Case]:
    """Yield what is drawn at random, before anything could be thrown away."""
    assert source.draw is not None
    rng = np.random.default_rng(7)

    def pick(options: Sequence[Any], name: str = "") -> Any:  # noqa: ARG001, the name of a feature
        return options[int(rng.integers(len(options)))]

    for _ in range(count):
        made = source.draw(pick, form, promises)
        yield made.case() if isinstance(made, Recipe) else made


@EACH_PROMISE
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
def test_all_that_is_drawn_lies_within_the_promises(form: Form, promised: dict[str, Any]) -> None:
    promises = Promises(**promised)
    left_out: Counter[tuple[str, str]] = Counter()
    for source in sources(form, promises):
        if source.draw is not None:
            # Positions that are out of range count the frames of no utterance.
            mine = promises.but(positions="any", short=True) if "bad" in source.name else promises
            for case in drawn(source, form, promises, 6 if "conjunctions" in source.name else 20):
                left_out[source.name, outside(case, mine)] += 1
    assert {name for name, _ in left_out} >= {"whole", "floats", "conjunctions"}
    assert {key: count for key, count in left_out.items() if key[1]} == {}


@EACH_PROMISE
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
def test_all_that_is_listed_lies_within_the_promises(form: Form, promised: dict[str, Any]) -> None:
    promises = Promises(**promised)
    for source in sources(form, promises):
        if source.listed is not None and source.name not in {"largest", "production", "long bad positions"}:
            cases = [each.case for each in islice(cases_of(source, form, promises, 0, ""), 12)]
            assert [why for case in cases if (why := outside(case, promises))] == []


@pytest.mark.parametrize("name", ["int8", "uint8"])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
def test_positions_fit_in_the_only_type_that_is_promised(form: Form, name: str) -> None:
    promises = Promises(position_types=(name,))
    for source in sources(form, promises):
        if "bad" not in source.name:
            cases = (
                drawn(source, form, promises, 12)
                if source.draw
                else (d.case for d in cases_of(source, form, promises, 0, ""))
            )
            for case in islice(cases, 12):
                for side, each in enumerate(case.form.positions):
                    rows = np.arange(case.frames)
                    room = rows[::-1] if side else rows
                    assert ((case[each] >= 0) & (case[each] <= room)).all(), (source.name, case.outline())


def case_of(form: str, **facts: Any) -> Case:
    sides = {"uni": 1, "bi": 2}[form]
    return Recipe(
        form, facts.pop("frames", 6), facts.pop("channels", 2), facts.pop("taps", (2, 2)[:sides]), **facts
    ).case()


UNI_CASE, BI_CASE = case_of("uni"), case_of("bi")
OUTSIDE: list[tuple[str, Any, Case]] = [
    ("formats", ("float32",), UNI_CASE),
    ("formats", ("float32",), UNI_CASE.typed("hidden", "float32").typed("dmemory", "float32")),
    ("formats", ("float32",), case_of("uni", formats=("float32",) * 3).handed(filter="a list")),
    ("mixed", False, UNI_CASE.typed("filter", "float32")),
    ("mixed", False, BI_CASE.typed("ffilter", "int8")),
    ("positions", "utterances", UNI_CASE.edited("position", (0,), 0).edited("position", (2,), 1)),
    ("positions", "utterances", BI_CASE.edited("fposition", (1,), 3)),
    ("positions", "whole", case_of("uni", positions=(("utterances of", 3),))),
    ("position_types", ("int32",), UNI_CASE),
    ("position_types", ("int64",), BI_CASE.typed("fposition", "uint8")),
    ("position_types", ("uint8",), case_of("uni", position_types=("uint8",)).handed(position="a tuple")),
    ("strides", "one", case_of("uni", strides=(2,))),
    ("strides", "equal", case_of("bi", strides=(1, 2))),
    ("most_stride", 3, case_of("bi", strides=(1, 4))),
    ("empty", False, case_of("uni", frames=0)),
    ("empty", False, case_of("bi", channels=0)),
    ("frames", (1, 5), UNI_CASE),
    ("frames", (7, None), BI_CASE),
    ("channels", (3, None), UNI_CASE),
    ("channels", (0, 1), BI_CASE),
    ("taps", (3, None), UNI_CASE),
    ("taps", (0, 1), BI_CASE),
    ("ahead", (0, 1), BI_CASE),
    ("short", False, case_of("uni", taps=(7,))),
    ("short", False, case_of("bi", taps=(1, 2), strides=(1, 4))),
    ("channels_multiple_of", 3, UNI_CASE),
    ("nonfinite", False, UNI_CASE.edited("filter", (0, 0), float("nan"))),
    ("nonfinite", False, BI_CASE.edited("dmemory", (0, 0), float("-inf"))),
    ("subnormals", False, UNI_CASE.edited("filter", (0, 0), 1e-310)),
    ("lists", False, UNI_CASE.handed(position="a list")),
    ("lists", False, BI_CASE.handed(hidden="a masked array")),
    ("layouts", "contiguous", UNI_CASE.handed(hidden="strided")),
    ("layouts", "contiguous", BI_CASE.handed(fposition="read-only")),
    ("most_shapes", 1, case_of("uni", frames=55, channels=17, taps=(16,))),
]


def test_every_promise_that_is_about_cases_leaves_some_out() -> None:
    results = {"functions", "refusals", "results", "gradients", "seconds_per_call"}
    assert {key for key, *_ in OUTSIDE} == {field.name for field in fields(Promises)} - results


@pytest.mark.parametrize(("key", "value", "case"), OUTSIDE, ids=[f"{k}={v}" for k, v, _ in OUTSIDE])
def test_a_case_outside_a_promise_is_named_by_its_key(key: str, value: Any, case: Case) -> None:
    assert outside(case, Promises()) == ""
    assert outside(case, Promises(**{key: value})) == key


@pytest.mark.parametrize(
    ("back", "ahead", "lengths"),
    [
        ([0, 1, 2, 0, 1, 0], [2, 1, 0, 1, 0, 0], [3, 2, 1]),
        ([0, 1, 2], [0, 0, 0], []),
        ([0, 0, 2], [0, 1, 0], []),
        ([1, 2, 3], [2, 1, 0], []),
        ([], [], []),
    ],
)
def test_utterances_are_those_that_positions_of_both_sides_count(back: Any, ahead: Any, lengths: list[int]) -> None:
    plain = case_of("bi", frames=len(back))
    assert utterances(plain.but(bposition=np.array(back, int), fposition=np.array(ahead, int))) == lengths
