"""The catalogue as tests of the target that `--impl` names: one test a statement."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.findings.account import text
from fsmn_properties.findings.verdict import EXPECTED, NOT_APPLICABLE, NOT_PROMISED
from fsmn_properties.runs.beyond import beyond_the_promise
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.runs.verify import expected
from fsmn_properties.targets.target import Target


@pytest.mark.parametrize("prop", CATALOGUE, ids=lambda prop: prop.name)
def test_property(
    prop: Statement,
    implementation: Target,
    fsmn_plan: Plan,
    fsmn_reasons: dict[str, str],
    request: pytest.FixtureRequest,
) -> None:
    """The statement holds."""
    verdict = expected(run(prop, implementation, fsmn_plan), fsmn_reasons.get(prop.name))
    fsmn_plan.statements_left -= 1
    _record(request, "fsmn_verdict", json.dumps(verdict.as_data(), default=str))
    if verdict.fails and verdict.finding is not None:
        pytest.fail("\n".join(text(verdict.finding)), pytrace=False)
    if verdict.outcome == EXPECTED:
        pytest.xfail(verdict.why)
    if verdict.outcome in {NOT_PROMISED, NOT_APPLICABLE}:
        pytest.skip(f"{verdict.outcome}: {verdict.why}")


def test_beyond_the_promise(implementation: Target, request: pytest.FixtureRequest) -> None:
    """What is not promised is tried a few times all the same."""
    found = [asdict(each) for each in beyond_the_promise(implementation)]
    _record(request, "fsmn_beyond", json.dumps(found))


def _record(request: pytest.FixtureRequest, name: str, value: str) -> None:
    # By the fixture `record_property`, a report for JUnit would be a warning, and in some projects an error.
    request.node.user_properties.append((name, value))
