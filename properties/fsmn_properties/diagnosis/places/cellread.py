"""The map of every channel of a case: which row reads which frame through which taps, with which weights.

Frames, gradients and weights are large random whole numbers, so a product tells its factors. In each call few frames
(for the memory) or one row (for the gradients) are not zero, and each element of the result is looked up among the
products that it may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.contract.forms import UNI
from fsmn_properties.diagnosis.answers import answer, calmed
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array

MOST = 1_500_000
"""A map of more numbers is not read off."""

MANY = 12
"""So many taps at most are looked up in pairs."""

Terms = tuple[tuple[int, float], ...]
"""Taps, the identity last, each with a factor, that together are the weight with which a frame is read."""


def read_cells(target: Target, case: Case, result: str, end: Deadline) -> tuple[Array, dict[str, Array]] | None:
    """Return the map that a result follows, for each channel.

    Parameters
    ----------
    target : Target
        The target.
    case : Case
        A case; its values do not matter.
    result : str
        The result.
    end : Deadline
        When reading ends.

    Returns
    -------
    tuple of ndarray and dict, or None
        Rows, frames, taps (the identity last), channels, and the values with which it was read; None if it can't be.
    """
    facts = Facts(case)
    T, K, D = facts.frames, facts.identity, case.channels
    if not D or T * T * (K + 1) * D > MOST:
        return None
    values = _values(case)
    function = case.form.forward if result == "memory" else case.form.backward
    only = Target(target.functions, target.name, target.python, target.promises.but(functions=(function,)), True)
    found = np.zeros((T, T, K + 1, D), np.float32)
    for sources in _classes(facts, result):
        if end.is_over:
            return None
        name = "hidden" if result == "memory" else "dmemory"
        some = np.zeros_like(values[name])
        some[sources] = values[name][sources]
        (quiet,), _ = calmed([answer(only, case.but(**{**values, name: some}))])
        got = quiet.results.get(result)
        if got is None or got.shape != _shape(facts, result) or not np.isfinite(got).all():
            return None
        reader = _rows_of_filter if result.endswith("filter") else _elements
        if not reader(facts, result, got.astype(np.float64), sources, values, found):
            return None
    return found, values


def _shape(facts: Facts, result: str) -> tuple[int, int]:
    rows = facts.counts[result[1:]] if result.endswith("filter") else facts.frames
    return rows, facts.case.channels


def _values(case: Case) -> dict[str, Array]:
    """Return whole numbers whose products tell their factors, as large as sums of a few products may be."""
    rng = np.random.default_rng(case.frames * 31 + case.channels)
    found = {}
    for name in case.form.matrices:
        kind = case[name].dtype
        digits = np.finfo(kind).nmant if kind.kind == "f" else 14
        most = 2 ** max(3, min(16, digits // 2 - 1))
        values = rng.integers(most // 4, most, case[name].shape)
        signs = 1 if kind.kind == "u" else rng.choice([-1, 1], values.shape)
        found[name] = (signs * values).astype(kind)
    return found


def _classes(facts: Facts, result: str) -> Iterator[Array]:
    """Yield the frames, or the rows of gradients, that are not zero in a call."""
    T = facts.frames
    span = sum(min(T, facts.taps[side] * facts.strides[side]) for side in facts.taps) + 3
    step = T if result.endswith("filter") or 2 * span >= T else span
    for first in range(step):
        yield np.arange(first, T, step)


def _sums(facts: Facts) -> list[Terms]:
    """Return the taps through which a frame may be read at once, the simplest first."""
    K = facts.identity
    taps = range(K)
    base: list[Terms] = [((K, 1.0),), *(((k, 1.0),) for k in taps)]
    if facts.form is not UNI:
        own: list[Terms] = [((K, 1.0), (0, 1.0))]
        base += own + [((K, 1.0), (0, 1.0), (k, 1.0)) for k in taps if k]
        base += [((K, 2.0), (0, 1.0)), ((K, 1.0), (0, 2.0)), ((K, 1.0), (0, -1.0)), ((K, -1.0), (0, 1.0))]
    base += [((K, 1.0), (k, 1.0)) for k in taps]
    base += [((k, w),) for k in (*taps, K) for w in (2.0, -1.0, 0.5)]
    if K <= MANY:
        base += [((one, 1.0), (two, 1.0)) for one, two in combinations(taps, 2)]
    return base


def _elements(facts: Facts, result: str, got: Array, sources: Array, values: dict[str, Array], found: Array) -> bool:
    """Enter which elements of the memory, or of dhidden, come from which sources through which taps."""
    sums = _sums(facts)
    for c in range(got.shape[1]):
        elements = np.flatnonzero(got[:, c])
        if not len(elements):
            continue
        weights = np.concatenate([*(values[name][:, c] for name in facts.form.filters), [1.0]]).astype(np.float64)
        table = np.array([sum(weights[k] * w for k, w in terms) for terms in sums])
        source = values["hidden" if result == "memory" else "dmemory"][sources, c].astype(np.float64)
        products = (source[:, None] * table[None, :]).ravel()
        order = np.argsort(products, kind="stable")
        places = np.searchsorted(products[order], got[elements, c])
        places[places == len(order)] = 0
        chosen = order[places]
        if (products[chosen] != got[elements, c]).any():
            return False
        for element, place in zip(elements, chosen, strict=True):
            other = sources[place // len(sums)]
            row, frame = (element, other) if result == "memory" else (other, element)
            for k, w in sums[place % len(sums)]:
                found[row, frame, k, c] += w
    return True


def _rows_of_filter(
    facts: Facts, result: str, got: Array, sources: Array, values: dict[str, Array], found: Array
) -> bool:
    """Enter which frame the row of a call reads through each tap."""
    (row,) = sources
    first = facts.first_rows[result[1:]]
    for c in range(got.shape[1]):
        frames = values["hidden"][:, c].astype(np.float64)
        T = len(frames)
        table: list[tuple[tuple[int, ...], float, float]] = [((s,), 1.0, frames[s]) for s in range(T)]
        table += [((s,), w, w * frames[s]) for s in range(T) for w in (2.0, -1.0, 0.5)]
        if T <= 2 * MANY:
            table += [((s, t), 1.0, frames[s] + frames[t]) for s, t in combinations(range(T), 2)]
        by_value = {value: (places, weight) for places, weight, value in reversed(table)}
        dmemory = float(values["dmemory"][row, c])
        for k in np.flatnonzero(got[:, c]):
            read = by_value.get(got[k, c] / dmemory)
            if read is None:
                return False
            for frame in read[0]:
                found[row, frame, first + k, c] += read[1]
    return True
