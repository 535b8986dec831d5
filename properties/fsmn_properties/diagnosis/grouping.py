"""One mistake for one reason: the failures of a run, and what explains them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.forms import FORMS, Form
from fsmn_properties.diagnosis.answers import Answer, answers
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.elsewhere import reasons_elsewhere
from fsmn_properties.diagnosis.imitation import imitation
from fsmn_properties.diagnosis.reasons import Reason, reasons
from fsmn_properties.diagnosis.scripts import is_slow, script_fails
from fsmn_properties.diagnosis.settings import probes
from fsmn_properties.diagnosis.streams import reasons_of_streams
from fsmn_properties.diagnosis.ways.calls import kept
from fsmn_properties.diagnosis.ways.refusals import refusals
from fsmn_properties.diagnosis.ways.told import told
from fsmn_properties.findings.mistake import Mistake, Picture
from fsmn_properties.findings.verdict import Verdict
from fsmn_properties.targets.target import Target

Probed: TypeAlias = Mapping[Form, Sequence[Answer]]
"""The answers of a target at small sizes, by the form."""

OF_STREAMS = {each.name for each in CATALOGUE if "stream" in each.needs}

SECONDS = 1.5
"""How long reasons are looked for at the sizes of failing cases."""


@dataclass(frozen=True)
class Group:
    """Failures with one reason.

    Parameters
    ----------
    seen : list of Verdict
        The failures.
    sentences, known, pictures : tuple of str, str, tuple of Picture
        As in `Mistake`.
    """

    seen: list[Verdict]
    sentences: tuple[str, ...] = ()
    known: str = ""
    pictures: tuple[Picture, ...] = ()

    @property
    def mistake(self) -> Mistake:
        """The mistake."""
        findings = [verdict.finding for verdict in self.seen if verdict.finding is not None]
        best = min(findings, key=lambda each: ("element" not in each.facts, len(each.script)))
        statements = tuple(verdict.name for verdict in self.seen)
        return Mistake(best, statements, self.sentences, self.known, self.pictures)


def mistakes_of(target: Target, verdicts: Iterable[Verdict]) -> tuple[Mistake, ...]:
    """Return the mistakes behind the failures of a run, those first that most statements see.

    Parameters
    ----------
    target : Target
        What was verified; it is called again.
    verdicts : iterable of Verdict
        What became of each statement.
    """
    failures = [verdict for verdict in verdicts if verdict.fails and verdict.finding is not None]
    left = [verdict for verdict in failures if verdict.name not in OF_STREAMS]
    forms = {verdict.name.partition("_")[0] for verdict in left}
    probed = {form: answers(target, probes(form, target.promises)) for form in FORMS if form.short in forms}
    groups = _of_maps(target, left, probed)
    left = [v for v in left if not any(v in group.seen for group in groups)]
    groups += _of_failing_cases(target, left)
    left = [v for v in left if not any(v in group.seen for group in groups)]
    groups += _of_other_ways(target, left, probed)
    groups += _of_streams(target, [verdict for verdict in failures if verdict.name in OF_STREAMS])
    return tuple(sorted((each.mistake for each in _merged(groups)), key=lambda each: -len(each.statements)))


def _of_streams(target: Target, left: list[Verdict]) -> list[Group]:
    """Return the failures of streams: those of a form together if it is known what is wrong with its rows."""
    groups = []
    for form in FORMS:
        mine = [verdict for verdict in left if verdict.name.startswith(form.short)]
        sentences = reasons_of_streams(target, form) if mine else []
        if sentences:
            groups.append(Group(mine, tuple(f"{form.stream}: {sentence}" for sentence in sentences)))
        else:
            groups += [Group(same) for same in _alike(mine)]
    return groups


def _of_maps(target: Target, left: list[Verdict], probed: Probed) -> list[Group]:
    """Return the failures that wrong maps, or what earlier calls left behind, explain at small sizes."""
    found: list[Reason] = []
    groups = []
    for form, mine in probed.items():
        wrong: list[str] = []
        for function in target.functions_of(form):
            results = target.results(function)
            if all(each.is_right(name) for each in mine for name in results if name in each.results):
                continue
            # No map is named of a function that depends on the calls before.
            sentences = kept(target, form, function)
            seen = [v for v in left if v.name.startswith(form.short) and _is_about(v, results)] if sentences else []
            if not sentences:
                wrong += results
            elif seen:
                left = [v for v in left if v not in seen]
                groups.append(Group(seen, tuple(f"{function}: {sentence}" for sentence in sentences)))
        found += [each for each in reasons(target, form, mine, wrong) if each.sentences] if wrong else []
    for same in _together(found):
        seen = [v for v in left if _explained(target, same, v)]
        left = [v for v in left if v not in seen]
        if seen:
            groups.append(_group(same, seen))
    # Two mistakes at once may fail what neither fails alone.
    rest = [v for v in left if _explained(target, found, v)]
    if rest and groups:
        groups[0].seen.extend(rest)
    return groups


def _of_failing_cases(target: Target, left: list[Verdict]) -> list[Group]:
    """Return the failures that wrong maps explain at the sizes of their own cases."""
    groups: list[Group] = []
    end, tried = Deadline(SECONDS), set()
    for verdict in sorted(left, key=lambda v: len(v.finding.script) if v.finding else 0):
        done = any(verdict in group.seen for group in groups) or _kind(verdict) in tried
        if done or verdict.finding is None or end.is_over:
            continue
        tried.add(_kind(verdict))
        if " has shape " in verdict.finding.problem or "; should raise" in verdict.finding.problem:
            continue  # no wrong map, wherever it is
        keeps = _keeping(target, verdict)
        if keeps is not None:
            groups.append(Group([v for v in left if v.name.startswith(verdict.name.partition("_")[0])], keeps))
            continue
        same = [each for each in reasons_elsewhere(target, verdict.finding) if each.sentences]
        if same:
            others = [v for v in left if v is not verdict and not any(v in group.seen for group in groups)]
            groups.append(_group(same, [verdict, *(v for v in others if _explained(target, same, v))]))
    return groups


def _keeping(target: Target, verdict: Verdict) -> tuple[str, ...] | None:
    """Return what calls leave behind, which no map explains; None if it is nothing."""
    form = next(form for form in FORMS if verdict.name.startswith(form.short))
    told = [f"{each}: {sentence}" for each in target.functions_of(form) for sentence in kept(target, form, each)]
    return tuple(told) or None


def _of_other_ways(target: Target, left: list[Verdict], probed: Probed) -> list[Group]:
    """Return the failures that are left, those together that say the same."""
    groups = []
    for seen in _alike(left):
        finding = seen[0].finding
        form = next(form for form in probed if seen[0].name.startswith(form.short))
        sentences = refusals(v.finding.problem for v in seen if v.finding is not None)
        if not sentences and finding is not None:
            sentences = told(target, form, finding, probed[form])
        groups.append(Group(seen, tuple(sentences)))
    return groups


def _merged(groups: Sequence[Group]) -> list[Group]:
    """Return groups, those with the same sentences as one."""
    found: dict[Any, Group] = {}
    for number, each in enumerate(groups):
        key = each.sentences or number
        if key in found:
            found[key].seen.extend(each.seen)
        else:
            found[key] = each
    return list(found.values())


def alike(failures: Sequence[Verdict]) -> tuple[Mistake, ...]:
    """Return failures as mistakes without calling the target: those that say the same are one."""
    return tuple(Group(seen).mistake for seen in _alike(failures))


def _alike(failures: Sequence[Verdict]) -> list[list[Verdict]]:
    groups: dict[Any, list[Verdict]] = {}
    for verdict in failures:
        groups.setdefault(_kind(verdict), []).append(verdict)
    return list(groups.values())


def _group(same: Sequence[Reason], seen: list[Verdict]) -> Group:
    return Group(
        seen,
        tuple(dict.fromkeys(sentence for each in same for sentence in each.sentences)),
        "; ".join(dict.fromkeys(each.known for each in same if each.known)),
        tuple(picture for each in same for picture in each.pictures),
    )


def _is_about(verdict: Verdict, results: Sequence[str]) -> bool:
    finding = verdict.finding
    return finding is not None and (
        finding.facts.get("result") in results or any(name in finding.problem for name in results)
    )


def _together(found: Sequence[Reason]) -> list[list[Reason]]:
    """Return reasons in groups: the same map in both forms is one mistake."""
    groups: dict[tuple[str, ...], list[Reason]] = {}
    for number, each in enumerate(found):
        stems = tuple(key.partition(":")[0] for key in each.keys) or (f"{each.form.short} {number}",)
        groups.setdefault(stems, []).append(each)
    return sorted(groups.values(), key=lambda same: not same[0].model)


def _explained(target: Target, same: Sequence[Reason], verdict: Verdict) -> bool:
    """Return whether a statement fails for some reasons: whether its script fails of what is right but for them."""
    form = verdict.name.partition("_")[0]
    mine = [each for each in same if each.form.short == form]
    finding = verdict.finding
    if not mine or finding is None:
        return False
    if not all(each.model for each in mine) or is_slow(finding):
        results = {name for each in mine for name in each.results}
        return _is_about(verdict, [*results])
    return script_fails(finding.script, target, imitation(target, mine))


def _kind(verdict: Verdict) -> tuple[str, ...]:
    assert verdict.finding is not None
    problem = verdict.finding.problem
    form = verdict.name.partition("_")[0]
    if re.search(r"\baccepted\b", problem):
        return ("accepted",)
    if "; should raise" in problem:
        return "refused", *re.findall(r"raised (\w+)", problem)[:1]
    raised = re.search(r"(\w+) raised (\w+): .*?(\(.*, line \d+\))?$", problem.splitlines()[0])
    if raised:
        return "raised", raised[2], raised[3] or raised[1]
    result = str(verdict.finding.facts.get("result", ""))
    if "dtype" in problem and "shape" in problem:
        return form, "shape and dtype", result
    return form, result or re.sub(r"[\d.\[\]-]+", "#", problem)[:60]
