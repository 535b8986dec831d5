"""The times of quads: base, candidate, candidate, base."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from fsmn_properties.bench.settings import SHORTEST, WARM_UP
from fsmn_properties.bench.verdict import Times


@dataclass(frozen=True)
class Timed:
    """One side of a case: the call without arguments, its CPU clock, and what is entered before it is called."""

    call: Callable[[], object]
    clock: Callable[[], float]
    entered: Callable[[], AbstractContextManager[None]]

    def once(self) -> float:
        """Return the CPU time of one call."""
        with self.entered():
            started = self.clock()
            self.call()
            return self.clock() - started


def quads(base: Timed, candidate: Timed, count: int) -> tuple[Times, Times, int]:
    """Return the times of both sides in so many quads, and how many calls each time is of."""
    for _ in range(WARM_UP):
        base.once()
        candidate.once()
    repeats = range(max(1, round(SHORTEST / max(base.once(), 1e-9))))
    times = Times([], []), Times([], [])
    gc.collect()
    gc.disable()
    try:
        for _ in range(count):
            for side, kept in ((base, 0), (candidate, 1), (candidate, 1), (base, 0)):
                cpu, wall = _seconds(side, repeats)
                times[kept].cpu.append(cpu)
                times[kept].wall.append(wall)
    finally:
        gc.enable()
    return *times, len(repeats)


def _seconds(side: Timed, repeats: range) -> tuple[float, float]:
    with side.entered():
        call, clock = side.call, side.clock
        wall, cpu = time.perf_counter(), clock()
        for _ in repeats:
            call()
        return clock() - cpu, time.perf_counter() - wall
