"""Colours of taps, light enough for dark letters on top; the letters say the tap to those who see no colours.

The colours are those of the scheme 'light' of Paul Tol's technical note on colour schemes, which stay apart for readers
with colour-blindness.
"""

from __future__ import annotations

BACK = ("#77aadd", "#44bb99", "#99ddff", "#bbcc33", "#aaaa00")
AHEAD = ("#ee8866", "#eedd88", "#ffaabb")
IDENTITY = "#d5d5d5"
INK = "#1d2530"


def colours(taps: tuple[str, ...]) -> list[str]:
    """Return a colour for each tap: cool ones for taps that look back, warm ones for those that look ahead."""
    ahead = [name.startswith("ffilter") for name in taps]
    one_sided = not any(ahead)
    back = (*BACK, *AHEAD) if one_sided else BACK
    found, seen = [], {True: 0, False: 0}
    for name, forwards in zip(taps, ahead, strict=True):
        if name == "identity":
            found.append(IDENTITY)
            continue
        choice = AHEAD if forwards else back
        found.append(choice[seen[forwards] % len(choice)])
        seen[forwards] += 1
    return found


def letters(name: str) -> str:
    """Return what stands in a cell for a tap, as in `2` for `filter[2]`, `b2` and `f2` on two sides."""
    if name == "identity":
        return "="
    head, _, rest = name.partition("[")
    side = {"bfilter": "b", "ffilter": "f"}.get(head, "")
    return f"{side}{rest.rstrip(']')}"[:4]
