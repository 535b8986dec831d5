"""How an utterance is cut into the chunks of a stream."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import NamedTuple


class Chunk(NamedTuple):
    """The next frames of a stream.

    Parameters
    ----------
    frames : int
        How many.
    layout : str
        The layout in which they are handed in, if not as a plain array.
    dtype : str
        Their dtype, if it is not that of hidden.
    """

    frames: int
    layout: str = ""
    dtype: str = ""


def cut(chunks: Sequence[tuple[int, str, str]], frames: int) -> tuple[Chunk, ...]:
    """Return chunks of an utterance: all of them, and repeated until no frame is left.

    The last chunk with frames is shorter if they do not suffice. If no chunk has any, all frames come at the end.
    """
    found: list[Chunk] = []
    left = frames
    for number, chunk in enumerate(cycle(map(Chunk._make, chunks))):
        if number >= len(chunks) and left in {0, frames}:
            break
        if left or chunk.frames == 0:
            found.append(chunk._replace(frames=min(chunk.frames, left)))
            left -= found[-1].frames
    return (*found, Chunk(left)) if left else tuple(found)


def cut_short(lengths: Sequence[int], most: int = 12) -> str:
    """Return lengths as text, of which there may be many."""
    told = ", ".join(map(str, lengths[:most]))
    return told if len(lengths) <= most else f"{told}, ... ({len(lengths)} chunks)"
