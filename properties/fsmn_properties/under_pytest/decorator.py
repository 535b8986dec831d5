"""Verification as parameters of somebody else's test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.findings.account import text
from fsmn_properties.findings.verdict import NOT_APPLICABLE, NOT_PROMISED
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.runs.verify import known
from fsmn_properties.targets.target import target_of


def parametrize_with_properties(
    implementation: object, *, promises: Any = None, expected_failures: Mapping[str, str] | None = None
) -> pytest.MarkDecorator:
    """Make a test function with the argument `check` into one test for each statement.

    Parameters
    ----------
    implementation : object
        Anything with at least one of the contract's four functions as an attribute.
    promises : mapping or Promises, optional
        What it promises of the contract; replaces, key by key, its attribute `promises`.
    expected_failures : mapping of statement to reason, optional
        Statements that are known to fail. One that holds after all fails the test, so that the entry goes away.

    Raises
    ------
    CannotLoadError
        If the implementation has no function that can be called as the contract says.
    PromiseError
        If a promise is not allowed.
    ValueError
        If an expected failure names no statement.

    Examples
    --------
    >>> import fsmn_vec
    >>> @parametrize_with_properties(fsmn_vec)
    ... def test_my_port(check):
    ...     check()
    """
    target, reasons, plan = target_of(implementation, promises), known(expected_failures or {}), Plan()

    def parameter(each: Statement) -> Any:
        def check() -> None:
            verdict = run(each, target, plan)
            if verdict.fails and verdict.finding is not None:
                pytest.fail("\n".join(text(verdict.finding)), pytrace=False)
            if verdict.outcome in {NOT_PROMISED, NOT_APPLICABLE}:
                pytest.skip(f"{verdict.outcome}: {verdict.why}")

        reason = reasons.get(each.name)
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        return pytest.param(check, id=each.name, marks=marks)

    return pytest.mark.parametrize("check", [parameter(each) for each in CATALOGUE])
