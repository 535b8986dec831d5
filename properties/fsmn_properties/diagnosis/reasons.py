"""Why the results of a form are wrong: named maps, each with the results that follow it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.answers import Answer, answers, calmed, is_close
from fsmn_properties.diagnosis.conditions import Condition
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.difference import first_difference, picture, right_map
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.fitted import fitted
from fsmn_properties.diagnosis.known import known
from fsmn_properties.diagnosis.mapread import read_map
from fsmn_properties.diagnosis.named import Model, mapped
from fsmn_properties.diagnosis.places.partly import partly
from fsmn_properties.diagnosis.reading import tensor
from fsmn_properties.diagnosis.search import Explanation, paired, singles, still_explain
from fsmn_properties.diagnosis.settings import numbered, probes
from fsmn_properties.findings.mistake import Picture
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array

SECONDS = 1.5
"""How long pairs of maps, and maps in some places, are tried for all results of a form."""

PLAIN = 3.0
"""Where the places of a map are more far-fetched, two maps at once are tried."""


@dataclass(frozen=True)
class Reason:
    """A named map, or two at once, and the results of a form that follow it.

    Parameters
    ----------
    form : Form
        The form.
    results : tuple of str
        The results.
    model : tuple of Named
        The map; empty if no name fits.
    condition : Condition
        The cases in which it holds.
    scope : str
        The functions or results in words.
    difference : str
        The first difference from the right map.
    instead : str
        Another map that predicts the same, if there is one that is not the same.
    pictures : tuple of Picture
        What is read, and what should be.
    noise : float
        How far small whole numbers are off besides.
    """

    form: Form
    results: tuple[str, ...]
    model: Model
    condition: Condition | None = None
    scope: str = ""
    difference: str = ""
    instead: str = ""
    pictures: tuple[Picture, ...] = field(default=())
    noise: float = 0.0

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the maps."""
        return tuple(each.key for each in self.model)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What the target does instead of the right thing."""
        where = f"{self.form.stem}, {self.scope}"
        condition = f" ({self.condition.says})" if self.condition is not None and self.condition.says else ""
        if self.model:
            instead = f"; or {self.instead}: what was tried does not tell" if self.instead else ""
            noise = f"{where}: sums of small whole numbers are off by up to {self.noise:.1g}: none has to round"
            return (
                *(f"{where}: {each.says}{instead}{condition}" for each in self.model),
                *([noise] if self.noise else []),
            )
        return (f"{where}: {self.difference}",) if self.difference else ()

    @property
    def known(self) -> str:
        """The row of the list of known bugs, if there is one."""
        rows = [each.known.get(self.scope.removesuffix(" alike"), each.known.get("")) for each in self.model]
        return "; ".join(dict.fromkeys(known(row) for row in rows if row is not None))


def reasons(
    target: Target, form: Form, probed: Sequence[Answer] | None = None, some: Sequence[str] | None = None
) -> list[Reason]:
    """Return why results of a form are wrong at small sizes.

    Parameters
    ----------
    target : Target
        What is wrong.
    form : Form
        The form.
    probed : sequence of Answer, optional
        Its answers at small sizes, if there are any yet.
    some : sequence of str, optional
        The results that are looked at; otherwise all.
    """
    probed = answers(target, probes(form, target.promises)) if probed is None else probed
    results = [name for function in target.functions_of(form) for name in target.results(function)]
    probed, noise = calmed(probed)
    looked_at = results if some is None else some
    wrong = [name for name in looked_at if any(name in a.results and not a.is_right(name) for a in probed)]
    found = _explained(target, form, wrong, probed)
    if any(any(each.is_numbered for each in every[0].model) for every in found.values() if every):
        probed = [*probed, *calmed(answers(target, numbered(form, target.promises)))[0]]
        found = {name: still_explain(every, name, probed) for name, every in found.items()}
    told = chosen_and_unnamed(target, form, found, results, probed)
    return [replace(each, noise=max((noise.get(name, 0.0) for name in each.results), default=0.0)) for each in told]


def _explained(
    target: Target, form: Form, wrong: Sequence[str], probed: Sequence[Answer]
) -> dict[str, list[Explanation]]:
    """Return the explanations of each result: single maps, what explains another one, maps in places, or pairs."""
    found = {name: singles(form, name, probed) for name in wrong}
    end = Deadline(SECONDS)
    for name in wrong:
        others = [each for every in found.values() for each in every if len(each.model) > 1 or each.places]
        mine = found[name] or still_explain(others, name, probed)
        mine = mine or still_explain(fitted(name, probed), name, probed)
        some = mine or partly(target, form, name, probed, end)
        if not mine and (not some or some[0].places > PLAIN):
            mine = paired(form, name, probed, end)
        found[name] = mine or some
    return found


def chosen_and_unnamed(
    target: Target,
    form: Form,
    found: dict[str, list[Explanation]],
    results: Sequence[str],
    probed: Sequence[Answer],
) -> list[Reason]:
    """Return a reason for each result that is wrong, from the explanations of each, as few as there can be."""
    found = {name: _true(target, every, name, probed) for name, every in found.items()}
    return [*_chosen(target, form, found, results, probed), *_unnamed(target, form, found, results, probed)]


def _true(target: Target, found: list[Explanation], result: str, probed: Sequence[Answer]) -> list[Explanation]:
    """Return those explanations that equal the map that is read off."""
    telling = _telling(result, probed)
    if telling is None or not found:
        return found
    read = read_map(target, telling.case, result)
    if read is None:
        return found
    return [each for each in found if _agrees(each, telling.facts, read, result)]


def _agrees(explanation: Explanation, facts: Facts, read: Array, result: str) -> bool:
    if any(each.values or each.whole or each.outputs for each in explanation.model):
        return True
    predicted = tensor(mapped(explanation.model, facts), facts)
    if result.endswith("filter"):
        first = facts.first_rows[result[1:]]
        predicted[:, :, :first] = predicted[:, :, first + facts.counts[result[1:]] :] = 0
    return is_close(read, predicted)


def _telling(result: str, probed: Sequence[Answer]) -> Answer | None:
    """Return the answer that shows best what is wrong with a result: a small one of several frames."""
    wrong = [each for each in probed if result in each.results and not each.is_right(result)]
    return min(wrong, key=lambda a: (a.case.frames < 4, a.case.frames * (1 + sum(a.case.taps))), default=None)


def _chosen(
    target: Target,
    form: Form,
    found: dict[str, list[Explanation]],
    results: Sequence[str],
    probed: Sequence[Answer],
) -> list[Reason]:
    """Return few reasons that explain as many results as can be: first those that explain most of them at once."""
    left = {name: {_key(each): each for each in every} for name, every in found.items() if every}
    chosen = []
    while left:
        order = {key: None for every in left.values() for key in every}
        best = max(order, key=lambda key: sum(key in every for every in left.values()))
        mine = tuple(name for name in left if best in left[name])
        each = left[mine[0]][best]
        scope = _scope(mine, _affected(each.model, results, probed), [*found])
        reason = Reason(form, mine, each.model, each.condition, scope, instead=_instead(each, left[mine[0]].values()))
        chosen.append(_pictured(target, reason, probed))
        left = {name: every for name, every in left.items() if name not in mine}
    return chosen


def _instead(chosen: Explanation, every: Iterable[Explanation]) -> str:
    """Return another map about a number, if one fits as well: of numbers, cases tell fewer apart than of all else."""
    if len(chosen.model) > 1 or not chosen.model[0].is_numbered:
        return ""
    stem = re.sub(r"[:\d].*", "", chosen.model[0].key)
    others = [each.model[0] for each in every if len(each.model) == 1 and each.model[0].is_numbered]
    return next((each.says for each in others if re.sub(r"[:\d].*", "", each.key) != stem), "")


def _key(explanation: Explanation) -> tuple[str, ...]:
    return (*sorted(each.key for each in explanation.model), explanation.condition.says)


def _affected(model: Model, results: Sequence[str], probed: Sequence[Answer]) -> list[str]:
    """Return the results that a model changes."""
    return [
        name
        for name in results
        if all(each.may_be_about(name) for each in model)
        and any(not is_close(a.right(name), a.predicted(model, name)) for a in probed)
    ]


def _scope(mine: Sequence[str], affected: Sequence[str], wrong: Sequence[str]) -> str:
    """Return in words which results are meant; alone, if all others that it could be about are right."""
    gradients = [name for name in affected if name != "memory"]
    alone = "" if set(wrong) & set(affected) - set(mine) else " alone"
    if set(mine) >= set(affected):
        if list(affected) == ["memory"]:
            return "forward"
        if "memory" in mine:
            return "forward and backward alike"
        return "backward" if len(affected) > 1 else affected[0]
    if list(mine) == ["memory"]:
        return f"forward{alone}"
    if set(mine) == set(gradients):
        return f"backward{alone}"
    return f"{' and '.join(mine)}{alone}"


def _unnamed(
    target: Target,
    form: Form,
    found: dict[str, list[Explanation]],
    results: Sequence[str],
    probed: Sequence[Answer],
) -> list[Reason]:
    """Return the first differences of results that no name fits."""
    mine = tuple(name for name, every in found.items() if not every)
    if not mine:
        return []
    scope = _scope(mine, results, [*found])
    for name in mine:
        telling = _telling(name, probed)
        read = read_map(target, telling.case, name) if telling is not None else None
        if telling is None or read is None or not _predicts(read, telling, name):
            continue
        told = first_difference(read, telling.facts, name)
        if told:
            pictures = (picture(read, telling.facts, name),)
            told = f"{told} ({telling.case.outline()})"
            return [Reason(form, mine, (), None, scope, told, pictures=pictures)]
    return [Reason(form, mine, (), None, scope)]


def _predicts(read: Array, telling: Answer, result: str) -> bool:
    """Return whether a map that was read off gives the result that it should explain."""
    facts, values = telling.facts, telling.values
    weights = np.concatenate([values[name] for name in facts.form.filters] + [np.ones((1, facts.case.channels))])
    if result == "memory":
        got = np.einsum("rsk,sd,kd->rd", read, values["hidden"], weights)
    elif result == "dhidden":
        got = np.einsum("rsk,rd,kd->sd", read, values["dmemory"], weights)
    else:
        first, count = facts.first_rows[result[1:]], facts.counts[result[1:]]
        mine = read[:, :, first : first + count]
        got = np.einsum("rsk,rd,sd->kd", mine, values["dmemory"], values["hidden"])
    return is_close(telling.results[result], got)


def _pictured(target: Target, reason: Reason, probed: Sequence[Answer]) -> Reason:
    name = reason.results[0]
    telling = _telling(name, probed)
    read = read_map(target, telling.case, name) if telling is not None else None
    if telling is None or read is None or is_close(read, right_map(telling.facts, name)):
        return reason
    difference = first_difference(read, telling.facts, name)
    return replace(reason, difference=difference, pictures=(picture(read, telling.facts, name),))
