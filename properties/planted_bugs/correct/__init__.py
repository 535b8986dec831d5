"""Correct implementations that differ in everything that the contract leaves open: all properties hold of each."""

from __future__ import annotations

from typing import Any

from planted_bugs.correct import arithmetics
from planted_bugs.correct.delays import Implementation
from planted_bugs.kernels import blocked, gathered, rows

CORRECT: dict[str, Any] = {
    "rows": rows,
    "gathered": gathered,
    "blocked": blocked,
    **{
        each.name: Implementation(each.name, each())
        for each in (
            arithmetics.OldestFirst,
            arithmetics.Pairwise,
            arithmetics.RoundedOnce,
            arithmetics.Fused,
            arithmetics.FrameByFrame,
            arithmetics.ChannelByChannel,
            arithmetics.BandedMatrix,
        )
    },
}
"""By name, anything with the four functions."""
