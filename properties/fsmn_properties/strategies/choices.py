"""Several choices in one draw: to draw takes Hypothesis longer than most kernels take for a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from math import prod
from typing import Any

from hypothesis import strategies as st

EVENLY_DRAWN = 257  # of more numbers, Hypothesis draws the small ones more often


def choose(draw: st.DrawFn, *options: Sequence[Any]) -> list[Any]:
    """Draw one of each options, as digits of as few numbers as are drawn evenly; shrinking prefers the first of each.

    It also keeps apart what must not be alike: Hypothesis at times repeats in one draw what it drew in another.
    """
    chosen: list[Any] = []
    for together in _drawn_evenly(options):
        number = draw(_below(prod(map(len, together))))
        for each in together:
            number, digit = divmod(number, len(each))
            chosen.append(each[digit])
    return chosen


def _drawn_evenly(options: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    begin = 0
    for end in range(1, len(options) + 1):
        if end == len(options) or prod(map(len, options[begin : end + 1])) > EVENLY_DRAWN:
            yield options[begin:end]
            begin = end


@cache
def _below(end: int) -> st.SearchStrategy[int]:
    # Not integers(): Hypothesis copies what one such draw gave into any other, and takes 0 where that is too much.
    return st.sampled_from(range(end))
