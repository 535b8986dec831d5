"""Position sequences of every kind, in every type that the contract accepts."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from fsmn_properties.strategies.choices import choose

INTEGER_TYPES = (np.int64, np.int8, np.int16, np.int32, np.uint8, np.uint16, np.uint32, np.uint64, list)
KINDS = ("utterances", "saturated", "maximal", "arbitrary", "utterances", "arbitrary", "maximal", "arbitrary", "zero")
MOST_CUTS = 3


def look_back(draw: st.DrawFn, kind: str, frames: int) -> list[int]:
    """Draw how many earlier frames each of `frames` frames may look back at; read backwards, they look ahead."""
    if kind == "arbitrary":
        return choose(draw, *[range(r + 1) for r in range(frames)])
    if kind == "utterances":
        beginnings = [0, *choose(draw, *[range(frames + 1)] * MOST_CUTS)]
        return [r - max(first for first in beginnings if first <= r) for r in range(frames)]
    limit = {"maximal": frames, "zero": 0}.get(kind)
    if limit is None:
        (limit,) = choose(draw, range(frames + 1))
    return [min(r, limit) for r in range(frames)]


def typed(numbers: list[int], dtype: type) -> Any:
    """Return positions in one of INTEGER_TYPES."""
    return numbers if dtype is list else np.array(numbers, dtype=dtype)
