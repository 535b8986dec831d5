"""The sentence for a finding that no map explains: from the probes that its problem asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.within import outside
from fsmn_properties.contract.forms import Form, form_of
from fsmn_properties.diagnosis.answers import Answer
from fsmn_properties.diagnosis.failing import calls_of
from fsmn_properties.diagnosis.ways.arithmetic import arithmetic
from fsmn_properties.diagnosis.ways.calls import kept
from fsmn_properties.diagnosis.ways.defaults import defaults
from fsmn_properties.diagnosis.ways.nonfinite import leaks
from fsmn_properties.diagnosis.ways.raises import raised, raises, shapes
from fsmn_properties.diagnosis.ways.types import dtypes
from fsmn_properties.findings.verdict import Finding
from fsmn_properties.targets.target import Target

LATER = (
    "second call",
    "later call",
    "earlier call",
    "if repeated",
    "calls that the script makes",
    "seen once",
    "differs",
)
ROUNDS = ("bound", "subnormal", "rounds")
MOST_CELLS = 200_000

Probe: TypeAlias = Callable[[Case, str], list[str]]


def told(target: Target, form: Form, finding: Finding, probed: Sequence[Answer]) -> list[str]:
    """Return what a target does wrong, in words, as far as probes of its own establish it.

    Parameters
    ----------
    target : Target
        The target.
    form : Form
        The form that the finding is about.
    finding : Finding
        What shows it.
    probed : sequence of Answer
        Answers at small sizes.
    """
    problem = finding.problem
    if raised(problem):
        return raises(problem, probed)
    for probe in _probes(target, form, finding, probed):
        for name in _results(target, form, finding):
            for case in _cases(target, form, finding, probed):
                found = probe(case, name)
                if found:
                    return [f"{_function(form, name)}: {sentence}" for sentence in found]
    return []


def _probes(target: Target, form: Form, finding: Finding, probed: Sequence[Answer]) -> list[Probe]:
    """Return the probes that a problem asks for."""
    problem = finding.problem
    tried: list[Probe] = []
    if "not_given" in finding.statement:
        tried += [lambda case, name: defaults(target, case, name)]
    if "dtype" in problem:
        tried += [lambda case, name: dtypes(target, case, name)]
    if "shape" in problem:
        tried += [lambda _, name: shapes(name, probed)]
    if "nan" in problem or "inf" in problem or "nonfinite" in finding.statement:
        tried += [lambda case, name: leaks(target, case, name)]
    if any(word in problem for word in LATER):
        tried += [lambda case, name: _kept(target, form, name, case)]
    if any(word in problem for word in ROUNDS) or finding.facts.get("element") is not None:
        tried += [lambda case, name: arithmetic(target, case, name)]
    return tried


def _function(form: Form, result: str) -> str:
    return form.forward if result == "memory" else form.backward


def _kept(target: Target, form: Form, result: str, case: Case) -> list[str]:
    function = _function(form, result)
    return kept(target, form, function) or kept(target, form, function, case)


def _results(target: Target, form: Form, finding: Finding) -> list[str]:
    """Return the results that a finding is about, those that it names first."""
    promised = [name for function in target.functions_of(form) for name in target.results(function)]
    named = [name for name in promised if name == finding.facts.get("result") or name in finding.problem.split("[")[0]]
    return named or promised


def _cases(target: Target, form: Form, finding: Finding, probed: Sequence[Answer]) -> list[Case]:
    """Return a small case, and those of the finding's calls that are not too large."""
    small = [each.case for each in probed[:1]]
    found = [made.case for made in calls_of(finding, target) if form_of(made.function) is form]
    fitting = [
        case
        for case in found[-2:]
        if not outside(case, target.promises) and case.frames * case.channels * (1 + sum(case.taps)) < MOST_CELLS
    ]
    return [*small, *fitting]
