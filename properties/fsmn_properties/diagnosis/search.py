"""Which named maps, one or two at once, predict what a target returns, everywhere that it was probed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.answers import Answer, is_close
from fsmn_properties.diagnosis.conditions import Condition, condition_of
from fsmn_properties.diagnosis.maps.catalogue import named_maps
from fsmn_properties.diagnosis.named import Model, Named

MOST_PAIRED = 160
"""So many of the named maps that change something are tried two at a time."""


@dataclass(frozen=True)
class Explanation:
    """A model that predicts a result.

    Parameters
    ----------
    model : tuple of Named
        The model.
    condition : Condition
        The cases in which the target follows it; in all others it is right.
    """

    model: Model
    condition: Condition


def explanations(form: Form, result: str, answers: Sequence[Answer]) -> list[Explanation]:
    """Return every single map that predicts a result, or else every pair of maps.

    A map counts if it predicts every wrong answer, and the target is right where it does not follow it, under a
    condition that tells the two apart.
    """
    mine = [each for each in answers if result in each.results]
    wrong = [each for each in mine if not each.is_right(result)]
    if not wrong:
        return []
    # What is small is quickly told apart.
    wrong.sort(key=lambda each: each.case.frames * sum(each.case.taps))
    candidates = [each for each in named_maps(form) if each.may_be_about(result)]
    found = _explaining([(each,) for each in candidates], result, wrong, mine)
    return found or _explaining(_pairs(candidates, result, wrong), result, wrong, mine)


def _explaining(
    models: Iterable[Model], result: str, wrong: Sequence[Answer], mine: Sequence[Answer]
) -> list[Explanation]:
    found = []
    for model in models:
        if all(each.follows(model, result) for each in wrong):
            # Where the map changes nothing it can't be told whether the target follows it.
            other = [each for each in mine if each not in wrong and not _same(each, model, result)]
            condition = condition_of(wrong, other)
            if condition is not None:
                found.append(Explanation(model, condition))
    return found


def _same(answer: Answer, model: Model, result: str) -> bool:
    return is_close(answer.right(result), answer.predicted(model, result))


def _pairs(candidates: Sequence[Named], result: str, wrong: Sequence[Answer]) -> list[Model]:
    """Return pairs that predict the most telling wrong answer: whose changes add up to it, or follow each other."""
    telling = max(wrong, key=lambda each: (each.case.frames <= 14, each.case.frames * sum(each.case.taps)))
    right, got = telling.right(result), telling.results[result].astype(np.float64)
    if got.shape != right.shape:
        return []
    changes: dict[bytes, list[tuple[Named, np.ndarray[tuple[int, ...], np.dtype[np.float64]]]]] = {}
    for each in candidates:
        change = telling.predicted((each,), result) - right
        if change.shape == right.shape and change.any():
            changes.setdefault(_bits(change), []).append((each, change))
    first = {key: every[0] for key, every in changes.items()}
    pairs: dict[tuple[str, str], Model] = {}
    for _, change in first.values():
        rest = _bits(got - right - change)
        if rest in first:
            for a in changes[_bits(change)]:
                for b in changes[rest]:
                    pairs.setdefault((min(a[0].key, b[0].key), max(a[0].key, b[0].key)), (a[0], b[0]))
    if not pairs:
        some = [one for one, _ in first.values()][:MOST_PAIRED]
        pairs = {
            (a.key, b.key): (a, b)
            for a, b in combinations(some, 2)
            if _may_meet(a, b) and is_close(telling.results[result], telling.predicted((a, b), result))
        }
    return list(pairs.values())


def _bits(change: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bytes:
    return (np.rint(change * 2**20) + 0.0).tobytes()


def _may_meet(a: Named, b: Named) -> bool:
    """Return whether two maps may depend on each other: those of the same taps."""
    return a.whole is None or b.whole is None
