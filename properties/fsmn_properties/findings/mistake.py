"""One mistake of a target: what is wrong in words, and the statements that saw it."""

from __future__ import annotations

from dataclasses import dataclass

from fsmn_properties.findings.verdict import Finding

Entry = tuple[int, int, int, float]
"""Row, frame, tap and weight: the row reads the frame through the tap."""


@dataclass(frozen=True)
class Picture:
    """A map that was found beside the map that was expected.

    Parameters
    ----------
    function, caption : str
        The function that was probed, and the case.
    rows, frames : int
        The size of the map.
    taps : tuple of str
        The names of the taps, as in `filter[0]`; the last is `identity`.
    found, wanted : tuple of Entry
        The entries that are not zero.
    """

    function: str
    caption: str
    rows: int
    frames: int
    taps: tuple[str, ...]
    found: tuple[Entry, ...]
    wanted: tuple[Entry, ...]


@dataclass(frozen=True)
class Mistake:
    """Statements that fail for the same reason.

    Parameters
    ----------
    finding : Finding
        What shows it best.
    statements : tuple of str
        All statements that see it.
    sentences : tuple of str
        What the target does instead of the right thing; none if it was not recognised.
    known : str
        The row of the list of known bugs, if it is one of them.
    pictures : tuple of Picture
        What the target reads, and what it should read.
    """

    finding: Finding
    statements: tuple[str, ...]
    sentences: tuple[str, ...] = ()
    known: str = ""
    pictures: tuple[Picture, ...] = ()
