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
    """

    model: Model
    condition: Condition


def explanations(
    form: Form,
    result: str,
    answers: Sequence[Answer],
    first: Callable[[Named], bool] | None = None,
    end: Deadline | None = None,
) -> list[Explanation]:
    """Return every single map that predicts a result, or else every pair of maps.

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
    first : callable, optional
        Whether a map is among those that are tried first, and without pairs: of large cases, as time allows.
    end : Deadline, optional
        Until when pairs are tried.
    """
    mine = [each for each in answers if result in each.results]
    wrong = [each for each in mine if not each.is_right(result)]
    if not wrong or any(each.results[result].shape != each.right(result).shape for each in wrong):
        return []
    # What is small is quickly told apart.
    wrong.sort(key=lambda each: each.case.frames * sum(each.case.taps))
    candidates = [each for each in named_maps(form) if each.may_be_about(result)]
    if first is not None:
        candidates.sort(key=lambda each: not first(each))
        return _explaining([(each,) for each in candidates], result, wrong, mine, SECONDS / 2)
    found = _explaining([(each,) for each in candidates], result, wrong, mine)
    return found or _always(_explaining(pairs(candidates, result, wrong, end), result, wrong, mine))


def _explaining(
    models: Iterable[Model], result: str, wrong: Sequence[Answer], mine: Sequence[Answer], seconds: float = SECONDS
) -> list[Explanation]:
    found, end = [], Deadline(seconds)
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


def _always(found: list[Explanation]) -> list[Explanation]:
    """Return those that hold without a condition: of pairs under conditions there are too many for none to fit."""
    return [each for each in found if not each.condition.says]


def _same(answer: Answer, model: Model, result: str) -> bool:
    return is_close(answer.right(result), answer.predicted(model, result))


def still_explain(found: Sequence[Explanation], result: str, answers: Sequence[Answer]) -> list[Explanation]:
    """Return those of some explanations that hold of further answers as well."""
    mine = [each for each in answers if result in each.results]
    wrong = [each for each in mine if not each.is_right(result)]
    return _explaining([each.model for each in found], result, wrong, mine)
