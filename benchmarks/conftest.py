"""Kernels timed in turn with the yardstick, and a table of the ratios."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.workload import Yardstick

RATIOS = pytest.StashKey[dict[str, tuple[float, float]]]()
SECONDS = 1.0

Against = Callable[[Callable[[], object], Yardstick], None]


@pytest.fixture
def against_yardstick(benchmark: BenchmarkFixture, request: pytest.FixtureRequest) -> Against:
    """Time a kernel and its yardstick in turn, so that both meet the same state of the machine."""

    def run(kernel: Callable[[], object], yardstick: Yardstick) -> None:
        reference: list[float] = []

        def before_each_round() -> None:
            started = time.perf_counter()
            yardstick()
            reference.append(time.perf_counter() - started)

        kernel()
        before_each_round()
        rounds = max(7, min(200, int(SECONDS / reference.pop() / 3)))
        benchmark.pedantic(kernel, setup=before_each_round, rounds=rounds)  # type: ignore[no-untyped-call]
        stats: Any = benchmark.stats
        ratio = stats.stats.median / median(reference)
        benchmark.extra_info["ratio"] = ratio
        request.config.stash.setdefault(RATIOS, {})[request.node.name] = (median(reference), ratio)

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the ratios."""
    ratios = terminalreporter.config.stash.get(RATIOS, {})
    if ratios:
        terminalreporter.section("median time as a multiple of one plain einsum over all frames")
        for name, (seconds, ratio) in ratios.items():
            terminalreporter.write_line(f"{name:58} {ratio:6.2f}   (einsum {seconds * 1e3:8.3f} ms)")
