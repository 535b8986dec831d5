"""How fast the fuzzer asks: statement-cases a second on one core, of small sizes and of all."""

from __future__ import annotations

import time
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from fsmn_properties.runs.fuzz.corpus import Corpus
from fsmn_properties.runs.fuzz.hunt import Hunt
from fsmn_properties.runs.fuzz.journal import Journal
from fsmn_properties.runs.fuzz.turns import Turns
from fsmn_properties.targets.loading import load

SECONDS, ROUNDS = 3.0, 3
SMALL = {"frames": (0, 14), "channels": (0, 4), "taps": (0, 8), "ahead": (0, 8)}


@pytest.mark.parametrize("promised", [SMALL, {}], ids=["small sizes", "all sizes"])
def test_statement_cases_a_second(promised: dict[str, Any], tmp_path: Path, benchmark: BenchmarkFixture) -> None:
    target, found = load("fsmn_vec", promised), list[Any]()
    hunt = Hunt(target, 100.0, Corpus(str(tmp_path), "fsmn_vec"), Journal(tmp_path / "journal"), found.append, "1")
    turns, rates = Turns(target, Random(0), ()), list[float]()  # noqa: S311, no secret
    turns.news, turns.costs = hunt.news, hunt.costs

    def asked() -> None:
        before, started = hunt.news.asked, time.process_time()
        while (seconds := time.process_time() - started) < SECONDS:
            turns.take(hunt.case)
        rates.append((hunt.news.asked - before) / seconds)

    timed: Any = benchmark.pedantic
    timed(asked, rounds=ROUNDS, warmup_rounds=1)
    benchmark.extra_info["statement_cases_per_cpu_second"] = sorted(rates)[len(rates) // 2]
    assert not found
