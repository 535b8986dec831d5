"""Values as Python that makes them again, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np


def literal(value: Any) -> str:
    """Return Python that makes `value`; arrays keep dtype and byte order, and their values to the last bit."""
    if not isinstance(value, np.ndarray):
        return repr(value)
    numbers = repr(value.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
    dtype = value.dtype
    name = repr(dtype.str) if not dtype.isnative else f"np.{dtype.name}" if dtype.name != "float64" else ""
    text = f"np.array({numbers}, dtype={name})" if name else f"np.array({numbers})"
    # np.array([]) has lost every size but the first that is 0, and an empty list of integers its dtype.
    return f"np.zeros({value.shape}, dtype={name or 'np.float64'})" if value.size == 0 else text
