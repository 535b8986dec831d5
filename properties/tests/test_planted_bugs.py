"""Every planted bug is caught, nobody innocent is accused, and the bank is what it says it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.runs.verify import first_failure
from planted_bugs.bank import BANK
from planted_bugs.bug import Bug, Change, ChangeDoesNotFitError
from planted_bugs.correct import CORRECT
from planted_bugs.kept import KEPT
from planted_bugs.kernels import rows
from planted_bugs.matrix import family, may_fail

ROWS_OF_KNOWN_BUGS = 25


@pytest.fixture(autouse=True)
def _deterministic() -> Iterator[None]:
    before = settings.get_current_profile_name()
    settings.load_profile("ci")
    yield
    settings.load_profile(before)


SAMPLE = 25  # every 25th bug in every run of the tests, all of them in `tox -e bugs`
BUGS = [
    pytest.param(bug, id=bug.name, marks=[pytest.mark.long] if number % SAMPLE else [])
    for number, bug in enumerate(BANK)
]


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_is_caught(bug: Bug) -> None:
    outcome = first_failure(bug.implementation())
    assert outcome is not None, bug.what


@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_implementation_is_not_accused(name: str) -> None:
    outcomes = [each.run(CORRECT[name], examples=3) for each in CATALOGUE if each.cases is not None]
    assert [outcome.failure for outcome in outcomes if outcome.failure] == []


def test_the_bank_has_eighty_bugs_or_more_with_names_of_their_own() -> None:
    assert len({bug.name for bug in BANK}) == len(BANK) >= 80


def test_every_row_of_known_bugs_is_planted() -> None:
    assert {bug.row for bug in BANK} >= set(range(1, ROWS_OF_KNOWN_BUGS + 1))


def test_six_correct_implementations_or_more_differ_from_the_kernels() -> None:
    assert len(CORRECT) >= 6


def test_reasons_are_given_for_properties_that_exist() -> None:
    assert set(KEPT) <= {family(each.name) for each in CATALOGUE}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (Change("no such text", ""), "occurs 0 times"),
        (Change("for", ""), "occurs .* times in the kernel, not 1"),
        (Change("for", "", "no_such_function"), "there is no function no_such_function"),
    ],
)
def test_a_change_that_does_not_fit_its_kernel_is_refused(change: Change, message: str) -> None:
    with pytest.raises(ChangeDoesNotFitError, match=message):
        Bug("name", "what", rows, (change,)).implementation()


def test_each_use_of_a_bug_begins_afresh() -> None:
    one, two = (BANK[0].implementation() for _ in range(2))
    assert one is not two
    assert vars(one).keys() == vars(two).keys()


@pytest.mark.parametrize(
    ("changes", "forms"),
    [
        ((Change("memory", "", UNI.forward),), {UNI}),
        ((Change("memory", "", BI.forward), Change("dhidden", "", BI.backward)), {BI}),
        ((Change("memory", "", UNI.forward), Change("memory", "", BI.forward)), {UNI, BI}),
        ((Change("rows", "", "_a_function_of_both"),), {UNI, BI}),
        ((Change("import", ""),), {UNI, BI}),
    ],
)
def test_a_bug_concerns_the_forms_whose_functions_it_changes(changes: tuple[Change, ...], forms: set[Form]) -> None:
    assert Bug("name", "what", rows, changes).forms == forms


def test_a_property_of_a_form_that_a_bug_leaves_alone_holds() -> None:
    one_form = next(bug for bug in BANK if len(bug.forms) == 1)
    others = [each for each in CATALOGUE if not may_fail(each.name, one_form)]
    assert len(others) > len(CATALOGUE) / 3
    assert not any(each.run(one_form.implementation(), examples=3).failure for each in others if each.cases is not None)


def functions(module: Any) -> set[str]:
    return {name for name in vars(module) if name.endswith(("_forward", "_backward"))}


def test_a_bug_has_the_functions_of_its_kernel() -> None:
    for bug in BANK:
        assert functions(bug.implementation()) == functions(bug.kernel)
