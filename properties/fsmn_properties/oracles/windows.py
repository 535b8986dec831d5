"""Which frames each row reads, straight from the contract's conditions."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from fsmn_properties.case import Case
from fsmn_properties.forms import UNI

Indices: TypeAlias = npt.NDArray[np.intp]


def lags(case: Case, row: int) -> list[tuple[str, Indices, Indices]]:
    """Return for each filter (its name, the taps that the given row of the memory uses, the frames they read)."""
    if case.form is UNI:
        ((stride,), (position,)) = case.strides.values(), case.positions.values()
        i = np.arange(len(case["filter"]))
        i = i[(i + 1) * stride <= int(position[row])]
        return [("filter", i, row - (i + 1) * stride)]
    (bstride, fstride), (bposition, fposition) = case.strides.values(), case.positions.values()
    i, j = np.arange(len(case["bfilter"])), 1 + np.arange(len(case["ffilter"]))
    i, j = i[i * bstride <= int(bposition[row])], j[j * fstride <= int(fposition[row])]
    return [("bfilter", i, row - i * bstride), ("ffilter", j - 1, row + j * fstride)]


def sums_that_hold(case: Case, name: str, row: int) -> dict[str, Indices]:
    """Return the rows of each result whose sums hold what is in the given row of an argument.

    A tap that is used joins a row of dmemory, one of hidden and one of a filter: the product of two of them is summed
    at the third, in the memory for dmemory, in its gradient for the others.
    """
    results = {name: f"d{name}" for name in case.form.floats} | {"dmemory": "memory"}
    found: dict[str, list[Indices]] = {result: [np.array([], np.intp)] for result in results.values()}
    identity = {"hidden": "memory", "dmemory": "dhidden"}
    if name in identity:
        found[identity[name]].append(np.array([row]))
    for r in range(len(case["hidden"])):
        for filter, i, s in lags(case, r):
            joined = {"dmemory": np.full(len(i), r), "hidden": s, filter: i}
            held = joined.get(name, np.array([])) == row
            if held.any():
                for third in joined.keys() - {name}:
                    found[results[third]].append(joined[third][held])
    return {result: np.concatenate(rows) for result, rows in found.items()}


def reads(case: Case) -> npt.NDArray[np.bool_]:
    """Return whether row r of the memory reads frame s, as [r, s]."""
    T = len(case["hidden"])
    matrix = np.eye(T, dtype=bool)
    for row in range(T):
        for _, _, frames in lags(case, row):
            matrix[row, frames] = True
    return matrix
