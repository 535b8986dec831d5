"""What the machine can do at most: the two limits of a roofline, measured when they are needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from statistics import median

import numpy as np

COPIED = 1 << 25  # bytes: more than a last-level cache holds of one core's data on most machines
SIDE = 512  # of square matrices: large enough for BLAS to reach its best, small enough to take milliseconds
REPEATS = 9


@dataclass(frozen=True)
class Limits:
    """Bytes a second that a copy reads and writes, and multiply-adds a second of a matrix product."""

    bytes: float
    multiply_adds: float


@cache
def limits(dtype: str) -> Limits:
    """Measure the limits of one thread for a dtype, if BLAS is told to use one (OMP_NUM_THREADS=1)."""
    source = np.ones(COPIED // np.dtype(dtype).itemsize, dtype)
    target, square = np.zeros_like(source), np.ones((SIDE, SIDE), dtype)
    product = np.empty_like(square)
    copying = _seconds(lambda: np.copyto(target, source))
    multiplying = _seconds(lambda: np.matmul(square, square, out=product))
    return Limits(2 * COPIED / copying, SIDE**3 / multiplying)


def _seconds(function: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return median(times)
