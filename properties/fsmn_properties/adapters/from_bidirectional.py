"""Both forms of a bidirectional kernel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of
from fsmn_properties.contract.forms import BI


def from_bidirectional(
    forward: Block | Callable[..., Any], backward: Callable[..., Any] | None = None, **promises: Any
) -> Block:
    """Return a block of both forms: the unidirectional form is the bidirectional one with an own tap of zero.

    Parameters
    ----------
    forward : callable or Block
        A bidirectional function, with or without look-ahead; or a block.
    backward : callable, optional
        Its gradients.
    **promises : object
        What is promised, beside or in place of what the adapter declares: finite values alone, since zero times
        infinity is NaN.

    Raises
    ------
    TypeError
        If the function is unidirectional.
    """
    block = block_of(forward, backward)
    if block.form is not BI:
        raise TypeError("from_bidirectional must be given a function that takes bfilter, got a unidirectional function")
    return replace(block.but({"nonfinite": False}, promises), both_forms=True)
