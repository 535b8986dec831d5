"""The unidirectional form made of the bidirectional one, by an own tap of zero."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.adapters.kernel import Arguments, Gradients, Kernel
from fsmn_properties.adapters.utterances import lengths_of
from fsmn_properties.contract.promises import Promises


def unidirectional(kernel: Kernel, promises: Promises) -> Kernel:
    """Return the unidirectional form of a bidirectional kernel.

    A kernel that promises look-ahead taps from a number on gets so many, of zero.
    """

    def arguments(given: Arguments) -> Arguments:
        filter, position = given["filter"], given["position"]
        own, ahead = np.zeros_like(filter, shape=(1, *filter.shape[1:])), (promises.ahead[0], *filter.shape[1:])
        shared: Arguments = {name: given[name] for name in ("dmemory", "hidden") if name in given}
        return {
            **shared,
            "bfilter": np.concatenate([own, filter]),
            "ffilter": np.zeros_like(filter, shape=ahead),
            "bposition": position,
            "fposition": _ahead(given, promises),
            "bstride": given["stride"],
            "fstride": given["stride"],
        }

    def forward(given: Arguments) -> Any:
        return kernel.forward(arguments(given))

    inner = kernel.backward
    if inner is None:
        return Kernel(forward, None)

    def backward(given: Arguments) -> Gradients:
        found = inner(arguments(given))
        dbfilter = found["dbfilter"]
        return {"dhidden": found["dhidden"], "dfilter": None if dbfilter is None else dbfilter[1:]}

    return Kernel(forward, backward)


def _ahead(given: Arguments, promises: Promises) -> Any:
    """Return how far each frame may look ahead: nowhere, or to the end of its utterance if utterances are promised."""
    if promises.positions == "any":
        return np.zeros_like(given["position"])
    lengths = lengths_of(given)
    ends = np.repeat(np.cumsum(lengths), lengths)
    return (ends - 1 - np.arange(len(ends))).astype(np.int64)
