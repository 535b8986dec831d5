"""What the gate must not see and what it must: the base against itself, as it is and slowed by exactly a tenth."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from benchmarks.workload import Scale, Workload

WORKLOAD = Workload(Scale(1000, 128, 20), into_out=True)
SAME, SLOWED = CONTROLS = ("the_base_against_itself", "the_base_slowed_by_a_tenth")


def control(name: str, base: Any) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return the two functions that the control of that name compares."""
    one, other = WORKLOAD.calls(base, base)
    return one, (slowed(other, 0.1) if name == SLOWED else other)


def slowed(function: Callable[[], object], by: float) -> Callable[[], object]:
    """Return a function that takes longer by that fraction, measured in each call on the clock of its thread."""

    def slow() -> object:
        started = time.thread_time()
        result = function()
        until = started + (1 + by) * (time.thread_time() - started)
        while time.thread_time() < until:
            pass
        return result

    return slow
