"""Several named maps at once that predict what a target returns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from fsmn_properties.diagnosis.answers import Answer
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.named import Model, Named
from fsmn_properties.diagnosis.reading import entries_of, right_taps
from fsmn_ref.arguments import Array

SMALL = 6
"""Cases at which a map of a pair should show alone: where the other one changes nothing."""

SECONDS = 1.0
"""How long pairs are tried."""

BASES = ("", "identity missing", "identity twice")
"""What is read off at once, and may come on top of a pair."""


def pairs(
    candidates: Sequence[Named], result: str, wrong: Sequence[Answer], end: Deadline | None = None
) -> list[Model]:
    """Return pairs, or pairs besides a wrong identity, that predict the wrong answers.

    Parameters
    ----------
    candidates : sequence of Named
        The maps.
    result : str
        The result.
    wrong : sequence of Answer
        Wrong answers, the smallest first.
    end : Deadline, optional
        When no more are tried.
    """
    end = end or Deadline(SECONDS)
    named = {each.key: each for each in candidates}
    for base in BASES:
        if not base or base in named:
            found = _on(() if not base else (named[base],), candidates, result, wrong, end)
            if found:
                return found
    return []


def _on(base: Model, candidates: Sequence[Named], result: str, wrong: Sequence[Answer], end: Deadline) -> list[Model]:
    """Return pairs on top of a base: those whose changes add up first, then those that depend on each other."""
    telling = _telling(wrong)
    right = _together(telling, base, result)
    got = np.concatenate([each.results[result].astype(np.float64).ravel() for each in telling])
    if got.shape != right.shape:
        return []
    changes: dict[bytes, tuple[Array, list[Named]]] = {}
    for each in candidates:
        if end.is_over:
            return []
        after = _together(telling, (*base, each), result)
        if after.shape == right.shape and (after != right).any():
            change = after - right
            changes.setdefault(_bits(change), (change, []))[1].append(each)
    found: dict[frozenset[str], Model] = {}
    for change, mine in changes.values():
        _, others = changes.get(_bits(got - right - change), (change, []))
        for one, two in product(mine, others):
            found.setdefault(frozenset((one.key, two.key)), (*base, one, two))
    models = [model for model in found.values() if _follow(model, result, wrong, end)]
    if models:
        return models
    every = sorted((mine[0] for _, mine in changes.values()), key=lambda each: each.is_numbered)
    return [*_tried(base, every, result, wrong, end)]


def _tried(base: Model, every: Sequence[Named], result: str, wrong: Sequence[Answer], end: Deadline) -> Iterator[Model]:
    """Yield pairs of which one shows alone in some case: there the other one changes nothing."""
    for one in every:
        alone = [] if end.is_over else [a for a in wrong[:SMALL] if a.follows((*base, one), result)]
        others = [a for a in wrong if a not in alone]
        for two in every if alone and others else ():
            for model in ((*base, one, two), (*base, two, one)):
                if end.is_over:
                    return
                if one is not two and others[0].follows(model, result) and _follow(model, result, wrong, end):
                    yield model
                    return


def _telling(wrong: Sequence[Answer]) -> list[Answer]:
    """Return a few cases in which most maps change something: those of most reads, with and without strides."""
    small = [each for each in wrong if each.case.frames <= 16] or list(wrong)
    small.sort(key=lambda each: len(entries_of(right_taps(each.facts), each.facts).rows))
    strided = [each for each in small if max(each.facts.strides.values()) > 1]
    cut = [each for each in small if len(each.facts.starts) > 1 and each not in strided]
    return list(dict.fromkeys([*small[-1:], *strided[-1:], *cut[-1:]]))


def _together(telling: Sequence[Answer], model: Model, result: str) -> Array:
    return np.concatenate([each.predicted(model, result).ravel() for each in telling])


def _follow(model: Model, result: str, wrong: Sequence[Answer], end: Deadline) -> bool:
    return not end.is_over and all(each.follows(model, result) for each in reversed(wrong))


def _bits(change: Array) -> bytes:
    rounded: Array = np.rint(change * 2**20) + 0.0
    return rounded.tobytes()
