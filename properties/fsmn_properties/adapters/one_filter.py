"""Both filters in one, as the weight of a convolution that looks back and ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of
from fsmn_properties.adapters.kernel import Arguments, Gradients, Stage, stage


def one_filter(
    forward: Block | Callable[..., Any],
    backward: Callable[..., Any] | None = None,
    *,
    symmetric: bool = False,
    **promises: Any,
) -> Block:
    """Return a block whose functions take one filter of all taps, oldest first.

    Parameters
    ----------
    forward : callable or Block
        A function as `forward(hidden, taps)` or `forward(hidden, taps, left)`; or a block. Row `left` of `taps` is the
        current frame's own tap, the rows before it look back and those after it ahead.
    backward : callable, optional
        Its gradients, as `backward(dmemory, hidden, taps, left)`.
    symmetric : bool
        Whether the own tap is in the middle: the side with fewer taps gets further ones, of zero.
    **promises : object
        What is promised, beside or in place of what the block declares.

    Raises
    ------
    TypeError
        If the function does not take `taps`.
    """
    block = block_of(forward, backward)
    if "taps" not in block.takes:
        raise TypeError("one_filter must be given a function that takes taps, got one without it")
    return block.behind("one_filter", _joined(symmetric), {}, promises)


def _joined(symmetric: bool) -> Stage:
    def left_of(given: Arguments) -> int:
        back, ahead = len(given["bfilter"]) - 1, len(given["ffilter"])
        return max(back, ahead) if symmetric else back

    def arguments(given: Arguments) -> Arguments:
        bfilter, ffilter, left = given["bfilter"], given["ffilter"], left_of(given)
        length = 2 * left + 1 if symmetric else left + 1 + len(ffilter)
        taps = np.zeros((length, bfilter.shape[1]), np.result_type(bfilter, ffilter))
        taps[left + 1 - len(bfilter) : left + 1] = bfilter[::-1]
        taps[left + 1 : left + 1 + len(ffilter)] = ffilter
        return {"taps": taps, "left": left}

    def gradients(found: Gradients, given: Arguments) -> Gradients:
        dtaps, left = found["dtaps"], left_of(given)
        if dtaps is None:
            return {"dhidden": found["dhidden"], "dbfilter": None, "dffilter": None}
        back = dtaps[left + 1 - len(given["bfilter"]) : left + 1][::-1]
        return {
            "dhidden": found["dhidden"],
            "dbfilter": back,
            "dffilter": dtaps[left + 1 : left + 1 + len(given["ffilter"])],
        }

    return stage(arguments, gradients=gradients)
