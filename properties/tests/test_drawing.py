"""Drawing: picks make a case again, what fails shrinks to what can be read, and a seed decides."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis.database import InMemoryExampleDatabase

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.conjunctions import CONJUNCTIONS
from fsmn_properties.catalogue.sources import WHOLE
from fsmn_properties.catalogue.statement import Source
from fsmn_properties.contract.forms import BI, FORMS, UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs import drawing
from fsmn_properties.runs.drawing import Drawn, cases_of, forget, replayed, save, saved, shrink

EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
DRAWN = list({each.source.name: each.source for each in CATALOGUE if each.source.draw is not None}.values())


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

    rows = cases_of(CONJUNCTIONS, form, Promises(), 0, "0")
    large = [each for each in rows if fails(each.case) and each.case.frames > 100 and each.case.is_large]
    for drawn in large[:3]:
        case = smallest(CONJUNCTIONS, form, drawn, fails)
        # Sizes shrink to the least of a level that fails.
        assert case.frames <= 128, case.outline()
        assert case.channels <= 5
        assert case.taps[0] <= 9
        assert set(case.strides.values()) == {1}
        assert not any(case.layouts.values())
        assert {case[name].dtype.name for name in form.matrices} == {"float64"}


@EACH_FORM
def test_what_fails_for_a_small_case_shrinks_to_the_least_that_fails(form: Form) -> None:
    rows = cases_of(WHOLE, form, Promises(), 100, "1")
    drawn = next(each for each in rows if each.case.frames > 7 and each.case.channels > 2 and max(each.case.taps) > 4)
    case = smallest(WHOLE, form, drawn, lambda case: case.frames >= 3 and case.channels >= 2 and case.taps[0] >= 2)
    assert (case.frames, case.channels, case.taps[0]) == (3, 2, 2)
    assert case["hidden"].tolist() == [[1, 2], [3, 4], [5, 6]]


def texts(seed: str) -> list[str]:
    drawing._drawn.cache_clear()
    return [str(each.case) for each in cases_of(WHOLE, BI, Promises(), 40, seed)]


def test_the_same_seed_draws_the_same_cases_and_another_seed_others() -> None:
    assert texts("1") == texts("1")
    assert len({*texts("1")} & {*texts("2")}) < 5


PRINTED = """
from itertools import islice
from fsmn_properties.catalogue.{module} import {name} as source
from fsmn_properties.contract.forms import UNI
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import cases_of
for seed in "12":
    print([each.picks for each in islice(cases_of(source, UNI, Promises(), 20, seed), 60)])
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
    assert printed[0] == printed[1]
    one, other = (ast.literal_eval(line) for line in printed[0].splitlines())
    assert len(one) >= 20
    assert len({*one} & {*other}) < 5


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
