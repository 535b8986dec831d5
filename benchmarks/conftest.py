"""Kernels timed in turn with the yardstick, and a table of what they reach."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.limits import limits
from benchmarks.workload import Workload, Yardstick


@dataclass(frozen=True)
class Reached:
    """Median seconds of a kernel and of the einsum timed in turn with it."""

    workload: Workload
    seconds: float
    einsum: float

    def __str__(self) -> str:
        limit = limits(self.workload.scale.dtype)
        products, traffic = self.workload.multiply_adds / self.seconds, self.workload.bytes / self.seconds
        return COLUMNS.format(
            self.workload,
            f"{self.seconds * 1e3:.3f} ms",
            f"{self.seconds / self.einsum:.2f}",
            f"{products / 1e9:.2f}",
            f"{products / limit.multiply_adds:.0%}",
            f"{traffic / 1e9:.2f}",
            f"{traffic / limit.bytes:.0%}",
        )


COLUMNS = "{!s:52} {:>12} {:>8} {:>6} {:>10} {:>6} {:>8}"
HEADER = COLUMNS.format("", "median", "einsums", "GMA/s", "of matmul", "GB/s", "of copy")
REACHED = pytest.StashKey[list[Reached]]()
SECONDS = 1.0

Against = Callable[[Any, Workload], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what `benchmarks/gate/quads.py` is told."""
    gate = parser.getgroup("the performance gate")
    gate.addoption("--base-root", type=Path, help="folder with the base's packages")
    gate.addoption("--candidate-root", type=Path, help="folder with the candidate's packages")
    gate.addoption("--quads", type=int, default=30, help="how many times base, candidate, candidate, base")


@pytest.fixture
def against_limits(benchmark: BenchmarkFixture, request: pytest.FixtureRequest) -> Against:
    """Time a kernel and its yardstick in turn, so that both meet the same state of the machine."""

    def run(implementation: Any, workload: Workload) -> None:
        (kernel,), case, reference = workload.calls(implementation), workload.case, []
        taps = np.concatenate([case[name] for name in case.form.filters])
        yardstick = Yardstick(case["hidden"], taps)

        def before_each_round() -> None:
            started = time.perf_counter()
            yardstick()
            reference.append(time.perf_counter() - started)

        kernel()
        before_each_round()
        rounds = max(7, min(200, int(SECONDS / reference.pop() / 3)))
        benchmark.pedantic(kernel, setup=before_each_round, rounds=rounds)  # type: ignore[no-untyped-call]
        stats: Any = benchmark.stats
        reached = Reached(workload, stats.stats.median, median(reference))
        benchmark.extra_info.update(einsum=reached.einsum, multiply_adds=workload.multiply_adds, bytes=workload.bytes)
        request.config.stash.setdefault(REACHED, []).append(reached)

    return run


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what was reached, beside the yardstick and the machine's limits."""
    reached = terminalreporter.config.stash.get(REACHED, [])
    if reached:
        terminalreporter.section("kernels")
        terminalreporter.write_line(HEADER)
        for one in reached:
            terminalreporter.write_line(str(one))
        terminalreporter.write_line(
            "einsums: as a multiple of one plain einsum over all frames and taps, timed in turn"
        )
        terminalreporter.write_line(
            "GMA/s: multiply-adds; of matmul, of copy: what this machine reaches, on one thread"
        )
