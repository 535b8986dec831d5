"""Functions on arrays, as they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of


def array_function(forward: Callable[..., Any], backward: Callable[..., Any] | None = None, **promises: Any) -> Block:
    """Return a block of functions on NumPy's arrays.

    Parameters
    ----------
    forward : callable
        A function whose parameters have the contract's names, as `forward(hidden, filter, position, stride)`. A
        function that takes no positions is called with one utterance.
    backward : callable, optional
        Its gradients, as `backward(dmemory, hidden, filter, position, stride)`.
    **promises : object
        What is promised, beside or in place of what the names say.
    """
    return block_of(forward, backward).but({}, promises)
