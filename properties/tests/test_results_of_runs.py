"""What tests record is told, and a test that could not record anything counts as a failure."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.findings.verdict import FAILS, HOLDS, Verdict
from fsmn_properties.under_pytest.results import verdicts_of

FIRST, SECOND, THIRD, FOURTH = CATALOGUE[:4]


def report(name: str, outcome: Any, longrepr: Any = None, verdict: Verdict | None = None) -> pytest.TestReport:
    nodeid = f"suite.py::test_property[{name}]"
    recorded = [] if verdict is None else [("fsmn_verdict", json.dumps(verdict.as_data()))]
    return pytest.TestReport(nodeid, ("suite.py", 1, ""), {}, outcome, longrepr, "call", user_properties=recorded)


def terminal(**reports: list[pytest.TestReport]) -> Any:
    return SimpleNamespace(getreports=lambda outcome: reports.get(outcome, []))


def test_a_statement_whose_process_died_or_that_could_not_be_asked_fails() -> None:
    held = Verdict(THIRD.name, THIRD.rule, HOLDS)
    died = f"worker 'gw0' crashed while running 'suite.py::test_property[{SECOND.name}]'"
    verdicts = verdicts_of(
        terminal(
            passed=[report(THIRD.name, "passed", verdict=held)],
            failed=[report(SECOND.name, "failed", died), report("none", "failed", died)],
            error=[report(FIRST.name, "failed", "lines\nE   OSError: no disk")],
            skipped=[report(FOURTH.name, "skipped", "by a user")],
        )
    )
    assert [each.name for each in verdicts] == [FIRST.name, SECOND.name, THIRD.name]
    assert [each.outcome for each in verdicts] == [FAILS, FAILS, HOLDS]
    problems = [each.finding.problem for each in verdicts if each.finding is not None]
    assert problems == ["it could not be asked: E   OSError: no disk", "the process died during a call"]


def test_a_failure_after_the_verdict_does_not_replace_it() -> None:
    held = Verdict(FIRST.name, FIRST.rule, HOLDS)
    found = verdicts_of(
        terminal(passed=[report(FIRST.name, "passed", verdict=held)], error=[report(FIRST.name, "failed", "x")])
    )
    assert found == [held]
