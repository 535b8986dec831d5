"""How much the memory of the process grows while something is done again and again (rule S4).

Python and NumPy tell what they hold to the last byte, wherever it is kept: in the stream, in its class, in a module. Of
what other code holds only the size of the process says something.
"""

from __future__ import annotations

import gc
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

MOST_BYTES = 8192
"""What may be held more than before: caches of Python and NumPy, which fill now and then."""

SECONDS, MOST_SECONDS = 0.3, 2.0
FEWEST, MOST = 80, 800
PROCESS_STEPS = 200
LONGER = (1, 2, 4, 8)
"""What is kept may be thrown away now and then: only what grows over all of these times as many steps grows."""


def growth(step: Callable[[], object]) -> int:
    """Return by how many bytes of Python and NumPy more are held in the last quarter of the steps than in the second.

    The least that is held in a quarter counts.
    """
    steps, grown = _steps_in_time(step, MOST), 0
    end = time.perf_counter() + MOST_SECONDS
    for times in LONGER:
        grown = _growth(step, steps * times)
        if grown <= MOST_BYTES or time.perf_counter() > end:
            break
    return grown


def _growth(step: Callable[[], object], steps: int) -> int:
    traced = tracemalloc.is_tracing()
    if not traced:
        tracemalloc.start()
    try:
        least = []
        for _ in range(4):
            gc.collect()
            held = tracemalloc.get_traced_memory()[0]
            for _ in range(steps // 4):
                step()
                held = min(held, tracemalloc.get_traced_memory()[0])
            least.append(held)
    finally:
        if not traced:
            tracemalloc.stop()
    return least[3] - least[1]


def process_growth(step: Callable[[], object], size: Callable[[], int] | None = None) -> int:
    """Return by how many bytes a process grows in each of 200 steps, after as many before them.

    Parameters
    ----------
    step : callable
        What is done.
    size : callable, optional
        What says how many bytes the process has; by default this one is meant. It is 0 if the system does not say.
    """
    size = size or resident
    for _ in range(PROCESS_STEPS):
        step()
    before = size()
    for _ in range(PROCESS_STEPS):
        step()
    return (size() - before) // PROCESS_STEPS


def resident() -> int:
    """Return the bytes of the process that are in main memory; 0 if the system does not say."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if status.exists() else 0


def _steps_in_time(step: Callable[[], object], most: int) -> int:
    """Return as many steps as fit in the time."""
    started = time.perf_counter()
    for _ in range(10):
        step()
    each = (time.perf_counter() - started) / 10
    return max(FEWEST, min(most, int(SECONDS / max(each, 1e-9)))) // 4 * 4
