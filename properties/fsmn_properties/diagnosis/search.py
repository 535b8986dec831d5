"""Which named maps, one or two at once, predict what a target returns, everywhere that it was probed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.answers import Answer, is_close
from fsmn_properties.diagnosis.conditions import Condition, condition_of
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.maps.catalogue import named_maps
from fsmn_properties.diagnosis.named import Model, Named
from fsmn_properties.diagnosis.pairs import pairs

SECONDS = 2.0
"""How long maps of one result are tried."""


@dataclass(frozen=True)
class Explanation:
    """A model that predicts a result.

    Parameters
    ----------
    model : tuple of Named
        The model.
    condition : Condition
        The cases in which the target follows it; in all others it is right.
    places : float
        How far-fetched the places are at which it holds; 0 if it holds at all.
    """

    model: Model
    condition: Condition
    places: float = 0.0


def singles(
    form: Form,
    result: str,
    answers: Sequence[Answer],
    order: Callable[[Named], int] | None = None,
    end: Deadline | None = None,
) -> list[Explanation]:
    """Return every single map that predicts a result.

    A map counts if it predicts every wrong answer, and the target is right where it does not follow it, under a
    condition that tells the two apart.

    Parameters
    ----------
    form : Form
        The form.
    result : str
        The result.
    answers : sequence of Answer
        Answers of the target.
    order : callable, optional
        When a map is tried, of large cases, as time allows.
    end : Deadline, optional
        Until when maps are tried.
    """
    mine, wrong = told_apart(result, answers)
    candidates = [each for each in named_maps(form) if each.may_be_about(result)]
    if order is not None:
        candidates.sort(key=order)
    return _explaining([(each,) for each in candidates], result, wrong, mine, end) if wrong else []


def paired(form: Form, result: str, answers: Sequence[Answer], end: Deadline) -> list[Explanation]:
    """Return every pair of maps that predicts a result, without a condition: under conditions too many would fit."""
    mine, wrong = told_apart(result, answers)
    if not wrong or any(each.results[result].shape != each.right(result).shape for each in wrong):
        return []
    candidates = [each for each in named_maps(form) if each.may_be_about(result)]
    found = _explaining(pairs(candidates, result, wrong, end), result, wrong, mine)
    return [each for each in found if not each.condition.says]


def told_apart(result: str, answers: Sequence[Answer]) -> tuple[list[Answer], list[Answer]]:
    """Return the answers that have a result, and those of which it is wrong, the smallest first."""
    mine = [each for each in answers if result in each.results]
    wrong = [each for each in mine if not each.is_right(result)]
    # What is small is quickly told apart.
    wrong.sort(key=lambda each: each.case.frames * sum(each.case.taps))
    return mine, wrong


def _explaining(
    models: Iterable[Model], result: str, wrong: Sequence[Answer], mine: Sequence[Answer], end: Deadline | None = None
) -> list[Explanation]:
    found, end = [], end or Deadline(SECONDS)
    for model in models:
        if end.is_over:
            break
        if all(each.follows(model, result) for each in wrong):
            # Where the map changes nothing it can't be told whether the target follows it.
            other = [each for each in mine if each not in wrong and not _same(each, model, result)]
            condition = condition_of(wrong, other)
            if condition is not None:
                found.append(Explanation(model, condition))
    return sorted(found, key=lambda each: each.condition.parts)


def _same(answer: Answer, model: Model, result: str) -> bool:
    return is_close(answer.right(result), answer.predicted(model, result))


def still_explain(found: Sequence[Explanation], result: str, answers: Sequence[Answer]) -> list[Explanation]:
    """Return those of some explanations that hold of further answers, or of another result, as well."""
    mine, wrong = told_apart(result, answers)
    return _explaining([each.model for each in found], result, wrong, mine) if wrong else []
