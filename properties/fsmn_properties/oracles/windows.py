"""Which frames each row reads, straight from the contract's conditions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from fsmn_properties.case import Case
from fsmn_properties.forms import UNI


def lags(case: Case, row: int) -> list[tuple[str, int, int]]:
    """Return (filter, its row, frame) for every tap that the given row of the memory uses."""
    if case.form is UNI:
        ((stride,), (position,)) = case.strides.values(), case.positions.values()
        taps = range(len(case["filter"]))
        return [("filter", i, row - (i + 1) * stride) for i in taps if (i + 1) * stride <= position[row]]
    (bstride, fstride), (bposition, fposition) = case.strides.values(), case.positions.values()
    back, ahead = range(len(case["bfilter"])), range(1, len(case["ffilter"]) + 1)
    return [("bfilter", i, row - i * bstride) for i in back if i * bstride <= bposition[row]] + [
        ("ffilter", j - 1, row + j * fstride) for j in ahead if j * fstride <= fposition[row]
    ]


def reads(case: Case) -> npt.NDArray[np.bool_]:
    """Return whether row r of the memory reads frame s, as [r, s]."""
    T = len(case["hidden"])
    matrix = np.eye(T, dtype=bool)
    for row in range(T):
        for _, _, frame in lags(case, row):
            matrix[row, frame] = True
    return matrix
