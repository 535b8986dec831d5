"""Where a map that was found differs from the map that was expected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from fsmn_properties.findings.mistake import Entry, Picture

MOST = 40
"""A picture has at most so many rows and frames."""

MOST_IN_A_CELL = 4
"""Of the taps through which one row reads one frame, so many are kept."""

Read = tuple[int, str]
"""A tap and its weight, as text: NaN, too, equals itself."""


class Difference(NamedTuple):
    """A row and a frame, and the taps through which the row reads the frame, and should read it."""

    row: int
    frame: int
    found: tuple[Read, ...]
    wanted: tuple[Read, ...]


def cells(entries: Iterable[Entry]) -> dict[tuple[int, int], tuple[Read, ...]]:
    """Return the taps through which each row reads each frame."""
    found: dict[tuple[int, int], list[Read]] = {}
    for row, frame, tap, weight in sorted(entries, key=lambda entry: entry[:3]):
        found.setdefault((row, frame), []).append((tap, f"{weight:.6g}"))
    return {cell: tuple(reads[:MOST_IN_A_CELL]) for cell, reads in found.items()}


def differences(picture: Picture) -> list[Difference]:
    """Return the differences, in the order of rows."""
    found, wanted = cells(picture.found), cells(picture.wanted)
    everywhere = sorted(found.keys() | wanted.keys())
    both = [Difference(*cell, found.get(cell, ()), wanted.get(cell, ())) for cell in everywhere]
    return [each for each in both if each.found != each.wanted]


def window(picture: Picture) -> tuple[range, range]:
    """Return the rows and the frames that are shown: those round the first difference, if not all fit in."""
    first = next(iter(differences(picture)), None)
    at = (first.row, first.frame) if first else (0, 0)
    starts = [max(0, min(place - MOST // 2, size - MOST)) for place, size in zip(at, _size(picture), strict=True)]
    return tuple(range(s, min(size, s + MOST)) for s, size in zip(starts, _size(picture), strict=True))  # type: ignore[return-value]


def _size(picture: Picture) -> tuple[int, int]:
    return picture.rows, picture.frames


def cropped(picture: Picture) -> Picture:
    """Return a picture with the entries that are shown alone."""
    rows, frames = window(picture)

    def kept(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        count: dict[tuple[int, int], int] = {}
        shown = []
        for entry in sorted(entries, key=lambda entry: entry[:3]):
            cell = entry[:2]
            count[cell] = count.get(cell, 0) + 1
            if entry[0] in rows and entry[1] in frames and count[cell] <= MOST_IN_A_CELL:
                shown.append(entry)
        return tuple(shown)

    return replace(picture, found=kept(picture.found), wanted=kept(picture.wanted))


def sentence(picture: Picture, each: Difference) -> str:
    """Say a difference in words."""
    start = f"row {each.row} reads frame {each.frame}"
    if not each.found:
        return f"row {each.row} does not read frame {each.frame}; it should, through {_taps(picture, each.wanted)}"
    if not each.wanted:
        return f"{start} through {_taps(picture, each.found)}; it should not"
    return f"{start} through {_taps(picture, each.found)}; it should through {_taps(picture, each.wanted)}"


def _taps(picture: Picture, reads: Iterable[Read]) -> str:
    return " and ".join(
        f"{tap_name(picture, tap)}{'' if weight == '1' else f' with weight {weight}'}" for tap, weight in reads
    )


def tap_name(picture: Picture, tap: int) -> str:
    """Return the name of a tap, or its number."""
    return picture.taps[tap] if 0 <= tap < len(picture.taps) else f"tap {tap}"
