"""Pictures of maps as SVG: rows by frames, taps by colour and letters, differences by frames of their own."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from fsmn_properties.findings.differences import (
    Difference,
    Read,
    cells,
    cropped,
    differences,
    sentence,
    tap_name,
    window,
)
from fsmn_properties.findings.markup import html
from fsmn_properties.findings.mistake import Picture
from fsmn_properties.findings.palette import IDENTITY, INK, colours, letters

LEFT, TOP = 44, 40
MOST_TIPS = 300
"""With more cells, none says in a tip what it reads."""


def svg(picture: Picture, side: str, number: int = 0, place: str = "") -> str:
    """Return one side of a picture.

    Parameters
    ----------
    picture : Picture
        What was found and wanted.
    side : {'found', 'wanted'}
        The side.
    number : int
        Makes the names of its parts differ from those of other pictures on a page.
    place : str
        Attributes that place it in another SVG.
    """
    picture = cropped(picture)
    rows, frames = window(picture)
    step, (width, height) = _step(max(len(rows), len(frames))), size(picture)
    differs = differences(picture)
    title, described = _words(picture, side, differs)
    name = f"map-{number}-{side}"
    parts = [
        f'<svg class="map" role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" {place}xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-title">{html(title)}</title><desc id="{name}-desc">{html(described)}</desc>',
        _axes(rows, frames, step),
        *_entries(picture, side, step),
    ]
    if side == "found":
        parts += [_mark(each, rows, frames, step) for each in differs]
    return "\n".join([*parts, "</svg>"])


def size(picture: Picture) -> tuple[int, int]:
    """Return the width and the height of one side."""
    rows, frames = window(picture)
    step = _step(max(len(rows), len(frames)))
    return LEFT + len(frames) * step + 4, TOP + len(rows) * step + 4


def style() -> str:
    """Return the style of pictures."""
    return (files("fsmn_properties.findings") / "picture.css").read_text(encoding="utf-8")


def _step(count: int) -> int:
    return 36 if count <= 7 else 28 if count <= 10 else 20 if count <= 16 else 14 if count <= 24 else 10


def _words(picture: Picture, side: str, differs: list[Difference]) -> tuple[str, str]:
    told = "found in" if side == "found" else "expected of"
    described = f"{picture.rows} rows by {picture.frames} frames"
    if side == "found":
        first = "; ".join(sentence(picture, each) for each in differs[:3])
        described += f", {len(differs)} of them read wrongly: {first}" if differs else ", as expected"
    return f"Map {told} {picture.function}", described


def _axes(rows: range, frames: range, step: int) -> str:
    wide, high = len(frames) * step, len(rows) * step
    lines = [f"M{LEFT + i * step} {TOP}v{high}" for i in range(len(frames) + 1)]
    lines += [f"M{LEFT} {TOP + i * step}h{wide}" for i in range(len(rows) + 1)]
    every = 1 if step >= 20 else 5
    texts = [
        f'<text class="axis" x="{LEFT + (i + 0.5) * step:g}" y="{TOP - 6}" text-anchor="middle">{frame}</text>'
        for i, frame in enumerate(frames)
        if frame % every == 0
    ]
    texts += [
        f'<text class="axis" x="{LEFT - 7}" y="{TOP + (i + 0.5) * step + 4:g}" text-anchor="end">{row}</text>'
        for i, row in enumerate(rows)
        if row % every == 0
    ]
    named = f'<text class="name" x="{LEFT}" y="14">frame</text><text class="name" x="0" y="{TOP - 6}">row</text>'
    ground = f'<rect class="ground" x="{LEFT}" y="{TOP}" width="{wide}" height="{high}"/>'
    return f'{ground}<path class="grid" d="{"".join(lines)}"/>{named}{"".join(texts)}'


def _entries(picture: Picture, side: str, step: int) -> list[str]:
    rows, frames = window(picture)
    shown: Mapping[tuple[int, int], tuple[Read, ...]] = cells(getattr(picture, side))
    colour, tips = colours(picture.taps), len(shown) <= MOST_TIPS
    parts = []
    for (row, frame), reads in shown.items():
        if row not in rows or frame not in frames:
            continue
        x, y = LEFT + frames.index(frame) * step, TOP + rows.index(row) * step
        high = (step - 2) / len(reads)
        boxes = "".join(
            _box(
                tap_name(picture, tap),
                colour[tap % len(colour)] if colour else INK,
                weight,
                (x + 1, y + 1 + i * high, step - 2, high),
            )
            for i, (tap, weight) in enumerate(reads)
        )
        tip = f"<title>{html(sentence(picture, Difference(row, frame, reads, reads)).partition(';')[0])}</title>"
        parts.append(f"<g>{tip if tips else ''}{boxes}</g>")
    return parts


def _box(name: str, colour: str, weight: str, place: tuple[float, float, float, float]) -> str:
    x, y, wide, high = place
    box = f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="2" fill="{colour}"/>'
    heavy = "" if weight == "1" else f"×{weight[:5]}"  # noqa: RUF001, the sign of multiplication is meant
    told, letter = letters(name) + heavy, min(12.5, 0.85 * high)
    if high < 11 or 0.66 * letter * len(told) > wide:
        return box
    at = f'x="{x + wide / 2:g}" y="{y + high / 2 + 0.36 * letter:g}" font-size="{letter:g}"'
    return f'{box}<text class="tap" {at} text-anchor="middle" fill="{INK}">{html(told)}</text>'


def _mark(each: Difference, rows: range, frames: range, step: int) -> str:
    if each.row not in rows or each.frame not in frames:
        return ""
    x, y = LEFT + frames.index(each.frame) * step, TOP + rows.index(each.row) * step
    kind = ("wrong" if each.found else "missing") + ("" if step >= 20 else " thin")
    return f'<rect class="{kind}" x="{x + 1}" y="{y + 1}" width="{step - 2}" height="{step - 2}" rx="2"/>'


def legend(picture: Picture) -> list[tuple[str, str]]:
    """Return what taps and marks look like, 22 by 22, and what they mean."""
    shown = {entry[2] for entry in (*picture.found, *picture.wanted)}
    keys = [
        (
            f'<rect width="22" height="22" rx="3" fill="{colour}"/>'
            f'<text class="tap" x="11" y="15" font-size="11.5" text-anchor="middle" fill="{INK}">'
            f"{html(letters(name))}</text>",
            name,
        )
        for tap, (colour, name) in enumerate(zip(colours(picture.taps), picture.taps, strict=True))
        if tap in shown
    ]
    kinds = {"wrong" if each.found else "missing" for each in differences(picture)}
    return keys + [
        (
            f'<rect width="22" height="22" rx="3" {ground}/><rect class="{kind}" x="2" y="2" width="18" height="18"/>',
            words,
        )
        for kind, words, ground in (
            ("wrong", "read wrongly", f'fill="{IDENTITY}"'),
            ("missing", "not read, but should be", 'class="ground"'),
        )
        if kind in kinds
    ]
