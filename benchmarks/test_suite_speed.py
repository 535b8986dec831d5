"""How fast the suite itself is: cases a second of each property, and seconds until a planted bug is seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from pytest_benchmark.fixture import BenchmarkFixture

import fsmn_vec
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.property import Property
from fsmn_properties.verify import first_failure
from planted_bugs.bank import BANK
from planted_bugs.bug import Bug

EXAMPLES, ROUNDS, SAMPLE = 50, 3, 10


@pytest.fixture(autouse=True)
def _deterministic() -> Iterator[None]:
    before = settings.get_current_profile_name()
    settings.load_profile("ci")
    yield
    settings.load_profile(before)


@pytest.mark.parametrize("prop", CATALOGUE, ids=lambda prop: prop.name)
def test_cases_a_second(prop: Property, benchmark: BenchmarkFixture) -> None:
    run: Any = benchmark.pedantic
    outcome = run(prop.run, (fsmn_vec,), {"examples": EXAMPLES}, rounds=ROUNDS)
    stats: Any = benchmark.stats
    benchmark.extra_info["cases_per_second"] = outcome.cases / stats.stats.median
    assert not outcome.failure


@pytest.mark.parametrize("bug", BANK[::SAMPLE], ids=lambda bug: bug.name)
def test_seconds_to_the_first_failure(bug: Bug, benchmark: BenchmarkFixture) -> None:
    run: Any = benchmark.pedantic
    outcome = run(first_failure, (bug.implementation(),), rounds=1)
    assert outcome is not None
    benchmark.extra_info["caught_by"] = outcome.name
