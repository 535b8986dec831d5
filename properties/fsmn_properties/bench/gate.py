"""The gate: a screen of all cases, a second look at what is suspect, and the decision; one comparison after another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fsmn_properties.bench.controls import CONTROLS
from fsmn_properties.bench.decision import INCONCLUSIVE, PASSED, SLOWER, decide, to_confirm
from fsmn_properties.bench.measure import Found
from fsmn_properties.bench.settings import CONFIRM, SCREEN

Measure = Callable[[int, Iterable[str] | None], Sequence[Found]]
"""Time so many quads of some cases, or of all."""


@dataclass(frozen=True)
class Outcome:
    """The exit status of a comparison, its words, and the last verdict of each case."""

    status: int
    lines: list[str]
    found: dict[str, Found]

    @property
    def slowdowns(self) -> dict[str, float]:
        """Slowdowns by case, without the controls."""
        judged = ((case, found.verdict) for case, found in self.found.items() if case not in CONTROLS)
        return {case: round(verdict.slowdown, 4) for case, verdict in judged if verdict is not None}


def gate(
    measure: Measure, limit: float, reason: Callable[[str], str | None] = lambda _: None, other: str = "the base"
) -> Outcome:
    """Decide whether a candidate is slower than what it is compared with.

    Parameters
    ----------
    measure : callable
        Times both sides.
    limit, reason, other
        As in `fsmn_properties.bench.decision.decide`.
    """
    screened = measure(SCREEN, None)
    confirmed = {found.case: found for found in measure(CONFIRM, to_confirm(screened))}
    status, lines = decide(screened, confirmed, limit, reason, other)
    return Outcome(status, lines, {found.case: found for found in screened} | confirmed)


def together(statuses: Iterable[int]) -> int:
    """Return the exit status of several comparisons: a slowdown counts for more than a failed control."""
    ranks = [PASSED, INCONCLUSIVE, SLOWER]
    return max(statuses, key=ranks.index)
