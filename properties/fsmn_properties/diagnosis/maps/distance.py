"""Taps that read, or are allowed to read, at the wrong distance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.named import Named, Sides, each_side, on
from fsmn_properties.diagnosis.reading import Tap

Distance = Callable[[int, int, int], int]
"""From the number of a tap, its stride and the other side's, to a distance in frames."""

WHERE = {
    "": "",
    ":read": ", though the right distance is held against the position",
    ":mask": " when it is held against the position, though the right frame is read",
}


EDGES = {
    "": "",
    ", wrapping": "; frames beyond the array wrap round to its other end",
    ", clipped": "; for frames beyond the array its first or last one is read",
}


def _at(distance: Distance, where: str) -> Callable[[Tap, Facts], Tap]:
    def change(tap: Tap, facts: Facts) -> Tap:
        found = distance(tap.number, facts.strides[tap.side], facts.strides[facts.other(tap.side)])
        if where == ":read":
            return replace(tap, lag=found)
        if where == ":mask":
            return replace(tap, reach=found)
        return replace(tap, lag=found, reach=found)

    return change


def _distances(form: Form, words: str, stride: str) -> Iterator[tuple[str, Distance, str, dict[str, int]]]:
    yield "stride ignored", lambda n, s, o: n, f"{stride} is ignored: {words} are 1 frame apart", {"": 11}
    nearer = f"{words} begin one stride too near: the first reads the current frame"
    yield "one stride too near", lambda n, s, o: (n - 1) * s, nearer, {"": 3}
    farther = f"{words} begin one stride too far: the first reads the frame that is the second's"
    yield "one stride too far", lambda n, s, o: (n + 1) * s, farther, {"": 3}
    yield "one frame too near", lambda n, s, o: n * s - 1, f"each of {words} is one frame too near", {}
    yield "one frame too far", lambda n, s, o: n * s + 1, f"each of {words} is one frame too far", {}
    first = f"the first of {words} is the next frame's whatever the stride is, and the rest follow in strides"
    yield "first tap at distance 1", lambda n, s, o: 1 + (n - 1) * s, first, {"": 13}
    follow = f"the first of {words} is a stride away, and the rest follow frame by frame"
    yield "only the first tap strided", lambda n, s, o: s + n - 1, follow, {"": 11}
    gap = f"{words} are {stride} + 1 frames apart: the stride is taken for the number of frames between taps"
    yield "stride taken for a gap", lambda n, s, o: n * (s + 1), gap, {}
    yield "stride doubled", lambda n, s, o: 2 * n * s, f"{words} are two strides apart", {}
    yield "stride less one", lambda n, s, o: n * max(1, s - 1), f"{words} are {stride} - 1 frames apart", {}
    yield "stride squared", lambda n, s, o: n * s * s, f"{words} are {stride} squared frames apart", {}
    yield "distance zero", lambda n, s, o: 0, f"{words} all read the current frame", {}
    yield "always one stride", lambda n, s, o: s, f"{words} all read the frame one stride away", {}
    if form is BI:
        other = f"{words} have the stride of the other side"
        yield "stride of the other side", lambda n, s, o: n * o, other, {}
        first = f"the first of {words} is the other side's stride away, and the rest follow in strides of their own"
        yield "first tap at the other stride", lambda n, s, o: o + (n - 1) * s, first, {"": 12}


def maps(form: Form) -> Iterator[Named]:
    """Yield the maps of a form."""
    for sides, suffix, words, names in each_side(form):
        for key, distance, says, known in _distances(form, words, names["stride"]):
            for where, told in WHERE.items():
                if key == "stride ignored" and where == ":mask":
                    told = " when they are held against the position, though the right frames are read"
                if key == "stride of the other side" and len(sides) == 2 and not where:
                    says = "the strides are exchanged: the look-back taps have fstride, the look-ahead taps bstride"
                ahead = {"": 12} if key == "stride of the other side" and sides == (AHEAD,) else known
                for beyond, wraps in EDGES.items() if where else (("", ""),):
                    yield Named(
                        f"{key}{where}{beyond}{suffix}",
                        says + told + wraps,
                        taps=on(sides, _at(distance, where)),
                        edge={"": "drop", ", wrapping": "wrap", ", clipped": "clip"}[beyond],
                        known=ahead,
                    )
        yield Named(
            f"fixed grid{suffix}",
            f"{words} read every stride-th frame from frame 0 on, not from the row on",
            taps=on(sides, _on_a_grid),
        )
        yield Named(
            f"time reversed{suffix}",
            f"{words} read in the wrong direction of time, and are allowed by the right position",
            taps=on(sides, lambda tap, facts: replace(tap, lag=-tap.lag)),
        )
        yield from _wrapping(sides, suffix, words, names)
    if form is UNI:
        return
    yield from _of_bfilter()
    yield Named(
        "directions exchanged",
        "time runs backwards: bfilter weights later frames, allowed by fposition, and ffilter earlier ones",
        taps=on((BACK, AHEAD), _other_way),
    )


def _wrapping(sides: Sides, suffix: str, words: str, names: dict[str, str]) -> Iterator[Named]:
    for B in (16, 256):
        for key, zero in ((f"stride modulo {B}", 0), (f"stride modulo {B} from 1", B)):
            yield Named(
                f"{key}{suffix}",
                f"{names['stride']} wraps at {B}: of a larger stride only the remainder counts",
                taps=on(sides, _at(lambda n, s, o, B=B, zero=zero: n * (s % B or zero), "")),  # type: ignore[misc]
            )
    for B in (8, 16, 32, 64, 100, 128, 256):
        yield Named(
            f"ring of {B}{suffix}",
            f"frames are kept in a ring of {B}, so {words} further away read a frame that has replaced their own",
            taps=on(sides, lambda tap, facts, B=B: replace(tap, lag=1 + (tap.lag - 1) % B)),  # type: ignore[misc]
        )
        yield Named(
            f"distance modulo {B}:everywhere{suffix}",
            f"the distance of {words} wraps at {B}, before it is held against the position as well",
            taps=on(sides, lambda tap, facts, B=B: replace(tap, lag=tap.lag % B, reach=tap.reach % B)),  # type: ignore[misc]
        )
        yield Named(
            f"distance modulo {B}{suffix}",
            f"the distance of {words} wraps at {B}",
            taps=on(sides, lambda tap, facts, B=B: replace(tap, lag=tap.lag % B)),  # type: ignore[misc]
        )


def _of_bfilter() -> Iterator[Named]:
    for where, told in WHERE.items():

        def change(tap: Tap, facts: Facts, where: str = where) -> Tap:
            distance = (tap.number + 1) * facts.strides[BACK]
            lag = tap.lag if where == ":mask" else distance
            return replace(tap, lag=lag, reach=tap.reach if where == ":read" else distance)

        yield Named(
            f"row 0 of bfilter one stride back{where}",
            f"row 0 of bfilter is taken for the frame one stride back, and all others for one stride further{told}",
            taps=on((BACK,), change, own=True),
            known={"": 3},
        )


def _on_a_grid(tap: Tap, facts: Facts) -> Tap:
    stride = facts.strides[tap.side]
    return replace(tap, origin=np.arange(facts.frames) // stride * stride)


def _other_way(tap: Tap, facts: Facts) -> Tap:
    return replace(tap, lag=-tap.lag, position=facts.positions[facts.other(tap.side)])
