"""Cases that the gate must not see and must see: the base against itself, as it is and slowed by exactly a tenth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fsmn_properties.bench.quads import Timed
from fsmn_properties.bench.settings import SLOWED_BY

SAME, SLOWED = CONTROLS = ("the_base_against_itself", "the_base_slowed_by_a_tenth")


def control(name: str, one: Timed, other: Timed) -> tuple[Timed, Timed]:
    """Return what the control of that name compares; both are calls of the base."""
    return one, replace(other, call=slowed(other.call, other.clock, SLOWED_BY) if name == SLOWED else other.call)


def slowed(function: Callable[[], object], clock: Callable[[], float], by: float) -> Callable[[], object]:
    """Return a function that takes longer by that fraction, measured in each call on a clock."""

    def slow() -> object:
        started = clock()
        result = function()
        until = started + (1 + by) * (clock() - started)
        while clock() < until:
            pass
        return result

    return slow
