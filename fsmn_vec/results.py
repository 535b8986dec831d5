"""The arrays that results are written to."""

from __future__ import annotations

import numpy as np

from fsmn_ref.arguments import Array


def result(name: str, given: Array | None, like: Array, *others: Array) -> Array:
    """Return the array for a result with the shape and dtype of `like`: `given` once it is checked, or a new one.

    Raises
    ------
    TypeError
        If `given` is no ndarray or has another dtype.
    ValueError
        If it has another shape, is read-only, or shares memory with `like` or `others`, which are still to be read.
    """
    if given is None:
        return np.empty(like.shape, like.dtype)
    if not isinstance(given, np.ndarray):
        raise TypeError(f"{name} is a {type(given).__name__} (allowed: ndarray)")
    if given.dtype != like.dtype:
        raise TypeError(f"{name} has dtype {given.dtype} (allowed: {like.dtype})")
    if given.shape != like.shape:
        raise ValueError(f"{name} has shape {given.shape} (allowed: {like.shape})")
    if not given.flags.writeable:
        raise ValueError(f"{name} is read-only")
    if any(np.shares_memory(given, other) for other in (like, *others)):
        raise ValueError(f"{name} shares memory with an argument or another result")
    return given
