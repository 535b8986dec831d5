"""The promises that two targets share."""

from __future__ import annotations

from dataclasses import fields
from math import lcm
from typing import Any

from fsmn_properties.contract.promises import PromiseError, Promises

_ORDERS = {
    "positions": ("any", "utterances", "whole"),
    "strides": ("any", "equal", "one"),
    "refusals": ("words", "types", "none"),
    "layouts": ("any", "contiguous"),
    "results": ("contiguous", "any"),
}
"""Values of a promise, each promising less than the one before."""


def shared(one: Promises, other: Promises) -> Promises:
    """Return what both promise.

    Raises
    ------
    PromiseError
        If no case lies within both.
    """
    mine = {
        field.name: _less(field.name, getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
    }
    if not mine["functions"]:
        raise PromiseError("the two have no function in common")
    if not mine["formats"]:
        raise PromiseError("the two have no format in common")
    return Promises(**mine)


def _less(key: str, one: Any, other: Any) -> Any:
    if key in _ORDERS:
        return max(one, other, key=_ORDERS[key].index)
    if isinstance(one, bool):
        return one and other
    if key in {"frames", "channels", "taps", "ahead"}:
        most = [end for end in (one[1], other[1]) if end is not None]
        return max(one[0], other[0]), min(most, default=None)
    if isinstance(one, tuple):
        return tuple(name for name in one if name in other)
    if key == "channels_multiple_of":
        return lcm(one, other)
    return min((value for value in (one, other) if value is not None), default=None)
