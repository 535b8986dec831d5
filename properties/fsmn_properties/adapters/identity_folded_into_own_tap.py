"""The identity within the current frame's own tap, for kernels that do not add it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of
from fsmn_properties.adapters.kernel import Arguments, stage


def identity_folded_into_own_tap(
    forward: Block | Callable[..., Any], backward: Callable[..., Any] | None = None, **promises: Any
) -> Block:
    """Return a block whose kernel adds no identity term: the own tap, row 0 of `bfilter`, is one more instead.

    Parameters
    ----------
    forward : callable or Block
        A function that takes `bfilter` and returns the sum over its taps alone; or a block.
    backward : callable, optional
        Its gradients.
    **promises : object
        What is promised, beside or in place of what the adapter declares.

    Raises
    ------
    TypeError
        If the function has no own tap.
    """
    block = block_of(forward, backward)
    if not block.takes & {"bfilter", "taps"}:
        raise TypeError("identity_folded_into_own_tap must be given a function that takes bfilter, got one without it")
    return block.behind("identity_folded_into_own_tap", stage(_folded), {}, promises)


def _folded(arguments: Arguments) -> Arguments:
    bfilter = arguments["bfilter"].copy()
    bfilter[0] += 1
    return {"bfilter": bfilter}
