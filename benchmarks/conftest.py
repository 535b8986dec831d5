"""Kernels timed in turn with the yardstick, and a table of what they reach."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from fsmn_properties.bench.reached import HEADER, LEGEND, Reached, reached, yardstick_of
from fsmn_properties.bench.workload import Workload

REACHED = pytest.StashKey[list[tuple[Workload, Reached]]]()
SECONDS = 1.0

Against = Callable[[Any, Workload], None]


@pytest.fixture
def against_limits(benchmark: BenchmarkFixture, request: pytest.FixtureRequest) -> Against:
    """Time a kernel and its yardstick in turn, so that both meet the same state of the machine."""

    def run(implementation: Any, workload: Workload) -> None:
        (kernel,), yardstick, reference = workload.calls(implementation), yardstick_of(workload), list[float]()

        def before_each_round() -> None:
            started = time.perf_counter()
            yardstick()
            reference.append(time.perf_counter() - started)

        kernel()
        before_each_round()
        rounds = max(7, min(200, int(SECONDS / reference.pop() / 3)))
        benchmark.pedantic(kernel, setup=before_each_round, rounds=rounds)  # type: ignore[no-untyped-call]
        stats: Any = benchmark.stats
        found = reached(workload, stats.stats.median, median(reference))
        benchmark.extra_info.update(einsum=found.einsum, multiply_adds=found.multiply_adds, bytes=found.bytes)
        request.config.stash.setdefault(REACHED, []).append((workload, found))

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was reached, beside the yardstick and the machine's limits."""
    timed = terminalreporter.config.stash.get(REACHED, [])
    if timed:
        terminalreporter.section("kernels")
        for line in (HEADER, *(found.row(workload) for workload, found in timed), *LEGEND):
            terminalreporter.write_line(line)
