"""Position sequences of every kind, made from a number: the same number makes the same sequence.

Which kinds there are, and why: utterances of any lengths are what is deployed; positions of one utterance and of a
window of fixed length are its corner cases; arbitrary ones show a kernel that takes positions to count; those within
or at the reach of the taps sit where the window is clipped; `all or nothing` and `here and there` change from row to
row, which leaves no two neighbouring rows of the same kind; `mostly whole` looks like one utterance to a kernel that
samples.
"""

from __future__ import annotations

import numpy as np

from fsmn_properties.cases.position_families import FAMILIES, family
from fsmn_ref.arguments import Positions

KINDS = (
    "whole",
    "utterances",
    "utterances of",
    "arbitrary",
    "saturated",
    "zero",
    "within reach",
    "at reach",
    "all or nothing",
    "here and there",
    "mostly whole",
)
MOST_CUTS = 3


def utterance_starts(kind: str, number: int, frames: int, shortest: int) -> list[int]:
    """Return the first frames of utterances of at least `shortest` frames; number 0 makes a single one.

    Of the kind `utterances of`, the number is the length of all but the last one.
    """
    if number == 0 or frames == 0:
        return [0]
    if kind == "utterances of":
        return list(range(0, frames, number))
    rng = np.random.default_rng(number)
    # One in three sequences is of short utterances of similar lengths, however many.
    if number % 3 == 0 and frames > 2 * shortest:
        length = max(shortest, int(rng.integers(1, 1 + max(1, min(frames // 2, 300)))))
        starts = range(0, frames - shortest + 1, length)
        return list(starts)
    cuts = [0]
    for cut in sorted(rng.integers(0, frames + 1, MOST_CUTS).tolist()):
        if cut - cuts[-1] >= shortest and frames - cut >= shortest and cut < frames:
            cuts.append(cut)
    return cuts


def look_back(  # noqa: C901, PLR0911, one for each kind
    kind: str, number: int, frames: int, reach: int, shortest: int = 1
) -> Positions:
    """Return how many earlier frames each frame may look back at; read backwards, they look ahead.

    Parameters
    ----------
    kind : str
        One of KINDS or of FAMILIES.
    number : int
        Where the random numbers start.
    frames, reach : int
        The number of frames, and how far back the last tap reads.
    shortest : int
        The least length of an utterance.
    """
    rows, reach = np.arange(frames), min(reach, frames)
    if kind in FAMILIES:
        return family(kind, number, frames, reach)
    if kind == "whole":
        return rows
    if kind == "zero":
        return np.zeros(frames, np.intp)
    if kind == "at reach":
        return np.minimum(rows, reach)
    if kind.startswith("utterances"):
        starts: Positions = np.array(utterance_starts(kind, number, frames, shortest))
        return rows - starts[np.searchsorted(starts, rows, side="right") - 1]
    rng = np.random.default_rng(number)
    match kind:
        case "arbitrary":
            return rng.integers(0, rows, endpoint=True)
        case "saturated":
            return np.minimum(rows, rng.integers(0, min(frames, 2 * reach + 2), endpoint=True))
        case "within reach":
            return rng.integers(0, np.minimum(rows, reach), endpoint=True)
        case "all or nothing":
            return np.where(rng.integers(0, 2, frames) == 0, rows, 0)
        case "here and there":
            return np.where(rng.integers(0, 25, frames) == 0, rows, 0)
        case "mostly whole":
            return np.where(rng.integers(0, 40, frames) == 0, rng.integers(0, rows, endpoint=True), rows)
    raise ValueError(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")


def look_ahead(kind: str, number: int, frames: int, reach: int, shortest: int = 1) -> Positions:
    """Return how many later frames each frame may look ahead at; parameters are those of `look_back`."""
    if kind.startswith("utterances"):  # the same utterances as of look_back, whatever is read backwards
        starts = np.array([*utterance_starts(kind, number, frames, shortest), frames])
        rows = np.arange(frames)
        return starts[np.searchsorted(starts, rows, side="right")] - 1 - rows
    return look_back(kind, number, frames, reach, shortest)[::-1]
