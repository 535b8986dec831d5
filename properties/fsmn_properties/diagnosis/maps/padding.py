"""Taps that read something in place of the frames beyond an utterance, or beyond the array."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.named import Named, each_side, on
from fsmn_properties.diagnosis.reading import Tap
from fsmn_ref.arguments import Array

Pad = Callable[[Array, Array, Array], Array]
"""From frames, and the first and last ones that there are, to the frames that are read."""


def _folded(s: Array, first: Array, last: Array, repeated: int) -> Array:
    """Return frames folded into a stretch, as often as it takes; its first and last ones may be repeated."""
    length = last - first + repeated
    place = (s - first) % np.maximum(1, 2 * length)
    folded: Array = np.where(place <= last - first, first + place, first + 2 * length - place - repeated)
    return folded


PADS: tuple[tuple[str, str, Pad], ...] = (
    ("replicated", "read its first or last frame", np.clip),
    (
        "reflected",
        "read frames mirrored at its first or last frame, which is not repeated",
        lambda s, a, b: _folded(s, a, b, 0),
    ),
    (
        "mirrored",
        "read frames mirrored at its edge, so that its first or last frame is repeated",
        lambda s, a, b: _folded(s, a, b, 1),
    ),
    ("wrapped", "wrap round to its other end", lambda s, a, b: a + (s - a) % np.maximum(1, b - a + 1)),
)
"""What is read beyond a stretch of frames."""


def maps(form: Form) -> Iterator[Named]:
    """Yield the maps of a form."""
    for sides, suffix, words, names in each_side(form):
        for key, says, pad in PADS:
            if key in {"reflected", "mirrored"}:
                yield Named(
                    f"array {key}{suffix}",
                    f"{names['position']} is ignored, and {words} that reach beyond the array {says}",
                    taps=on(sides, _padded(pad, _array)),
                )
            yield Named(
                f"utterance {key}{suffix}",
                f"{words} that reach beyond the utterance {says}, where they should read nothing",
                taps=on(sides, _padded(pad, _utterance)),
            )


Bounds = Callable[[Facts], tuple[Array, Array]]


def _array(facts: Facts) -> tuple[Array, Array]:
    return np.zeros(facts.frames, np.intp), np.full(facts.frames, facts.frames - 1)


def _utterance(facts: Facts) -> tuple[Array, Array]:
    """Return the first and last frame of the utterance of each row."""
    rows = np.arange(facts.frames)
    if AHEAD in facts.positions:
        return rows - facts.positions[BACK], rows + facts.positions[AHEAD]
    ends = np.append(facts.starts[facts.starts > 0] - 1, facts.frames - 1)
    return rows - facts.positions[BACK], ends[np.searchsorted(ends, rows)]


def _padded(pad: Pad, bounds: Bounds) -> Callable[[Tap, Facts], Tap]:
    def change(tap: Tap, facts: Facts) -> Tap:
        first, last = bounds(facts)
        rows, lag = np.arange(facts.frames), tap.lag % (2**40)
        frames = pad(rows - lag if tap.side == BACK else rows + lag, first, last)
        return replace(tap, reach=0, frames=frames)

    return change
