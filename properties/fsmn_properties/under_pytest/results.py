"""What the tests of a run recorded, and what became of those that could not record anything."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.checks.trial import clipped
from fsmn_properties.findings.account import Beyond
from fsmn_properties.findings.verdict import FAILS, Finding, Verdict


def verdicts_of(terminalreporter: pytest.TerminalReporter) -> list[Verdict]:
    """Return the verdicts in the order of the catalogue.

    A statement that has none, since its process died or its test raised, fails: it was asked, and does not hold.
    """
    order = {each.name: place for place, each in enumerate(CATALOGUE)}
    found = {}
    for report in reports_of(terminalreporter):
        recorded = [str(value) for key, value in report.user_properties if key == "fsmn_verdict"]
        name = report.nodeid.partition("::test_property[")[2].rstrip("]")
        if recorded:
            verdict = Verdict.of_data(json.loads(recorded[0]))
            found[verdict.name] = verdict
        elif report.failed and name in order:
            found.setdefault(name, _without(name, report))
    return sorted(found.values(), key=lambda verdict: order[verdict.name])


def _without(name: str, report: pytest.TestReport) -> Verdict:
    (statement,) = (each for each in CATALOGUE if each.name == name)
    told = str(report.longrepr).strip()
    problem = "the process died during a call"
    if not told.startswith("worker "):  # what pytest-xdist says of a process that died
        problem = f"it could not be asked: {clipped(told.splitlines()[-1] if told else report.when)}"
    return Verdict(name, statement.rule, FAILS, finding=Finding(name, statement.says, statement.rule, problem))


def beyond_of(terminalreporter: pytest.TerminalReporter) -> list[Beyond]:
    """Return what was tried beyond the promise."""
    return [
        Beyond(**each)
        for report in reports_of(terminalreporter)
        for key, value in report.user_properties
        if key == "fsmn_beyond"
        for each in json.loads(str(value))
    ]


def reports_of(terminalreporter: pytest.TerminalReporter) -> Iterator[pytest.TestReport]:
    """Yield the reports of all tests."""
    for outcome in ("passed", "failed", "error", "skipped", "xfailed"):
        for report in terminalreporter.getreports(outcome):
            if isinstance(report, pytest.TestReport):
                yield report
