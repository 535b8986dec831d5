"""Position sequences of every kind, in every type that the contract accepts."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from fsmn_ref import utterance_positions

INTEGER_TYPES = (np.int64, np.int8, np.int16, np.int32, np.uint8, np.uint16, np.uint32, np.uint64, list)
KINDS = ("utterances", "saturated", "maximal", "arbitrary", "utterances", "arbitrary", "zero")


@st.composite
def look_back(draw: st.DrawFn, frames: int) -> list[int]:
    """Draw how many earlier frames each of `frames` frames may look back at."""
    kind = draw(st.sampled_from(KINDS))
    if kind == "arbitrary":
        return [draw(st.integers(0, r)) for r in range(frames)]
    if kind == "utterances" and frames:
        cuts = draw(st.lists(st.integers(0, frames), max_size=4))
        counting, _ = utterance_positions(np.diff([0, *sorted(cuts), frames]))
        return [int(k) for k in counting]
    limit = {"saturated": st.integers(0, frames), "zero": st.just(0)}.get(kind, st.just(frames))
    most = draw(limit)
    return [min(r, most) for r in range(frames)]


@st.composite
def look_ahead(draw: st.DrawFn, frames: int) -> list[int]:
    """Draw how many later frames each of `frames` frames may look ahead at."""
    return draw(look_back(frames))[::-1]


@st.composite
def typed(draw: st.DrawFn, positions: st.SearchStrategy[list[int]]) -> Any:
    """Draw positions as an array of any integer dtype, or as a list."""
    numbers = draw(positions)
    dtype = draw(st.sampled_from(INTEGER_TYPES))
    return numbers if dtype is list else np.array(numbers, dtype=dtype)
