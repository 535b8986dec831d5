"""One mistake for one reason: the failures of a run, and what explains them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from fsmn_properties.contract.forms import FORMS
from fsmn_properties.diagnosis.imitation import imitation
from fsmn_properties.diagnosis.reasons import Reason, reasons
from fsmn_properties.diagnosis.scripts import is_slow, script_fails
from fsmn_properties.findings.mistake import Mistake
from fsmn_properties.findings.verdict import Verdict
from fsmn_properties.targets.target import Target


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
    if not failures:
        return ()
    forms = {verdict.name.partition("_")[0] for verdict in failures}
    found = [each for form in FORMS if form.short in forms for each in reasons(target, form)]
    groups: list[tuple[list[Reason], list[Verdict]]] = []
    left = list(failures)
    for same in _together(found):
        seen = [v for v in left if _explained(target, same, v)]
        if seen:
            groups.append((same, seen))
            left = [v for v in left if v not in seen]
    # Two mistakes at once may fail what neither fails alone.
    rest = [v for v in left if _explained(target, found, v)]
    if rest and groups:
        groups[0][1].extend(rest)
        left = [v for v in left if v not in rest]
    mistakes = [_mistake(same, seen) for same, seen in groups]
    return tuple(sorted([*mistakes, *alike(left)], key=lambda each: -len(each.statements)))


def alike(failures: Sequence[Verdict]) -> tuple[Mistake, ...]:
    """Return failures as mistakes without calling the target: those that say the same are one."""
    groups: dict[Any, list[Verdict]] = {}
    for verdict in failures:
        groups.setdefault(_kind(verdict), []).append(verdict)
    return tuple(_mistake([], seen) for seen in groups.values())


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
        return finding.facts.get("result") in results or any(name in finding.problem for name in results)
    return script_fails(finding.script, target, imitation(target, mine))


def _kind(verdict: Verdict) -> tuple[str, ...]:
    assert verdict.finding is not None
    problem = verdict.finding.problem
    form = verdict.name.partition("_")[0]
    if re.search(r"\baccepted\b", problem):
        return ("accepted",)
    raised = re.search(r"(\w+) raised (\w+): .*?(\(.*, line \d+\))?$", problem.splitlines()[0])
    if raised:
        return "raised", raised[2], raised[3] or raised[1]
    result = str(verdict.finding.facts.get("result", ""))
    if "dtype" in problem and "shape" in problem:
        return form, "shape and dtype", result
    return form, result or re.sub(r"[\d.\[\]-]+", "#", problem)[:60]


def _mistake(same: Sequence[Reason], seen: Sequence[Verdict]) -> Mistake:
    findings = [verdict.finding for verdict in seen if verdict.finding is not None]
    best = min(findings, key=lambda each: ("element" not in each.facts, len(each.script)))
    return Mistake(
        best,
        tuple(verdict.name for verdict in seen),
        tuple(dict.fromkeys(sentence for each in same for sentence in each.sentences)),
        "; ".join(dict.fromkeys(each.known for each in same if each.known)),
        tuple(picture for each in same for picture in each.pictures),
    )
