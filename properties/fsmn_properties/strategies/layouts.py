"""The same values in every way that an array may lie in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_ref.arguments import Array


def _strided(array: Array) -> Array:
    wide = np.full_like(array, 77, shape=[2 * n for n in array.shape])
    view = wide[(slice(1, None, 2),) * array.ndim]
    view[...] = array
    return view


def _read_only(array: Array) -> Array:
    copy = array.copy()
    copy.flags.writeable = False
    return copy


LAYOUTS: dict[str, Any] = {
    "Fortran-ordered": lambda array: np.array(array, order="F"),
    "strided": _strided,
    "reversed": lambda array: array[::-1].copy()[::-1],
    "reversed in its last axis": lambda array: array[..., ::-1].copy()[..., ::-1],
    "byte-swapped": lambda array: array.astype(array.dtype.newbyteorder("S")),
    "read-only": _read_only,
    "misaligned": lambda array: np.frombuffer(b"\0" + array.tobytes(), array.dtype, offset=1).reshape(array.shape),
}

EXPANDED: dict[str, Any] = {
    # As the gradient of a sum is in PyTorch; only an array of equal rows keeps its values.
    "expanded from its first row": lambda array: np.broadcast_to(array[:1], array.shape),
}
