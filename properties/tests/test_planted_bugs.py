"""Every planted bug is caught, nobody innocent is accused, and the bank is what it says it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

import planted_bugs
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.runs.verify import first_failure
from planted_bugs.bank import BANK, called
from planted_bugs.bug import Bug, Change, ChangeDoesNotFitError
from planted_bugs.correct import CORRECT
from planted_bugs.kernels import rows
from planted_bugs.matrix import family, may_fail
from planted_bugs.targets import target_of_bug, target_of_correct

KNOWN_BUGS = Path(planted_bugs.__file__).with_name("known_bugs.md").read_text(encoding="utf-8")
KNOWN_ROWS = {int(number) for number in re.findall(r"^\| (\d+) \|", KNOWN_BUGS, re.MULTILINE)}


@pytest.fixture(autouse=True)
def _deterministic() -> Iterator[None]:
    before = settings.get_current_profile_name()
    settings.load_profile("ci")
    yield
    settings.load_profile(before)


# In every run of the tests; all others take long, and are caught in `tox -e bugs`.
SAMPLE = {
    "dffilter_one_row_late",
    "first_row_speaks_for_its_block",
    "halo_left_behind_by_the_other_form",
    "index_error_for_a_position",
    "integers_truncate",
    "long_positions_saturated_in_place",
}
BUGS = [pytest.param(bug.name, id=bug.name, marks=[] if bug.name in SAMPLE else [pytest.mark.long]) for bug in BANK]


def test_the_sample_is_of_the_bank() -> None:
    assert {bug.name for bug in BANK} >= SAMPLE


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught(name: str) -> None:
    assert first_failure(target_of_bug(name)) is not None, called(name).what


LESS: list[dict[str, Any]] = [
    {},
    {"formats": ("float32",), "layouts": "contiguous", "lists": False, "channels_multiple_of": 4, "empty": False},
    {"positions": "utterances", "strides": "equal", "short": False, "nonfinite": False, "refusals": "types"},
    {"positions": "whole", "strides": "one", "functions": ("compact_vfsmn_memory_forward",), "refusals": "none"},
    {"gradients": ("hidden",), "results": "any", "position_types": ("int32",), "taps": (2, 9), "ahead": (1, 4)},
]


@pytest.mark.parametrize("promises", LESS, ids=str)
@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_implementation_is_not_accused_whatever_it_promises(name: str, promises: dict[str, Any]) -> None:
    target = target_of_correct(name).promising(promises)
    small = [each for each in CATALOGUE if each.source.draw is not None and not each.source.covers]
    verdicts = [run(each, target, Plan(seed=0, examples=3)) for each in small]
    assert [verdict.finding for verdict in verdicts if verdict.fails] == []
    assert any(verdict.outcome == "holds" for verdict in verdicts)


@pytest.mark.long
@pytest.mark.parametrize("promises", LESS, ids=str)
@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_implementation_is_not_accused_at_any_size(name: str, promises: dict[str, Any]) -> None:
    target = target_of_correct(name).promising(promises)
    verdicts = [run(each, target, Plan(seed=0, examples=20, first_look=True)) for each in CATALOGUE]
    assert [verdict.finding for verdict in verdicts if verdict.fails] == []


def test_bugs_have_names_of_their_own_and_say_what_is_wrong() -> None:
    assert len({bug.name for bug in BANK}) == len(BANK)
    assert [bug.name for bug in BANK if not re.fullmatch(r"[a-z0-9_]+", bug.name) or not bug.what.strip()] == []
    assert {family(each.name) for each in CATALOGUE} & {bug.name for bug in BANK} == set()


def test_every_known_bug_is_planted() -> None:
    assert sorted(KNOWN_ROWS) == [*range(1, max(KNOWN_ROWS) + 1)]
    assert KNOWN_ROWS - {bug.row for bug in BANK} == set()
    assert {bug.row for bug in BANK if bug.row is not None} <= KNOWN_ROWS


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


@pytest.mark.parametrize("form", [UNI, BI], ids=lambda form: form.short)
def test_a_statement_of_a_form_that_a_bug_leaves_alone_holds(form: Form) -> None:
    bug = next(bug for bug in BANK if bug.forms == {form})
    others = [each for each in CATALOGUE if not may_fail(each.name, bug)]
    assert {each.form for each in others} == {UNI, BI} - {form}
    small = [each for each in others if each.source.draw is not None and not each.source.covers]
    target = target_of_bug(bug.name)
    crossing = "forms_agree"  # asks about both
    plan = Plan(seed=0, examples=5)
    assert [each.name for each in small if run(each, target, plan).fails and crossing not in each.name] == []


def functions(module: Any) -> set[str]:
    return {name for name in vars(module) if name.endswith(("_forward", "_backward"))}


def test_a_bug_has_the_functions_of_its_kernel() -> None:
    for bug in BANK:
        assert functions(bug.implementation()) == functions(bug.kernel)
