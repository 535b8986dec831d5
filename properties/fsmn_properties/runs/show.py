"""A statement about one case, as a script shows it whose calls are too many or too large to be written out."""

from __future__ import annotations

from typing import Any

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.checks.trial import Trial
from fsmn_properties.targets.target import target_of


def show(implementation: object, statement: str, case: Case, promises: Any = None) -> None:
    """Ask one statement about one case.

    Parameters
    ----------
    implementation : object
        As in `verify`.
    statement : str
        The name of the statement.
    case : Case
        What `made` returns.
    promises : mapping, optional
        As in `verify`.

    Raises
    ------
    Violation
        An AssertionError, if the statement does not hold.
    """
    (asked,) = (each for each in CATALOGUE if each.name == statement)
    asked.check(Trial(target_of(implementation, promises), asked.form), case)
