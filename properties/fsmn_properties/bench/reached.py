"""What a call reaches, beside the yardstick timed in turn with it and the machine's limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np

from fsmn_properties.bench.limits import Limits, limits
from fsmn_properties.bench.workload import Workload, Yardstick
from fsmn_properties.targets.target import Target

SECONDS, FEWEST, MOST = 1.0, 7, 200

COLUMNS = "{!s:52} {:>12} {:>8} {:>6} {:>10} {:>6} {:>8}"
HEADER = COLUMNS.format("", "median", "einsums", "GMA/s", "of matmul", "GB/s", "of copy")
LEGEND = (
    "einsums: as a multiple of one plain einsum over all frames and taps, timed in turn",
    "GMA/s: multiply-adds; of matmul, of copy: what this machine reaches, on one thread",
)


@dataclass(frozen=True)
class Reached:
    """Median seconds of a call and of the einsum timed in turn with it, and its multiply-adds and bytes."""

    seconds: float
    einsum: float
    multiply_adds: int
    bytes: int
    limits: Limits

    def row(self, name: object) -> str:
        """Return a row of the table."""
        products, traffic = self.multiply_adds / self.seconds, self.bytes / self.seconds
        return COLUMNS.format(
            name,
            f"{self.seconds * 1e3:.3f} ms",
            f"{self.seconds / self.einsum:.2f}",
            f"{products / 1e9:.2f}",
            f"{products / self.limits.multiply_adds:.0%}",
            f"{traffic / 1e9:.2f}",
            f"{traffic / self.limits.bytes:.0%}",
        )


def yardstick_of(workload: Workload) -> Yardstick:
    """Return the einsum over as many taps as both filters have."""
    case = workload.case
    return Yardstick(case["hidden"], np.concatenate([case[name] for name in case.form.filters]))


def reached(workload: Workload, seconds: float, einsum: float) -> Reached:
    """Return what was reached in these seconds."""
    limit = limits(workload.case["hidden"].dtype.name)
    return Reached(seconds, einsum, workload.multiply_adds, workload.bytes, limit)


def reach(workload: Workload, target: Target) -> Reached:
    """Time a call and its yardstick in turn, so that both meet the same state of the machine."""
    (call,), yardstick = workload.calls(target), yardstick_of(workload)
    _seconds(call)
    until = time.perf_counter() + SECONDS
    times: list[tuple[float, float]] = []
    while len(times) < FEWEST or (time.perf_counter() < until and len(times) < MOST):
        times.append((_seconds(yardstick), _seconds(call)))
    einsums, calls = zip(*times, strict=True)
    return reached(workload, median(calls), median(einsums))


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
