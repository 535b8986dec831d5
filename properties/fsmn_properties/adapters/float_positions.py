"""Positions as floats, as in Kaldi's matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of
from fsmn_properties.adapters.kernel import stage
from fsmn_properties.adapters.utterances import POSITIONS


def float_positions(
    forward: Block | Callable[..., Any],
    backward: Callable[..., Any] | None = None,
    *,
    format: str = "float32",
    shape: tuple[int, ...] = (-1,),
    **promises: Any,
) -> Block:
    """Return a block whose functions take positions as floats.

    Parameters
    ----------
    forward : callable or Block
        A function that takes positions, as `forward(hidden, filter, position)`; or a block.
    backward : callable, optional
        Its gradients.
    format : str
        The float format of positions.
    shape : tuple of int
        Their shape: (-1,), (-1, 1) for a column, (1, -1) for a row.
    **promises : object
        What is promised, beside or in place of what the adapter declares: positions of any integer type.

    Raises
    ------
    TypeError
        If the function takes no positions.
    """
    block = block_of(forward, backward)
    if not block.takes & {*POSITIONS}:
        raise TypeError("float_positions must be given a function that takes positions, got one that takes none")

    def floats(given: dict[str, Any]) -> dict[str, Any]:
        return {name: np.asarray(given[name]).astype(format).reshape(shape) for name in POSITIONS if name in given}

    return block.behind("float_positions", stage(floats), {}, promises)
