"""Rows of a filter that weight the wrong frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from fsmn_properties.contract.forms import BI, Form
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.named import Named, each_side, on
from fsmn_properties.diagnosis.reading import Tap

Row = Callable[[int, int, int], int | None]
"""From the number of a tap, from 0, how many there are, and the first row of the filter's taps, to a row."""


def _row(row: Row) -> Callable[[Tap, Facts], Tap | None]:
    def change(tap: Tap, facts: Facts) -> Tap | None:
        own = facts.own(tap.side)
        found = row(tap.number - 1, facts.taps[tap.side], own)
        return None if found is None else replace(tap, row=found)

    return change


GROUPS = (2, 3, 4, 8, 16, 32, 64, 128, 256)


def maps(form: Form) -> Iterator[Named]:
    """Yield the maps of a form."""
    for sides, suffix, words, names in each_side(form):
        filter = names["filter"]
        first = 1 if form is BI and sides == (BACK,) else 0
        reads = f"{words} are in reverse order: the first row ({filter}[{first}]) weights the farthest frame"
        if len(sides) > 1:
            reads = f"{words} are in reverse order: the first row of each weights the farthest frame"
        known = {"forward and backward": 25, "": 2}
        yield Named(
            f"taps reversed{suffix}", reads, taps=on(sides, _row(lambda n, N, own: own + N - 1 - n)), known=known
        )
        yield from _shifted(sides, suffix, words, filter)
        yield Named(
            f"first tap for all{suffix}",
            f"{words} all have the weight of the first row of {filter}",
            taps=on(sides, _row(lambda n, N, own: own)),
        )
        yield Named(
            f"last tap for all{suffix}",
            f"{words} all have the weight of the last row of {filter}",
            taps=on(sides, _row(lambda n, N, own: own + N - 1)),
        )
        yield Named(
            f"taps exchanged in pairs{suffix}",
            f"{words} are exchanged in pairs: the first row of {filter} weights the second frame, the second the first",
            taps=on(sides, _row(lambda n, N, own: own + (n ^ 1))),
        )
        yield Named(
            f"fourth tap is the third{suffix}",
            f"every fourth of {words} has the weight of the third",
            taps=on(sides, _row(lambda n, N, own: own + (n - 1 if n % 4 == 3 else n))),
        )
        for K in GROUPS:
            yield Named(
                f"taps repeat after {K}{suffix}",
                f"the weights of {words} repeat after {K} rows of {filter}",
                taps=on(sides, _row(lambda n, N, own, K=K: own + n % K)),  # type: ignore[misc]
            )
    if form is BI:
        yield from _across()


def _shifted(sides: tuple[str, ...], suffix: str, words: str, filter: str) -> Iterator[Named]:
    yield Named(
        f"weight of the next row{suffix}",
        f"each of {words} has the weight of the next row of {filter}, and the last has none: rows are off by one",
        taps=on(sides, _row(lambda n, N, own: own + n + 1)),
        known={"": 3},
    )
    yield Named(
        f"weight of the row before{suffix}",
        f"each of {words} has the weight of the row before in {filter}, and the first has none: rows are off by one",
        taps=on(sides, _row(lambda n, N, own: own + n - 1 if n else None)),
        known={"": 3},
    )
    yield Named(
        f"rows rolled back{suffix}",
        f"the rows of {filter} are off by one and wrap: the first of {words} has the last row, the second the first",
        taps=on(sides, _row(lambda n, N, own: own + (n - 1) % N)),
    )
    yield Named(
        f"rows rolled on{suffix}",
        f"the rows of {filter} are off by one and wrap: the first of {words} has the second row, the last the first",
        taps=on(sides, _row(lambda n, N, own: own + (n + 1) % N)),
    )


def _exchanged_with_lengths(taps: list[Tap], facts: Facts) -> list[Tap]:
    found = [tap for tap in taps if tap.number == 0]
    rows = np.arange(facts.frames)
    for side in (BACK, AHEAD):
        filter, own = facts.filter_of(facts.other(side)), facts.own(facts.other(side))
        for number in range(1, facts.taps[facts.other(side)] + 1):
            lag = number * facts.strides[side]
            found.append(Tap(side, number, filter, number - 1 + own, lag, lag, facts.positions[side], rows))
    return found


def _across() -> Iterator[Named]:
    yield Named(
        "taps reversed with the own tap",
        "all rows of bfilter are in reverse order, row 0 among them: the last row weights the current frame",
        taps=on((BACK,), lambda tap, facts: replace(tap, row=facts.counts["bfilter"] - 1 - tap.row), own=True),
        known={"forward and backward": 25, "": 2},
    )
    yield Named(
        "row 0 for the first look-back tap",
        "the look-back taps begin with row 0 of bfilter: each has the weight of the row before",
        taps=on((BACK,), lambda tap, facts: replace(tap, row=tap.row - 1)),
        known={"": 3},
    )
    yield Named(
        "rows of bfilter off by one",
        "each row of bfilter weights the frame that is the next row's, and row 0 weights none",
        taps=on((BACK,), lambda tap, facts: replace(tap, row=tap.row + 1), own=True),
        known={"": 3},
    )
    yield Named(
        "look-ahead reads the look-back filter",
        "the look-ahead taps have the weights of bfilter (its rows from 1 on) instead of those of ffilter",
        taps=on((AHEAD,), lambda tap, facts: replace(tap, filter="bfilter", row=tap.number)),
    )
    yield Named(
        "look-ahead reads the look-back filter from row 0",
        "the look-ahead taps have the weights of bfilter, from its row 0 on, instead of those of ffilter",
        taps=on((AHEAD,), lambda tap, facts: replace(tap, filter="bfilter", row=tap.number - 1)),
    )
    yield Named(
        "look-back reads the look-ahead filter",
        "the look-back taps have the weights of ffilter instead of those of bfilter",
        taps=on((BACK,), lambda tap, facts: replace(tap, filter="ffilter", row=tap.number - 1)),
    )

    def exchanged(tap: Tap, facts: Facts) -> Tap:
        if tap.side == AHEAD:
            return replace(tap, filter="bfilter", row=tap.number)
        return replace(tap, filter="ffilter", row=tap.number - 1)

    yield Named(
        "filters exchanged",
        "the filters are exchanged: ffilter weights earlier frames, and bfilter later ones",
        taps=on((BACK, AHEAD), exchanged),
    )
    yield Named(
        "filters exchanged with their lengths",
        "the filters are exchanged, as many taps as each has: ffilter weights earlier frames, bfilter later ones",
        taps=_exchanged_with_lengths,
    )
    yield Named(
        "rows of ffilter begin with the last but one",
        "ffilter is indexed with j instead of j - 1: each look-ahead tap has the weight of the next row, wrapping",
        taps=on((AHEAD,), lambda tap, facts: replace(tap, row=tap.number % max(1, facts.counts["ffilter"]))),
    )
