"""The whole map of a result at a case, read off with one-hot channels.

The memory is affine in each argument and channels do not mix, so each channel is a probe: with a one in frame s and a
one in tap k, row r of the memory is the weight with which row r reads frame s through tap k. The gradients answer the
same question: dhidden with a one in row r and in tap k, the gradient of tap k with a one in row r and in frame s.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.contract.promises import Promises
from fsmn_properties.diagnosis.answers import answer, calmed
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array

MOST_PROBES = 4000
"""A map of more numbers is not read off."""


def read_map(target: Target, case: Case, result: str) -> Array | None:
    """Return the map that a result follows at the sizes of a case, as in `reading.tensor`.

    Parameters
    ----------
    target : Target
        The target.
    case : Case
        A case; its values do not matter.
    result : str
        `memory`, `dhidden`, or the gradient of a filter, of which only its taps are found.

    Returns
    -------
    ndarray or None
        Rows, frames, taps; None if the target does not answer, or if there is too much to read.
    """
    facts = Facts(case)
    if case.channels == 0 or facts.frames**2 * (facts.identity + 1) > MOST_PROBES:
        return None
    found = np.zeros((facts.frames, facts.frames, facts.identity + 1))
    only = Target(target.functions, target.name, target.python, _alone(target, case, result), target.reachable)
    for probe, channels in _probes(facts, result):
        (quiet,), _ = calmed([answer(only, probe)])
        got = quiet.results.get(result)
        if got is None or got.shape != _shape(facts, result):
            return None
        for channel, place in channels:
            column = got[:, channel]
            if result == "memory":
                found[:, place[0], place[1]] += column
            elif result == "dhidden":
                found[place[0], :, place[1]] += column
            else:
                first = facts.first_rows[result[1:]]
                found[place[0], place[1], first : first + len(column)] += column
    if result in {"memory", "dhidden"}:
        found[:, :, : facts.identity] -= found[:, :, facts.identity :]
    return found


def _alone(target: Target, case: Case, result: str) -> Promises:
    function = case.form.forward if result == "memory" else case.form.backward
    return target.promises.but(functions=(function,))


def _shape(facts: Facts, result: str) -> tuple[int, int]:
    rows = facts.counts[result[1:]] if result.endswith("filter") else facts.frames
    return rows, facts.case.channels


def _probes(facts: Facts, result: str) -> Iterator[tuple[Case, list[tuple[int, tuple[int, int]]]]]:
    """Yield cases, and for each channel the two places that have a one in it."""
    T, K, D = facts.frames, facts.identity, facts.case.channels
    second = T if result.endswith("filter") else K + 1
    every = [(one, two) for one in range(T) for two in range(second)]
    for first in range(0, len(every), D):
        some = every[first : first + D]
        values = {name: np.zeros_like(facts.case[name]) for name in facts.form.matrices}
        for channel, (one, two) in enumerate(some):
            values["hidden" if result == "memory" else "dmemory"][one, channel] = 1
            if result.endswith("filter"):
                values["hidden"][two, channel] = 1
            elif two < K:
                name, row = _place(facts, two)
                values[name][row, channel] = 1
        yield facts.case.but(**values), list(enumerate(some))


def _place(facts: Facts, tap: int) -> tuple[str, int]:
    return next((name, tap - first) for name, first in reversed(facts.first_rows.items()) if tap >= first)
