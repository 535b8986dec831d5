"""The same values in every way that an argument may be handed in: as Python that makes it from a plain array `x`.

The text is what a script prints, and what runs: a counterexample cannot lose its layout on the way into text.
"""

from __future__ import annotations

from functools import cache
from types import CodeType
from typing import Any

import numpy as np

from fsmn_ref.arguments import Array

LAYOUTS: dict[str, str] = {
    "Fortran-ordered": "np.array(x, order='F')",
    "strided": "np.stack([x, 1 - x], -1).repeat(2, 0)[::2, ..., 0]",
    "every other row": "np.stack([x, 1 - x], 1)[:, 0]",
    "every other channel": "np.stack([x, 1 - x], -1)[..., 0]",
    "cut out of wider rows": "np.concatenate([x, 1 - x], -1)[..., : x.shape[-1]]",
    "cut out of more rows": "np.concatenate([1 - x, x])[len(x) :]",
    "reversed": "x[::-1].copy()[::-1]",
    "reversed in its last axis": "x[..., ::-1].copy()[..., ::-1]",
    "byte-swapped": "x.astype(x.dtype.newbyteorder('S'))",
    "read-only": "np.frombuffer(x.tobytes(), x.dtype).reshape(x.shape)",
    "misaligned": "np.frombuffer(b'\\0' + x.tobytes(), x.dtype, offset=1).reshape(x.shape)",
}

EXPANDED = {"expanded from its first row": "np.broadcast_to(x[:1], x.shape)"}
"""As the gradient of a sum is in PyTorch; only an array of equal rows keeps its values."""

LISTS: dict[str, str] = {
    "a list": "x.tolist()",
    "a tuple": "tuple(map(tuple, x.tolist())) if x.ndim == 2 else tuple(x.tolist())",
    "a list of rows": "list(x)",
    "a buffer": "memoryview(x)",
    "a slice of a buffer": "memoryview(np.concatenate([x[::-1], x]))[len(x) :]",
    "an array of the standard library": "__import__('array').array(x.dtype.char, x.tolist())",
    "a matrix": "x.view(np.matrix)",  # without the warning of its constructor
    "a range": "range(int(x[0]), *((int(x[-1]) + 1,) if x[0] <= x[-1] else (-1, -1)))",
    "a masked array": "np.ma.array(x)",
    "a masked array with a mask": "np.ma.array(x, mask=np.arange(x.size).reshape(x.shape) % 3 == 1)",
    "an object with __array__": "type('Lazy', (), {'__array__': lambda self, dtype=None, copy=None, x=x: x})()",
    "an object with __array__ and data": (
        "type('Lazy', (), {'__array__': lambda self, dtype=None, copy=None, x=x: x, 'data': 0 * x})()"
    ),
}
"""Whatever else `numpy.asarray` takes."""

LOSE_THEIR_TYPE = ("a list", "a tuple", "a range")
"""Of numbers of Python, `numpy.asarray` makes float64 and int64."""

OF_POSITIONS = ("a range", "a slice of a buffer", "an array of the standard library")
"""What only positions can be handed in as."""

_ALL = {"": "x", **LAYOUTS, **EXPANDED, **LISTS}


def expression(layout: str) -> str:
    """Return the Python that makes an argument of a layout from a plain array called `x`."""
    return _ALL[layout]


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, f"<{text}>", "eval")


def evaluated(text: str, x: Any) -> Any:
    """Return the value of Python about `x`."""
    return eval(_compiled(text), {"np": np, "x": x})  # noqa: S307, the text is ours


def laid(plain: Array, layout: str) -> Any:
    """Return a new argument with the values of `plain`, and that layout; a copy if it has none."""
    x = plain.copy()
    return evaluated(_ALL[layout], x) if applies(layout, x) else x


def applies(layout: str, plain: Array) -> bool:
    """Return whether an array can have a layout: of an empty matrix, no list knows the channels."""
    if layout == "a matrix":
        return plain.ndim == 2 and plain.size > 0
    if layout == "a range":
        counts = np.arange(len(plain))
        return plain.ndim == 1 and plain.size > 0 and any(np.array_equal(plain, c) for c in (counts, counts[::-1]))
    if layout in OF_POSITIONS:
        return plain.ndim == 1 and plain.size > 0 and plain.dtype.kind in "iu"
    return bool(layout) and (plain.size > 0 or (plain.ndim == 1 and layout in LOSE_THEIR_TYPE))
