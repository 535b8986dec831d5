"""The picture of the first finding that has one, as a file of its own."""

from __future__ import annotations

from fsmn_properties.checks.trial import clipped
from fsmn_properties.findings.differences import cropped
from fsmn_properties.findings.document import Document
from fsmn_properties.findings.markup import html
from fsmn_properties.findings.mistake import Picture
from fsmn_properties.findings.picture import legend, size, style, svg
from fsmn_properties.findings.report_json import NoReportError

BETWEEN, ABOVE, LINE = 48, 52, 32
"""Pixels between the two sides, above them, and from one line of the legend to the next."""


def to_svg(document: Document) -> str:
    """Return the first picture of a report.

    Raises
    ------
    NoReportError
        If it has none.
    """
    pictures = [each for mistake in document.account.mistakes for each in mistake.pictures]
    if not pictures:
        raise NoReportError("none of its findings has a picture")
    return _svg(cropped(pictures[0]))


def _svg(picture: Picture) -> str:
    wide, high = size(picture)
    second, width = wide + BETWEEN, max(2 * wide + BETWEEN, 460)
    keys, below = _keys(picture, width, ABOVE + high + 20)
    title = f"{picture.function}, {clipped(picture.caption, 120)}: which row reads which frame through which tap"
    return "\n".join(
        [
            f'<svg class="key" xmlns="http://www.w3.org/2000/svg" width="{width}" height="{below}" '
            f'viewBox="0 0 {width} {below}" role="img" aria-labelledby="picture-title">',
            f'<title id="picture-title">{html(title)}</title>\n<style>\n{style()}</style>',
            f'<text class="told" x="0" y="14">{html(clipped(picture.function, 60))}</text>',
            f'<text class="strong" x="0" y="42">Found</text><text class="strong" x="{second}" y="42">Expected</text>',
            svg(picture, "found", 1, f'x="0" y="{ABOVE}" '),
            svg(picture, "wanted", 1, f'x="{second}" y="{ABOVE}" '),
            keys,
            "</svg>\n",
        ]
    )


def _keys(picture: Picture, width: int, top: int) -> tuple[str, int]:
    """Return the legend, and where it ends."""
    parts, x, y = [], 0, top
    for swatch, words in legend(picture):
        room = 30 + 7.5 * len(words) + 16
        if x and x + room > width:
            x, y = 0, y + LINE
        parts.append(
            f'<g transform="translate({x} {y})">{swatch}<text class="told" x="30" y="16">{html(words)}</text></g>'
        )
        x += int(room)
    return "\n".join(parts), y + LINE
