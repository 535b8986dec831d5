"""The statistics of the gate: pure functions of the times of quads.

A quad is base, candidate, candidate, base (ABBA): drift that is linear in time cancels in it. Its slowdown is the ratio
of the candidate's two times to the base's, minus one. Nothing is assumed about how slowdowns scatter: the bound comes
from the order statistics of the quads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from fsmn_properties.bench.settings import CONFIDENCE, SLOWDOWN, SUSPECT, WALL


@dataclass(frozen=True)
class Times:
    """Seconds of one side in the order of the calls, two for each quad, on both clocks."""

    cpu: list[float]
    wall: list[float]


@dataclass(frozen=True)
class Verdict:
    """How much slower the candidate is than the base."""

    slowdown: float
    """Median over the quads of CPU time, as a fraction."""

    lower: float
    """The lower end of a one-sided 99% confidence interval of that median."""

    wall: float
    """Median over the quads of wall-clock time."""

    wall_lower: float
    """The lower end of its confidence interval: far below it where other processes take the core away."""

    @property
    def suspect(self) -> bool:
        """Whether a screen must look again."""
        return self.slowdown > SUSPECT or (self.wall > WALL and self.wall_lower > 0)

    def confirmed(self, limit: float = SLOWDOWN) -> bool:
        """Whether the candidate is slower by more than `limit`, or waits for something that no CPU clock sees."""
        waits = self.wall > max(WALL, limit) and self.wall_lower > 0
        return (self.slowdown > limit and self.lower > 0) or waits

    @property
    def sensitivity(self) -> float:
        """The smallest slowdown that this many quads, scattered as they are, would have confirmed."""
        return max(SLOWDOWN, self.slowdown - self.lower)


def judge(base: Times, candidate: Times) -> Verdict:
    """Return the verdict on the quads of one case."""
    on_cpu, on_wall = slowdowns(base.cpu, candidate.cpu), slowdowns(base.wall, candidate.wall)
    return Verdict(median(on_cpu), lower_bound(on_cpu), median(on_wall), lower_bound(on_wall))


def slowdowns(base: Sequence[float], candidate: Sequence[float]) -> list[float]:
    """Return the slowdown of each quad.

    Raises
    ------
    ValueError
        If there are not two times a quad on both sides.
    """
    if len(base) != len(candidate) or len(base) % 2 or not base:
        raise ValueError(f"{len(base)} and {len(candidate)} times make no quads")
    return [sum(candidate[i : i + 2]) / sum(base[i : i + 2]) - 1 for i in range(0, len(base), 2)]


def lower_bound(values: Sequence[float], confidence: float = CONFIDENCE) -> float:
    """Return a number that lies below the true median with that confidence, or -inf if there are too few values.

    The k-th smallest of n values lies above the median only if fewer than k of them lie below it, which happens with
    the chance that fewer than k of n tossed coins show heads. The largest k for which that is rare enough is taken.
    """
    n, k, chance = len(values), 0, 0.0
    while chance + math.comb(n, k) / 2**n <= 1 - confidence:
        chance += math.comb(n, k) / 2**n
        k += 1
    return sorted(values)[k - 1] if k else -math.inf
