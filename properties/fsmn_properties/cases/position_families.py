"""Further families of position sequences, each for a way in which kernels look at positions.

They are the fuzzer's: `check` draws the kinds of `fsmn_properties.cases.positions`.
"""

from __future__ import annotations

import numpy as np

from fsmn_ref.arguments import Positions

FAMILIES = ("one row", "all but one row", "periodic", "tiles", "staircase", "round the reach")
"""Families, in the order in which docs/fuzzing.md explains them."""

PERIODS = (2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 64, 128)


def family(kind: str, number: int, frames: int, reach: int) -> Positions:
    """Return how many earlier frames each frame may look back at.

    Parameters
    ----------
    kind : str
        One of FAMILIES.
    number : int
        Where the random numbers start.
    frames, reach : int
        The number of frames, and how far back the last tap reads.
    """
    rows, rng = np.arange(frames), np.random.default_rng(number)
    period = int(rng.choice(PERIODS))
    match kind:
        case "one row":
            return np.where(rows == rng.integers(0, max(1, frames)), rows, 0)
        case "all but one row":
            return np.where(rows == rng.integers(0, max(1, frames)), 0, rows)
        case "periodic":
            return np.where(rows % period == rng.integers(0, period), rows, 0)
        case "tiles":
            tile = rng.integers(0, 3, frames // period + 1)[rows // period]
            return np.choose(tile, (np.zeros_like(rows), rows % period, rows))
        case "staircase":
            return rows // period
        case "round the reach":
            return np.clip(reach + rng.integers(-1, 1, frames, endpoint=True), 0, rows)
    raise ValueError(f"kind must be one of {', '.join(FAMILIES)}, got {kind!r}")
