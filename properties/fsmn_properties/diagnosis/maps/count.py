"""Taps that are left out, or counted twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from fsmn_properties.contract.forms import BI, Form
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.named import Named, each_side, on
from fsmn_properties.diagnosis.reading import Tap

MOST = (1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 100, 128, 256)
GROUPS = (2, 3, 4, 8, 16, 32)


def _kept(kept: Callable[[int, int], bool]) -> Callable[[Tap, Facts], Tap | None]:
    def change(tap: Tap, facts: Facts) -> Tap | None:
        return tap if kept(tap.number, facts.taps[tap.side]) else None

    return change


def maps(form: Form) -> Iterator[Named]:
    """Yield the maps of a form."""
    for sides, suffix, words, names in each_side(form):
        filter = names["filter"]
        yield Named(
            f"side lost{suffix}",
            f"{words} are never used: {filter} has no part in it",
            taps=on(sides, lambda tap, facts: None),
            known={"": 14} if sides == (AHEAD,) else {},
        )
        yield Named(
            f"last tap lost{suffix}",
            f"the last of {words} is left out: one tap too few",
            taps=on(sides, _kept(lambda n, N: n < N)),
            known={"": 3},
        )
        yield Named(
            f"first tap lost{suffix}",
            f"the first of {words} is left out",
            taps=on(sides, _kept(lambda n, N: n > 1)),
        )
        for K in MOST:
            yield Named(
                f"only {K} taps{suffix}",
                f"only the first {K} of {words} {'is' if K == 1 else 'are'} used",
                taps=on(sides, _kept(lambda n, N, K=K: n <= K)),  # type: ignore[misc]
            )
        for B in GROUPS:
            yield Named(
                f"tail after groups of {B} lost{suffix}",
                f"{words} are taken {B} at a time, and those beyond the last whole group are left out",
                taps=on(sides, _kept(lambda n, N, B=B: n <= N // B * B)),  # type: ignore[misc]
            )
            yield Named(
                f"full last group of {B} lost{suffix}",
                f"where {words} are a multiple of {B}, the last {B} are left out",
                taps=on(sides, _kept(lambda n, N, B=B: bool(N % B) or n <= N - B)),  # type: ignore[misc]
            )
        yield Named(
            f"every other tap lost{suffix}",
            f"every other one of {words} is left out: the second, the fourth and so on",
            taps=on(sides, _kept(lambda n, N: n % 2 == 1)),
        )
        yield Named(
            f"only the last tap{suffix}",
            f"only the last of {words} is used",
            taps=on(sides, _kept(lambda n, N: n == N)),
        )
    if form is BI:
        yield Named(
            "own tap missing",
            "the current frame's own tap (row 0 of bfilter) is missing",
            taps=on((BACK,), lambda tap, facts: tap if tap.number else None, own=True),
        )
        yield Named(
            "own tap twice",
            "the current frame's own tap (row 0 of bfilter) counts twice",
            taps=on((BACK,), lambda tap, facts: tap if tap.number else replace(tap, weight=2.0), own=True),
            known={"": 15},
        )
        yield Named(
            "row 0 as a look-back tap",
            "row 0 of bfilter is used once more, as a look-back tap one stride away",
            taps=lambda taps, facts: [*taps, *_one_stride_back(taps, facts)],
        )
        yield Named(
            "bfilter never used",
            "bfilter is never used, row 0 included",
            taps=on((BACK,), lambda tap, facts: None, own=True),
        )
        yield Named(
            "no more look-ahead taps than look-back taps",
            "only as many look-ahead taps are used as there are look-back taps",
            taps=on((AHEAD,), lambda tap, facts: tap if tap.number <= facts.taps[BACK] else None),
        )
        yield Named(
            "no more look-back taps than look-ahead taps",
            "only as many look-back taps are used as there are look-ahead taps",
            taps=on((BACK,), lambda tap, facts: tap if tap.number <= facts.taps[AHEAD] else None),
        )
        yield Named(
            "own tap only where the frame may look back",
            "the current frame's own tap (row 0 of bfilter) is left out where bposition is 0",
            taps=on((BACK,), lambda tap, facts: tap if tap.number else replace(tap, reach=1), own=True),
        )


def _one_stride_back(taps: list[Tap], facts: Facts) -> list[Tap]:
    stride = facts.strides[BACK]
    own = [tap for tap in taps if tap.side == BACK and tap.number == 0]
    return [replace(tap, number=1, lag=stride, reach=stride) for tap in own]
