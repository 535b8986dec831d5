"""A history as one SVG: slowdowns against the base and the anchor, revision by revision, with the limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from fsmn_properties.bench.history import Entry
from fsmn_properties.bench.settings import DRIFT, SLOWDOWN

WIDTH, PANEL, MARGIN, GAP = 760, 220, 60, 50
LEAST, MOST = -0.15, 0.15
"""Slowdowns that are drawn; what lies beyond is drawn at the edge."""

STYLE = """text { font: 12px sans-serif; fill: #333 } .case { fill: none; stroke: #999; stroke-width: 1; opacity: .6 }
.worst { fill: none; stroke: #1f77b4; stroke-width: 2 } .limit { stroke: #d62728; stroke-dasharray: 6 4 }
.zero { stroke: #333 } .limit-words { fill: #d62728 } .worst-words { fill: #1f77b4 }"""


def svg(entries: Sequence[Entry], limit: float = SLOWDOWN, drift: float = DRIFT) -> str:
    """Return the picture of a history, oldest revision first.

    Parameters
    ----------
    entries : sequence of Entry
        The history.
    limit, drift : float
        The slowdowns against the base and the anchor that fail.
    """
    panels = (
        ("against the base of each revision", [entry.against_base for entry in entries], limit, "fails: one step"),
        ("against the anchor", [entry.against_anchor for entry in entries], drift, "fails: steps in sum"),
    )
    height = len(panels) * (PANEL + GAP) + GAP
    drawn = [_panel(number * (PANEL + GAP) + GAP, *panel) for number, panel in enumerate(panels)]
    y = height - 20
    names = "".join(
        f'<text x="{_x(i, len(entries)):.1f}" y="{y}" text-anchor="middle">{escape(entry.revision[:7])}</text>'
        for i, entry in enumerate(entries)
        if len(entries) <= 12 or i in {0, len(entries) - 1}
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="white"/>{"".join(drawn)}{names}</svg>\n'
    )


def _panel(top: int, title: str, slowdowns: Sequence[Mapping[str, float]], limit: float, words: str) -> str:
    """Return one panel: a line for each case, the worst of the last revision by name, and the limit."""
    last = slowdowns[-1] if slowdowns else {}
    worst = max(last, key=lambda case: last[case], default="")
    parts = [f'<text x="{MARGIN}" y="{top - 8}">slowdown {title}</text>']
    for value, kind in ((0.0, "zero"), (limit, "limit")):
        y = _y(top, value)
        parts.append(f'<line class="{kind}" x1="{MARGIN}" x2="{WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text x="{MARGIN - 8}" y="{y + 4:.1f}" text-anchor="end">{value:.0%}</text>')
    parts.append(f'<text class="limit-words" x="{MARGIN + 6}" y="{_y(top, limit) - 5:.1f}">{words}</text>')
    for case in sorted({case for each in slowdowns for case in each}, key=lambda case: case == worst):
        points = [(_x(i, len(slowdowns)), _y(top, each[case])) for i, each in enumerate(slowdowns) if case in each]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        kind = "worst" if case == worst else "case"
        parts.append(f'<polyline class="{kind}" points="{path}"><title>{escape(case)}</title></polyline>')
        parts += [f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="2"/>' for x, y in points if len(points) == 1]
    if worst:
        told, x, y = f"slowest now: {escape(worst)} {last[worst]:+.1%}", WIDTH - 20, top + PANEL - 6
        parts.append(f'<text class="worst-words" x="{x}" y="{y}" text-anchor="end">{told}</text>')
    return "".join(parts)


def _x(number: int, count: int) -> float:
    return MARGIN + (WIDTH - MARGIN - 40) * (number + 0.5) / max(1, count)


def _y(top: int, slowdown: float) -> float:
    return top + PANEL * (MOST - min(MOST, max(LEAST, slowdown))) / (MOST - LEAST)
