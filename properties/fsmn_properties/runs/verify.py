"""Verification as a call."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.findings.account import Account, Beyond
from fsmn_properties.findings.document import document_of
from fsmn_properties.findings.mistake import Mistake
from fsmn_properties.findings.verdict import EXPECTED, FAILS, Finding, Verdict
from fsmn_properties.findings.write import write
from fsmn_properties.runs.beyond import beyond_the_promise
from fsmn_properties.runs.diagnosed import diagnosed
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import Target, target_of

MOST_SECONDS = 600.0
"""How long a run takes at most of a target that promises how long a call takes."""


@dataclass(frozen=True)
class Report:
    """What a verification showed; prints as the account of the run.

    Parameters
    ----------
    target : Target
        What was verified.
    verdicts : tuple of Verdict
        What became of each statement.
    beyond : tuple of Beyond
        What was tried beyond the promise.
    mistakes : tuple of Mistake
        The findings of the verdicts, those with the same reason as one.
    """

    target: Target
    verdicts: tuple[Verdict, ...]
    beyond: tuple[Beyond, ...] = ()
    mistakes: tuple[Mistake, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no statement fails."""
        return not self.failures

    @property
    def failures(self) -> tuple[Verdict, ...]:
        """The verdicts of the statements that fail."""
        return tuple(verdict for verdict in self.verdicts if verdict.fails)

    @property
    def account(self) -> Account:
        """The verdicts, and what they are about."""
        unasked = max(0, len(CATALOGUE) - len(self.verdicts))
        return Account(self.target.name, self.target.stated, self.verdicts, self.beyond, unasked, self.mistakes)

    def write(self, path: str | Path) -> None:
        """Write the report to a file, as HTML, Markdown or JSON.

        Parameters
        ----------
        path : str or Path
            Where it is written; its ending is .html, .md or .json.

        Raises
        ------
        ValueError
            If its ending is none of these.
        """
        write(document_of(self.account), path)

    def __str__(self) -> str:
        return "\n".join(self.account.lines())


def verify(
    implementation: object,
    statements: Iterable[Statement] | None = None,
    *,
    promises: Any = None,
    expected_failures: Mapping[str, str] | None = None,
    seed: int | None = None,
    most_seconds: float | None = None,
) -> Report:
    """Ask every statement about an implementation.

    Parameters
    ----------
    implementation : object
        Anything with at least one of the contract's four functions as an attribute: a module, a class, an instance.
    statements : iterable of Statement, optional
        What to ask; the whole catalogue by default.
    promises : mapping or Promises, optional
        What it promises of the contract; replaces, key by key, its attribute `promises`.
    expected_failures : mapping of str to str, optional
        Statements that are known to fail, each with the reason. One that holds after all fails.
    seed : int, optional
        Where Hypothesis starts; by default its profile decides.
    most_seconds : float, optional
        How long the run takes at most. Statements that are not reached are given up.

    Returns
    -------
    Report
        `report.ok`, `report.failures`, and the account when printed.

    Raises
    ------
    CannotLoadError
        If the implementation has no function that can be called as the contract says.
    PromiseError
        If a promise is not allowed.
    ValueError
        If an expected failure names no statement.
    """
    target, reasons = target_of(implementation, promises), known(expected_failures or {})
    chosen = list(CATALOGUE if statements is None else statements)
    plan = plan_of(target, seed, most_seconds)
    verdicts = []
    for number, each in enumerate(chosen):
        plan.statements_left = len(chosen) - number
        verdicts.append(expected(run(each, target, plan), reasons.get(each.name)))
    beyond = tuple(beyond_the_promise(target))
    return Report(target, tuple(verdicts), beyond, diagnosed(target, verdicts))


def plan_of(target: Target, seed: int | None, most_seconds: float | None) -> Plan:
    """Return the plan of a run that begins now."""
    if most_seconds is None and target.promises.seconds_per_call is not None:
        most_seconds = MOST_SECONDS
    return Plan(seed=seed, until=None if most_seconds is None else time.monotonic() + most_seconds)


def known(reasons: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons of expected failures after checking that they name statements.

    Raises
    ------
    ValueError
        If one names none.
    """
    unknown = reasons.keys() - {each.name for each in CATALOGUE}
    if unknown:
        raise ValueError(f"expected failures must name statements, got {', '.join(sorted(unknown))}")
    return dict(reasons)


def expected(verdict: Verdict, reason: str | None) -> Verdict:
    """Return the verdict of a statement that is expected to fail, for a reason: strictly."""
    if reason is None:
        return verdict
    if verdict.fails:
        return replace(verdict, outcome=EXPECTED, why=reason)
    problem = f"expected to fail ({reason}), but the verdict is {verdict.outcome!r}: remove the entry"
    return replace(verdict, outcome=FAILS, finding=Finding(verdict.name, "", verdict.rule, problem))


def first_failure(
    implementation: object, statements: Iterable[Statement] | None = None, *, seed: int | None = None
) -> Verdict | None:
    """Return the first statement found not to hold, or None: the quickest answer to whether anything is wrong.

    A first look, at a few cases of each statement that compares with the oracle, shows most bugs. Then everything is
    asked of all cases. Parameters and errors are those of `verify`.
    """
    chosen = tuple(CATALOGUE if statements is None else statements)
    target = target_of(implementation)
    # Nothing is tried in a fresh process: that takes longer than most bugs do to be found.
    first, whole = Plan(seed=seed, first_look=True, thorough=0), Plan(seed=seed, thorough=0)
    attempts = [(each, first) for each in chosen if each.asks_reference] + [(each, whole) for each in chosen]
    return next((verdict for each, plan in attempts if (verdict := run(each, target, plan)).fails), None)
