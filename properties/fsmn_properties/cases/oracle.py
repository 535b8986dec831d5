"""The oracle for any size: the contract's formulas F1, F2 and F4, tap by tap over whole arrays.

Each tap joins rows of the memory to the frames that they read. Everything that the memory block computes is a sum over
these joins, in one arithmetic: on whole numbers nothing rounds in float64, and long double leaves an error that is far
below the rounding bound of the formats that it is wider than.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from fsmn_properties.contract.forms import UNI, Form
from fsmn_ref.arguments import Array

BLOCK = 1 << 17
"""So many elements of a matrix are computed at once: they, and what is computed on the way, stay in a cache."""


class Join(NamedTuple):
    """One tap: how many frames back it reads (ahead, if negative), and which rows of the memory may use it."""

    filter: str
    tap: int
    lag: int
    allowed: npt.NDArray[np.bool_]

    @property
    def rows(self) -> slice:
        """The rows that have a frame at that distance."""
        return slice(self.lag, None) if self.lag >= 0 else slice(None, self.lag)

    @property
    def frames(self) -> slice:
        """The frames at that distance, row by row."""
        return slice(None, -self.lag or None) if self.lag >= 0 else slice(-self.lag, None)


def joins(form: Form, arguments: Mapping[str, Any]) -> Iterator[Join]:
    """Yield every tap that any row uses, straight from the contract's conditions."""
    frames = len(arguments["hidden"])
    if form is UNI:
        stride, position = int(arguments.get("stride", 1)), np.asarray(arguments["position"])
        lags = [("filter", i, (i + 1) * stride, position) for i in range(len(arguments["filter"]))]
    else:
        bstride, fstride = int(arguments.get("bstride", 1)), int(arguments.get("fstride", 1))
        bposition, fposition = np.asarray(arguments["bposition"]), np.asarray(arguments["fposition"])
        lags = [("bfilter", i, i * bstride, bposition) for i in range(len(arguments["bfilter"]))]
        lags += [("ffilter", j - 1, -j * fstride, fposition) for j in range(1, 1 + len(arguments["ffilter"]))]
    for name, tap, lag, position in lags:
        if abs(lag) < frames:
            allowed = position >= abs(lag)
            join = Join(name, tap, lag, allowed)
            if allowed.any():
                yield join._replace(allowed=allowed[join.rows])


def results_of(
    form: Form, arguments: Mapping[str, Any], arithmetic: npt.DTypeLike, *, gradients: bool = True
) -> dict[str, Array]:
    """Return the memory and all gradients by name, computed in one arithmetic.

    Parameters
    ----------
    form : Form
        The form.
    arguments : mapping of str to ndarray or int
        Every argument by name. Positions may have a column for each channel.
    arithmetic : dtype
        The format in which all products and sums are computed.
    gradients : bool
        Whether gradients are computed; a stream has none.
    """
    names = form.matrices if gradients else form.floats
    values = {name: np.asarray(arguments[name]).astype(arithmetic) for name in names}
    results = {"memory": values["hidden"].copy()}
    if gradients:
        results |= {"dhidden": values["dmemory"].copy()}
        results |= {f"d{name}": np.zeros_like(values[name]) for name in form.filters}
    every = list(joins(form, arguments))
    frames, channels = values["hidden"].shape
    step = max(1, BLOCK // max(1, frames))
    for first in range(0, channels, step):
        some = slice(first, first + step)
        block = {name: value[:, some] for name, value in (*values.items(), *results.items())}
        for join in every:
            _add(join if join.allowed.ndim == 1 else join._replace(allowed=join.allowed[:, some]), block)
    return results


def _add(join: Join, block: Mapping[str, Array]) -> None:
    """Add what one tap joins: a product is computed for every row, and forgotten where the tap is not allowed."""
    rows, frames, forbidden = join.rows, join.frames, ~join.allowed
    some = forbidden.any()
    weight, hidden = block[join.filter][join.tap], block["hidden"][frames]
    sums: list[tuple[Array | None, Array, Array]] = [(block["memory"][rows], weight, hidden)]
    if "dhidden" in block:
        dmemory = block["dmemory"][rows]
        sums += [(block["dhidden"][frames], weight, dmemory), (None, hidden, dmemory)]
    for result, one, other in sums:
        product = one * other
        if some:
            product[forbidden] = 0  # whatever it is: NaN times 0 is NaN
        if result is None:
            block[f"d{join.filter}"][join.tap] = product.sum(axis=0)
        else:
            result += product


def reads(form: Form, arguments: Mapping[str, Any]) -> npt.NDArray[np.bool_]:
    """Return whether row r of the memory reads frame s, as [r, s]."""
    every = np.arange(len(arguments["hidden"]))
    matrix = np.eye(len(every), dtype=bool)
    for join in joins(form, arguments):
        matrix[every[join.rows][join.allowed], every[join.frames][join.allowed]] = True
    return matrix
