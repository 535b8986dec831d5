"""The utterances that positions count the frames of."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.adapters.kernel import Arguments
from fsmn_properties.contract.forms import BI, UNI
from fsmn_ref.arguments import Array

POSITIONS = (*UNI.positions, *BI.positions)
BACK, AHEAD = ("position", "bposition"), "fposition"


def lengths_of(arguments: Arguments) -> Array:
    """Return the lengths of the utterances of a call.

    Raises
    ------
    NotImplementedError
        If its positions do not count the frames of utterances, the same on both sides.
    """
    back = np.asarray(next(arguments[name] for name in BACK if name in arguments)).astype(np.int64)
    rows = np.arange(len(back))
    starts = np.flatnonzero(back == 0)
    if len(back) != len(arguments["hidden"]) or (len(back) and (len(starts) == 0 or starts[0] != 0)):
        raise NotImplementedError("positions that do not count the frames of utterances")
    ends = np.append(starts[1:], len(back))[: len(starts)]
    lengths: Array = ends - starts
    same = np.array_equal(back, rows - np.repeat(starts, lengths))
    if AHEAD in arguments:
        ahead = np.asarray(arguments[AHEAD]).astype(np.int64)
        same = same and np.array_equal(ahead, np.repeat(ends, lengths) - 1 - rows)
    if not same:
        raise NotImplementedError("positions that do not count the frames of utterances")
    return lengths


def of_one_utterance(arguments: Arguments) -> Arguments:
    """Return no change to the arguments of a call of one utterance.

    Raises
    ------
    NotImplementedError
        If it is of several.
    """
    if len(lengths_of(arguments)) > 1:
        raise NotImplementedError("several utterances in one call")
    return {}


def without_frames(arguments: Arguments, gradients: tuple[str, ...]) -> dict[str, Any]:
    """Return the results of a call without any frame: the memory, and each gradient."""
    floats = [array for array in arguments.values() if isinstance(array, np.ndarray) and array.dtype.kind == "f"]
    dtype = np.result_type(*floats) if floats else np.dtype(np.float64)
    found = {name: np.zeros(arguments[name[1:]].shape, dtype) for name in gradients}
    return {**found, "memory": np.zeros(arguments["hidden"].shape, dtype)}
