"""Look-back taps oldest first, as a convolution has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of
from fsmn_properties.adapters.kernel import Arguments, Gradients, stage

FLIPPED = ("filter", "bfilter")


def taps_oldest_first(
    forward: Block | Callable[..., Any], backward: Callable[..., Any] | None = None, **promises: Any
) -> Block:
    """Return a block whose look-back filters begin with the oldest tap; the current frame's own tap comes last.

    Look-ahead filters begin with the next frame in either case.

    Parameters
    ----------
    forward : callable or Block
        A function with such filters, or a block.
    backward : callable, optional
        Its gradients.
    **promises : object
        What is promised, beside or in place of what the block declares.
    """
    return block_of(forward, backward).behind("taps_oldest_first", stage(_flipped, gradients=_back), {}, promises)


def _flipped(arguments: Arguments) -> Arguments:
    # A copy even of a single row, whose step NumPy leaves negative: PyTorch refuses it.
    return {name: arguments[name][::-1].copy() for name in FLIPPED if name in arguments}


def _back(gradients: Gradients, _: Arguments) -> Gradients:
    flipped = {f"d{name}" for name in FLIPPED}
    return {name: each[::-1] if name in flipped and each is not None else each for name, each in gradients.items()}
