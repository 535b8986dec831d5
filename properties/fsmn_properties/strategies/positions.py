"""Position sequences of every kind, in every type that the contract accepts."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
from hypothesis import strategies as st

from fsmn_properties.strategies.once import one_of_these
from fsmn_ref import utterance_positions

INTEGER_TYPES = (np.int64, np.int8, np.int16, np.int32, np.uint8, np.uint16, np.uint32, np.uint64, list)
EVENLY_DRAWN = 2**24  # of larger ranges, Hypothesis draws small numbers more often
KINDS = ("utterances", "saturated", "maximal", "arbitrary", "utterances", "arbitrary", "maximal", "arbitrary", "zero")


def look_back(draw: st.DrawFn, frames: int) -> list[int]:
    """Draw how many earlier frames each of `frames` frames may look back at; read backwards, they look ahead."""
    kind = draw(one_of_these(*KINDS))
    if kind == "arbitrary":
        return _arbitrary(draw, frames)
    if kind == "utterances" and frames:
        cuts = draw(st.lists(st.integers(0, frames), max_size=4))
        counting, _ = utterance_positions(np.diff([0, *sorted(cuts), frames]))
        return [int(k) for k in counting]
    most = {"saturated": st.integers(0, frames), "zero": st.just(0)}.get(kind, st.just(frames))
    limit = draw(most)
    return [min(r, limit) for r in range(frames)]


def _arbitrary(draw: st.DrawFn, frames: int) -> list[int]:
    """Draw numbers whose digits are the positions, of digit r at most r: much faster than to draw each position."""
    positions: list[int] = []
    while len(positions) < frames:
        bases = [len(positions) + 1]
        while len(positions) + len(bases) < frames and prod(bases) * (bases[-1] + 1) <= EVENLY_DRAWN:
            bases.append(bases[-1] + 1)
        number = draw(st.integers(0, prod(bases) - 1))
        for base in bases:
            number, position = divmod(number, base)
            positions.append(position)
    return positions


def typed(draw: st.DrawFn, numbers: list[int]) -> Any:
    """Draw an integer dtype for positions, or leave them as a list."""
    dtype = draw(one_of_these(*INTEGER_TYPES))
    return numbers if dtype is list else np.array(numbers, dtype=dtype)
