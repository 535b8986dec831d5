"""Utterances one by one, for functions that take one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of
from fsmn_properties.adapters.kernel import Arguments, Gradients, Kernel
from fsmn_properties.adapters.utterances import POSITIONS, lengths_of, without_frames
from fsmn_properties.contract.formats import INTEGERS

OF_FRAMES = ("hidden", "dmemory", *POSITIONS)


def utterance_by_utterance(
    forward: Block | Callable[..., Any], backward: Callable[..., Any] | None = None, **promises: Any
) -> Block:
    """Return a block that calls functions of one utterance for each utterance of a call.

    Parameters
    ----------
    forward : callable or Block
        A function of one utterance, as `forward(hidden, filter)` or `forward(hidden, bfilter, ffilter)`, with `stride`,
        or `bstride` and `fstride`, if it has strides; or a block.
    backward : callable, optional
        Its gradients, as `backward(dmemory, hidden, filter)`.
    **promises : object
        What is promised, beside or in place of what the adapter declares: positions of utterances.
    """
    declared = {"positions": "utterances", "position_types": INTEGERS}
    return block_of(forward, backward).behind("utterance_by_utterance", _one_by_one, declared, promises)


def _one_by_one(kernel: Kernel) -> Kernel:
    def forward(arguments: Arguments) -> Any:
        memories = [kernel.forward(each) for each in _utterances(arguments)]
        if not memories:
            return without_frames(arguments, ())["memory"]
        return memories[0] if len(memories) == 1 else np.concatenate(memories)

    inner = kernel.backward
    if inner is None:
        return Kernel(forward, None)

    def backward(arguments: Arguments) -> Gradients:
        return together([inner(each) for each in _utterances(arguments)], arguments)

    return Kernel(forward, backward)


def together(found: list[Gradients], arguments: Arguments) -> Gradients:
    """Return the gradients of a call of those of its utterances: their rows laid one after another, filters' added."""
    if not found:
        filters = tuple(f"d{name}" for name in ("hidden", "filter", "bfilter", "ffilter") if name in arguments)
        return without_frames(arguments, filters)
    if len(found) == 1:
        return found[0]
    rows = {name: [each[name] for each in found] for name in found[0]}
    return {
        name: None if each[0] is None else np.concatenate(each) if name == "dhidden" else np.add.reduce(each)
        for name, each in rows.items()
    }


def _utterances(arguments: Arguments) -> Iterator[Arguments]:
    """Yield the arguments of each utterance; those of the only one are handed on as they are."""
    lengths = lengths_of(arguments)
    if len(lengths) == 1:
        yield arguments
        return
    ends = np.cumsum(lengths)
    for start, end in zip(ends - lengths, ends, strict=True):
        yield {**arguments, **{name: arguments[name][start:end] for name in OF_FRAMES if name in arguments}}
