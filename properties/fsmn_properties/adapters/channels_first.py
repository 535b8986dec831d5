"""Matrices with a row for each channel, as (B, D, T) of a convolution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import DIFFERENTIABLE, block_of
from fsmn_properties.adapters.kernel import stage

MATRICES = ("dmemory", *DIFFERENTIABLE)


def channels_first(
    forward: Block | Callable[..., Any], backward: Callable[..., Any] | None = None, **promises: Any
) -> Block:
    """Return a block whose functions take every matrix with channels first: frames (D, T) or (B, D, T), filters (D, N).

    Parameters
    ----------
    forward : callable or Block
        A function of such matrices, which returns the memory so as well; or a block.
    backward : callable, optional
        Its gradients, likewise.
    **promises : object
        What is promised, beside or in place of what the block declares.
    """
    mine = stage(
        lambda given: {name: np.ascontiguousarray(_transposed(given[name])) for name in MATRICES if name in given},
        lambda memory, _: _transposed(memory),
        lambda gradients, _: {name: _transposed(each) for name, each in gradients.items()},
    )
    return block_of(forward, backward).behind("channels_first", mine, {}, promises)


def _transposed(matrix: Any) -> Any:
    return np.swapaxes(matrix, -1, -2) if isinstance(matrix, np.ndarray) and matrix.ndim > 1 else matrix
