"""How fast the suite itself is: cases a second of each statement, and seconds until a planted bug is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from pytest_benchmark.fixture import BenchmarkFixture

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.runs.verify import first_failure
from fsmn_properties.targets.loading import load
from planted_bugs.bank import BANK
from planted_bugs.targets import target_of_bug

EXAMPLES, ROUNDS, SAMPLE = 50, 3, 10


@pytest.fixture(autouse=True)
def _deterministic() -> Iterator[None]:
    before = settings.get_current_profile_name()
    settings.load_profile("ci")
    yield
    settings.load_profile(before)


@pytest.mark.parametrize("each", CATALOGUE, ids=lambda each: each.name)
def test_cases_a_second(each: Statement, benchmark: BenchmarkFixture) -> None:
    timed: Any = benchmark.pedantic
    verdict = timed(run, (each, load("fsmn_vec"), Plan(examples=EXAMPLES)), rounds=ROUNDS)
    stats: Any = benchmark.stats
    benchmark.extra_info["cases_per_second"] = verdict.cases / stats.stats.median
    assert not verdict.fails


@pytest.mark.parametrize("name", [bug.name for bug in BANK[::SAMPLE]])
def test_seconds_to_the_first_failure(name: str, benchmark: BenchmarkFixture) -> None:
    timed: Any = benchmark.pedantic
    verdict = timed(first_failure, (target_of_bug(name),), rounds=1)
    assert verdict is not None
    benchmark.extra_info["caught_by"] = verdict.name
