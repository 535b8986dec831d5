"""Times quads: `python -m benchmarks.gate` runs this file under pytest, in a process of its own.

pytest-benchmark times the candidate; the base runs in its `setup` and `teardown`, on the same clock. Odd rounds are
base, candidate and even ones candidate, base: two rounds are a quad.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.gate.controls import CONTROLS, control
from benchmarks.gate.sides import load_side
from benchmarks.suite import quick
from benchmarks.workload import Workload

# Seconds; shorter calls are repeated. Another process takes the core for some milliseconds at a time, and the caches
# with it: where a time is shorter than that, hardly two are alike.
SHORTEST = 5e-3
WARM_UP = 3


@pytest.fixture(scope="session")
def sides(pytestconfig: pytest.Config) -> tuple[ModuleType, ModuleType]:
    """Base and candidate."""
    base, candidate = (load_side(pytestconfig.getoption(name)) for name in ("--base-root", "--candidate-root"))
    assert base is not candidate
    assert base.__file__ != candidate.__file__
    return base, candidate


def quads(benchmark: BenchmarkFixture, base: Callable[[], object], candidate: Callable[[], object], count: int) -> None:
    """Time `count` quads, and leave the base's times and both wall-clock times in the benchmark's record."""
    repeats = _repeats(base)
    base_cpu, base_wall, candidate_wall = [], [], []

    def base_once() -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        for _ in repeats:
            base()
        base_cpu.append(time.thread_time() - cpu)
        base_wall.append(time.perf_counter() - wall)

    def candidate_once() -> None:
        wall = time.perf_counter()
        for _ in repeats:
            candidate()
        candidate_wall.append(time.perf_counter() - wall)

    turn = SimpleNamespace(rounds=0)

    def before() -> None:
        turn.rounds += 1
        if turn.rounds % 2:
            base_once()

    def after() -> None:
        if turn.rounds % 2 == 0:
            base_once()

    for _ in range(WARM_UP):
        base()
        candidate()
    benchmark.pedantic(candidate_once, setup=before, teardown=after, rounds=2 * count)  # type: ignore[no-untyped-call]
    benchmark.extra_info.update(base_cpu=base_cpu, base_wall=base_wall, candidate_wall=candidate_wall)


def _repeats(function: Callable[[], object]) -> range:
    function()
    started = time.thread_time()
    function()
    return range(max(1, round(SHORTEST / (time.thread_time() - started))))


@pytest.mark.parametrize("workload", quick(), ids=str)
def test_case(
    workload: Workload, sides: tuple[Any, Any], benchmark: BenchmarkFixture, pytestconfig: pytest.Config
) -> None:
    """Time one workload on both sides, after the candidate has been checked."""
    base, candidate = sides
    workload.verify(candidate)
    try:
        on_base, on_candidate = workload.calls(base, candidate)
        on_base()
    except Exception as error:
        benchmark.extra_info["new"] = f"the base raises {type(error).__name__}: {error}"
        benchmark.pedantic(lambda: None)  # type: ignore[no-untyped-call]
        return
    quads(benchmark, on_base, on_candidate, pytestconfig.getoption("--quads"))


@pytest.mark.parametrize("name", CONTROLS)
def test_control(name: str, sides: tuple[Any, Any], benchmark: BenchmarkFixture, pytestconfig: pytest.Config) -> None:
    """Time the base against itself, or against itself slowed by exactly a tenth."""
    one, other = control(name, sides[0])
    quads(benchmark, one, other, pytestconfig.getoption("--quads"))
