"""Verification as a call, and as parameters of somebody else's test."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest

import fsmn_ref
import fsmn_vec
from fsmn_properties import parametrize_with_properties, show, verify
from fsmn_properties.cases.recipe import made
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.checks.trial import Violation
from fsmn_properties.contract.forms import FUNCTIONS
from fsmn_properties.contract.promises import PromiseError, Promises
from fsmn_properties.findings.verdict import EXPECTED, FAILS, GAVE_UP, HOLDS, NOT_PROMISED, Verdict
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.runs.verify import first_failure
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import CannotLoadError, target_of

FORWARD = "uni_forward_equals_the_reference"
BY_NAME = {each.name: each for each in CATALOGUE}


def called(*parts: str) -> list[Statement]:
    return [each for each in CATALOGUE if any(part in each.name for part in parts)]


def outcomes(verdicts: Iterable[Verdict]) -> dict[str, str]:
    return {each.name: each.outcome for each in verdicts}


def test_a_report_says_what_fails_and_how_to_get_hold_of_it(port: Path) -> None:
    report = verify(load(str(port)), called(FORWARD, "bi_notebook_tables"), seed=1)
    assert not report.ok
    assert [verdict.name for verdict in report.failures] == [FORWARD]
    assert "2 statements: 1 holds, 1 fails" in str(report)
    assert "runpy.run_path" in str(report)


def test_the_verdict_of_a_failure_survives_the_way_to_another_process(port: Path) -> None:
    (verdict,) = verify(load(str(port)), called(FORWARD), seed=1).failures
    again = Verdict.of_data(verdict.as_data())
    assert again == verdict
    assert again.finding is not None


@pytest.mark.parametrize("instance", [False, True])
def test_anything_with_the_functions_can_be_verified(instance: bool) -> None:
    kernels = type("Kernels", (), {name: staticmethod(getattr(fsmn_ref, name)) for name in FUNCTIONS})
    assert verify(kernels() if instance else kernels, called("notebook")).ok


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_object_with_one_function_is_asked_about_that_alone(name: str) -> None:
    report = verify(
        SimpleNamespace(**{name: getattr(fsmn_ref, name)}), called("equals_the_reference", "notebook_tables")
    )
    form, kind = name.partition("_")[0].replace("compact", "uni"), name.rpartition("_")[2]
    assert {name for name, outcome in outcomes(report.verdicts).items() if outcome == HOLDS} == {
        f"{form}_{kind}_equals_the_reference",
        f"{form}_notebook_tables",
    }
    assert report.ok
    assert "not promised" in str(report)


def test_what_can_not_be_verified_is_refused_before_anything_is_asked() -> None:
    with pytest.raises(CannotLoadError):
        verify(object())
    with pytest.raises(PromiseError, match="strides must be one of"):
        verify(fsmn_ref, promises={"strides": 2})
    with pytest.raises(ValueError, match="misspelled"):
        verify(fsmn_ref, expected_failures={"misspelled": "?"})


def test_an_expected_failure_is_none_and_one_that_holds_after_all_is_one(port: Path) -> None:
    few, reasons = called("forward_equals"), {FORWARD: "taps of Kaldi"}
    report = verify(load(str(port)), few, expected_failures=reasons, seed=1)
    assert report.ok
    assert outcomes(report.verdicts) == {FORWARD: EXPECTED, "bi_forward_equals_the_reference": HOLDS}
    assert report.verdicts[0].why == "taps of Kaldi"
    (failure,) = verify(fsmn_ref, few, expected_failures=reasons, seed=1).failures
    assert failure.finding is not None
    assert "taps of Kaldi" in failure.finding.problem


def test_what_is_not_promised_is_not_asked_and_told_with_the_promise() -> None:
    report = verify(fsmn_vec, called("layout", "lists"), promises={"lists": False, "layouts": "contiguous"})
    assert set(outcomes(report.verdicts).values()) == {NOT_PROMISED}
    assert {verdict.why for verdict in report.verdicts} == {"lists=False", "layouts='contiguous'"}
    assert "not asked (lists=False): uni_lists_are_arrays, bi_lists_are_arrays" in str(report)


def test_a_statement_of_which_no_case_is_promised_is_not_promised() -> None:
    (verdict,) = verify(fsmn_vec, called("bi_production"), promises={"channels": (3, 3)}).verdicts
    assert (verdict.outcome, verdict.cases) == (NOT_PROMISED, 0)


def test_what_is_not_reached_in_time_is_given_up_and_no_failure() -> None:
    report = verify(fsmn_vec, called("notebook"), most_seconds=1e-9)
    assert set(outcomes(report.verdicts).values()) == {GAVE_UP}
    assert report.ok


def test_a_promise_of_seconds_per_call_is_asked(tmp_path: Path) -> None:
    slow = "import time\nfrom fsmn_ref import *\n"
    slow += "def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):\n"
    (tmp_path / "slow.py").write_text(f"{slow}    time.sleep(0.05)\n    return hidden\n", encoding="utf-8")
    few = called("uni_calls_take_no_longer")
    (failure,) = verify(load(str(tmp_path / "slow.py")), few, promises={"seconds_per_call": 0.01}).failures
    assert failure.finding is not None
    assert failure.finding.problem.startswith("compact_vfsmn_memory_forward took 0.05")
    assert "repeat=5)) <= 0.01" in failure.finding.script
    assert verify(load(str(tmp_path / "slow.py")), few, promises={"seconds_per_call": 9}).ok


def recorded(seed: int | None, examples: int = 30) -> list[Any]:
    calls: list[Any] = []

    def forward(hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
        calls.append((hidden.tolist(), len(filter), list(position), stride))
        return fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, position, stride=stride)

    target = target_of(SimpleNamespace(compact_vfsmn_memory_forward=forward))
    assert run(BY_NAME[FORWARD], target, Plan(seed=seed, examples=examples)).cases == len(calls)
    assert len(calls) > examples / 2
    return calls


def test_a_seed_decides_what_is_drawn() -> None:
    assert recorded(1) == recorded(1) != recorded(2)
    before = hypothesis.settings.get_current_profile_name()
    try:
        hypothesis.settings.load_profile("ci")
        assert recorded(None) == recorded(None)
        hypothesis.settings.load_profile("dev")
        assert recorded(None) != recorded(None)
    finally:
        hypothesis.settings.load_profile(before)


def test_a_failure_is_replayed_from_the_database_of_the_profile(port: Path) -> None:
    database = hypothesis.database.InMemoryExampleDatabase()
    hypothesis.settings.register_profile("replays", parent=hypothesis.settings(max_examples=30), database=database)
    before = hypothesis.settings.get_current_profile_name()
    hypothesis.settings.load_profile("replays")
    try:
        assert run(BY_NAME[FORWARD], load(str(port)), Plan()).fails
        again = run(BY_NAME[FORWARD], load(str(port)), Plan())
        assert (again.fails, again.cases) == (True, 0)  # the first case of all
        assert run(BY_NAME[FORWARD], target_of(fsmn_ref), Plan()).outcome == HOLDS
        entries = [len(values) for values in database.data.values()]
        assert sum(entries) == 0  # what holds by now is forgotten
    finally:
        hypothesis.settings.load_profile(before)


def marked(decorator: pytest.MarkDecorator) -> dict[str, Any]:
    return {parameter.id: parameter for parameter in decorator.args[1]}


def test_a_decorator_makes_one_test_of_each_statement() -> None:
    parameters = marked(parametrize_with_properties(fsmn_ref))
    assert list(parameters) == list(BY_NAME)
    parameters["uni_notebook_tables"].values[0]()


def test_a_decorated_test_fails_with_the_counterexample_and_skips_what_is_not_promised(port: Path) -> None:
    parameters = marked(parametrize_with_properties(load(str(port)), promises={"nonfinite": False}))
    with pytest.raises(pytest.fail.Exception, match=r"memory\[1, 0\] is 4.0, should be 3.0"):
        parameters[FORWARD].values[0]()
    with pytest.raises(pytest.skip.Exception, match=r"not promised: nonfinite=False"):
        parameters["uni_nonfinite_values_reach_what_sums_them_and_nothing_else"].values[0]()


def test_an_expected_failure_of_a_decorated_test_is_marked_with_its_reason_and_strict() -> None:
    reasons = {"uni_notebook_tables": "the port is unidirectional"}
    parameters = marked(parametrize_with_properties(fsmn_ref, expected_failures=reasons))
    (mark,) = parameters["uni_notebook_tables"].marks
    assert (mark.name, mark.kwargs) == ("xfail", {"reason": "the port is unidirectional", "strict": True})
    assert not parameters["bi_notebook_tables"].marks
    with pytest.raises(ValueError, match="misspelled"):
        parametrize_with_properties(fsmn_ref, expected_failures={"misspelled": "?"})


def test_the_first_failure_is_that_of_the_first_statement_that_fails(port: Path) -> None:
    first = first_failure(load(str(port)), called(FORWARD, "uni_notebook"), seed=0)
    assert first is not None
    assert (first.name, first.outcome) == (FORWARD, FAILS)
    assert first_failure(fsmn_ref, called("notebook"), seed=0) is None


@pytest.mark.parametrize(
    "each", [each for each in CATALOGUE if "conjunction" not in each.name], ids=lambda each: each.name
)
def test_a_first_look_tries_a_few_cases_and_claims_no_more(each: Statement) -> None:
    verdict = run(each, target_of(fsmn_vec), Plan(seed=0, first_look=True))
    if verdict.outcome == NOT_PROMISED:
        assert verdict.why == "seconds_per_call=None"
        return
    assert (verdict.outcome, verdict.note) == (HOLDS, "")
    listed = each.source.listed
    tried = each.few * each.effort if listed is None else len([*islice(listed(each.form, Promises()), each.few)])
    # Of one case, the domain table makes many.
    assert verdict.cases > 10 * tried if "domain" in each.name else verdict.cases == tried


def test_show_raises_if_the_statement_does_not_hold_of_the_case(port: Path) -> None:
    case = made(form="uni", frames=2, channels=1, taps=(2,))
    show(fsmn_ref, FORWARD, case)
    with pytest.raises(Violation, match=r"memory\[1, 0\] is 4.0, should be 3.0"):
        show(load(str(port)), FORWARD, case)
