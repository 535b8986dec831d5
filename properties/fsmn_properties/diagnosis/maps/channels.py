"""Channels that are exchanged, shared or mixed, of a filter or of the frames that the taps read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import numpy as np

from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.named import Named, Values, each_side, mapped
from fsmn_properties.diagnosis.reading import results_of
from fsmn_ref.arguments import Array

GROUPS = (2, 3, 4, 8, 16, 32, 64)

Matrix: TypeAlias = Callable[[int], Array]
"""From the number of channels D to a matrix D x D: column c says of which channels c is made."""


class Mix(NamedTuple):
    """A way in which channels are mixed up: its name, its words after `channel c has` or `reads`, and its matrix."""

    key: str
    says: str
    matrix: Matrix


def _from(source: Callable[[Array, int], Array]) -> Matrix:
    """Return the matrix of channels that are read in place of others."""

    def matrix(D: int) -> Array:
        found = np.zeros((D, D))
        channels = np.arange(D)
        found[np.clip(source(channels, D), 0, D - 1), channels] = 1
        return found

    return matrix


def _mixes() -> Iterator[Mix]:
    yield Mix("channels reversed", "channel D - 1 - c: channels are read in reverse", _from(lambda c, D: D - 1 - c))
    yield Mix("channel 0 for all", "channel 0", _from(lambda c, D: 0 * c))
    yield Mix("last channel for all", "the last channel", _from(lambda c, D: 0 * c + D - 1))
    yield Mix("next channel", "channel c + 1, and the last channel that of channel 0", _from(lambda c, D: (c + 1) % D))
    yield Mix("channel before", "channel c - 1, and channel 0 that of the last", _from(lambda c, D: (c - 1) % D))
    yield Mix("next channel or the last", "channel c + 1, and the last its own", _from(lambda c, D: c + 1))
    yield Mix("channel before or 0", "channel c - 1, and channel 0 its own", _from(lambda c, D: c - 1))
    exchanged = "its neighbour: channels are exchanged in pairs"
    yield Mix("channels exchanged in pairs", exchanged, _from(lambda c, D: np.where(c ^ 1 < D, c ^ 1, c)))
    yield Mix("channels half turned", "channel c + D // 2 modulo D", _from(lambda c, D: (c + D // 2) % D))
    yield Mix("mean over channels", "the mean over all channels", lambda D: np.full((D, D), 1 / max(1, D)))
    yield Mix("sum over channels", "the sum over all channels", lambda D: np.ones((D, D)))
    for m in GROUPS:
        first = f"channel c - c % {m}: groups of {m} channels share those of their first"
        yield Mix(f"first of {m} channels", first, _from(lambda c, D, m=m: c // m * m))  # type: ignore[misc]
        yield Mix(f"channel modulo {m}", f"channel c % {m}", _from(lambda c, D, m=m: c % m))  # type: ignore[misc]
        mixed = f"the sum over a group of {m} channels: channels are mixed in groups of {m}"
        yield Mix(f"sum over {m} channels", mixed, _groups(m))


def _groups(m: int) -> Matrix:
    """Return the matrix of sums over groups of channels."""

    def matrix(D: int) -> Array:
        groups = np.arange(D) // m
        found: Array = np.equal.outer(groups, groups).astype(np.float64)
        return found

    return matrix


def maps(form: Form) -> Iterator[Named]:
    """Yield the maps of a form."""
    for mix in _mixes():
        for _, suffix, _, names in each_side(form):
            filters = tuple(names["filter"].split(" and "))
            says = f"channel c has the weights of {mix.says}, in {names['filter']}"
            if mix.key == "channel 0 for all":
                says = f"the weights of channel 0 of {names['filter']} are used for all channels"
            if mix.key == "mean over channels":
                says = f"the mean of {names['filter']} over its channels is used for all channels"
            yield Named(
                f"{mix.key}{suffix}",
                says,
                values=_weights(filters, mix.matrix),
                outputs=_gradients(filters, mix.matrix),
            )
        yield Named(
            f"{mix.key}:hidden",
            f"the taps of channel c read {mix.says}, in hidden",
            whole=_frames(mix.matrix),
        )


def _weights(filters: tuple[str, ...], matrix: Matrix) -> Callable[[Values, Facts, str], Values]:
    return lambda values, facts, result: {
        name: value @ matrix(value.shape[1]) if name in filters else value for name, value in values.items()
    }


def _gradients(filters: tuple[str, ...], matrix: Matrix) -> Callable[[Array, Values, Facts, str], Array]:
    """Return a change of the gradients of filters: the transposed of how the filters are read."""
    return lambda value, values, facts, result: value @ matrix(value.shape[1]).T if result[1:] in filters else value


def _frames(matrix: Matrix) -> Callable[[Values, Facts, str], Array]:
    def whole(values: Values, facts: Facts, result: str) -> Array:
        right, D = mapped((), facts), facts.case.channels
        if result == "dhidden":
            taps = results_of(right.where(right.taps < facts.identity), facts, values, result)
            identity: Array = values["dmemory"] + taps @ matrix(D).T
            return identity
        read = {**values, "hidden": values["hidden"] @ matrix(D)}
        value = results_of(right, facts, read, result)
        if result == "memory":
            value = value + values["hidden"] - read["hidden"]
        return value

    return whole
