"""Output that comes late by the look-ahead, as a streaming kernel's does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of
from fsmn_properties.adapters.kernel import Arguments, Gradients, stage


def delayed(
    forward: Block | Callable[..., Any],
    backward: Callable[..., Any] | None = None,
    *,
    frames: int | None = None,
    **promises: Any,
) -> Block:
    """Return a block whose kernel returns the memory of frame t in row t + frames.

    The kernel gets that many frames of zeros after each utterance, and its first rows are dropped.

    Parameters
    ----------
    forward : callable or Block
        A function of one utterance; or a block.
    backward : callable, optional
        Its gradients.
    frames : int, optional
        The delay; by default the frames that the look-ahead taps reach.
    **promises : object
        What is promised, beside or in place of what the block declares.

    Raises
    ------
    TypeError
        If the function takes positions, a mask or lengths, which know nothing of the frames after an utterance.
    """
    block = block_of(forward, backward)
    wrong = sorted(block.takes & {"mask", "lengths", "position", "bposition", "fposition"})
    if wrong:
        raise TypeError(f"delayed must be given a function of one utterance, got one that takes {wrong[0]}")

    def delay_of(given: Arguments) -> int:
        return len(given.get("ffilter", ())) * int(given.get("fstride", 1)) if frames is None else frames

    def arguments(given: Arguments) -> Arguments:
        hidden = given["hidden"]
        none = np.zeros_like(hidden, shape=(*hidden.shape[:-2], delay_of(given), hidden.shape[-1]))
        found = {"hidden": np.concatenate([hidden, none], axis=-2)}
        if "dmemory" in given:
            found["dmemory"] = np.concatenate([none, given["dmemory"]], axis=-2)
        return found

    def memory(late: Any, given: Arguments) -> Any:
        return late[..., delay_of(given) :, :]

    def gradients(found: Gradients, given: Arguments) -> Gradients:
        if found["dhidden"] is None:
            return found
        return {**found, "dhidden": found["dhidden"][..., : given["hidden"].shape[-2], :]}

    return block.behind("delayed", stage(arguments, memory, gradients), {}, promises)
