"""Asking one statement about one case, and what a failure is like."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.checks.trial import Violation
from fsmn_properties.contract.forms import NAMES
from fsmn_properties.runs.fuzz.limits import Notes, settled
from fsmn_properties.runs.run import Asked, Plan
from fsmn_properties.targets.target import Target

OUT_OF_MEMORY = "out of memory"
_RESULT = re.compile(r"\b(memory|dhidden|dfilter|dbfilter|dffilter)\b")
_FUNCTION = re.compile("|".join(sorted(NAMES, reverse=True)))


class Symptom(NamedTuple):
    """Why two failures may be of one bug; if symptoms differ, they are of two.

    Parameters
    ----------
    statement, function, result : str
        What fails, and the first wrong result.
    kind : str
        In which way: a wrong value, a NaN, an error, a signal.
    map : str
        What the map really is, if it was recovered.
    """

    statement: str
    function: str
    result: str
    kind: str
    map: str = ""


@dataclass(frozen=True)
class Failure:
    """One failure of a statement.

    Parameters
    ----------
    symptom : Symptom
        What it is like.
    problem : str
        What is wrong, in a sentence.
    script : str
        Python that shows it.
    dies : bool
        Whether the process ended.
    """

    symptom: Symptom
    problem: str
    script: str = ""
    dies: bool = False


class Asks(Protocol):
    """Asks statements about cases."""

    def ask(self, statement: Statement, case: Case) -> Failure | None:
        """Ask a statement about a case; what fails has no script yet."""

    def told(self, statement: Statement, case: Case) -> Failure | None:
        """Ask a statement about a case; what fails has a script."""


def symptom_of(statement: Statement, violation: Violation) -> Symptom:
    """Return the symptom of a violation."""
    problem = violation.problem
    found = _RESULT.search(problem)
    result = str(violation.facts.get("result") or (found.group() if found else ""))
    form = statement.form
    named = _FUNCTION.search(problem)
    if of_stream(statement):
        function = form.stream
    elif result:
        function = form.forward if result == "memory" else form.backward
    elif named:
        function = named.group()
    else:
        function = violation.calls[-1].function if violation.calls else ""
    return Symptom(statement.name, function, result, kind_of(problem), map_of(statement, violation))


def of_stream(statement: Statement) -> bool:
    """Return whether a statement is about streams."""
    return "stream" in statement.needs


def map_of(statement: Statement, violation: Violation) -> str:  # noqa: ARG001, see the docstring
    """Return what the map of the failing function really is, as text: part of the key of a bucket.

    Nothing recovers it yet.
    """
    return ""


def kind_of(problem: str) -> str:
    """Return in which way something is wrong."""
    if "MemoryError" in problem:
        return OUT_OF_MEMORY
    raised = re.search(r"\braised (\w+)", problem)
    if raised:
        return f"raises {raised.group(1)}"
    shapes = re.search(r"has shape (\(.*?\)).*should have shape (\(.*?\))", problem)
    if shapes:
        return "dtype" if shapes.group(1) == shapes.group(2) else "shape"
    for words, kind in (
        ("accepted", "accepts"),
        ("second call", "remembers"),
        ("later call", "remembers"),
        ("changed", "changes"),
        ("that were in the same arrays", "remembers"),
        (" is nan, should be", "nan"),
        ("should be nan", "no nan"),
        (" is inf, should be", "inf"),
        (" is -inf, should be", "inf"),
    ):
        if words in problem:
            return kind
    return "wrong"


class Asker:
    """Asks statements about a target, in this process.

    Parameters
    ----------
    target : Target
        What is asked about.
    plan : Plan
        Holds the calls made before.
    notes : Notes, optional
        Where it is written down which function is called, if the target is watched.
    """

    def __init__(self, target: Target, plan: Plan, notes: Notes | None = None) -> None:
        self.target, self.plan, self._notes = target, plan, notes

    def ask(self, statement: Statement, case: Case) -> Failure | None:
        """Ask a statement about a case; what fails has no script yet."""
        violation = Asked(statement, self.target, self.plan).ask(case)
        self._settle()
        return None if violation is None else Failure(symptom_of(statement, violation), violation.problem)

    def told(self, statement: Statement, case: Case) -> Failure | None:
        """Ask a statement about a case; what fails has a script."""
        asked = Asked(statement, self.target, self.plan)
        violation = asked.ask(case)
        self._settle()
        if violation is None:
            return None
        return Failure(symptom_of(statement, violation), violation.problem, asked.script(violation, case))

    def _settle(self) -> None:
        if self._notes is not None:
            settled(self._notes)
