"""Strategies that are made once: to make and validate one anew for each case takes longer than to draw from it."""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


def one_of_these(*values: T) -> st.SearchStrategy[T]:
    """Return the strategy that draws one of these values, the same one for the same values."""
    return _one_of_these(values)


@cache
def _one_of_these(values: tuple[T, ...]) -> st.SearchStrategy[T]:
    return st.sampled_from(values)
