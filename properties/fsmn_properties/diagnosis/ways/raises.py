"""What a function raises where it should not, and in which cases."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fsmn_properties.checks.trial import clipped
from fsmn_properties.contract.forms import form_of
from fsmn_properties.diagnosis.answers import Answer
from fsmn_properties.diagnosis.conditions import condition_of

_RAISED = re.compile(r"^(\w+) raised (\w+): (.*?)(?: \([^()]*, line \d+\))?$", re.DOTALL)


def raised(problem: str) -> tuple[str, str, str] | None:
    """Return the function, the type and the message of what was raised, if a problem says so."""
    found = _RAISED.match(problem)
    return (found[1], found[2], found[3]) if found else None


def raises(problem: str, probed: Sequence[Answer]) -> list[str]:
    """Return in which of the probed cases a function raises the exception of a problem, in words."""
    found = raised(problem)
    if found is None:
        return []
    function, kind, message = found
    mine = [each for each in probed if each.case.form is form_of(function)]
    bad = [each for each in mine if (raised(each.problems.get(function, "")) or ("", ""))[1] == kind]
    good = [each for each in mine if function not in each.problems]
    if not bad or len(bad) + len(good) < len(mine):
        return []
    smallest = min(bad, key=lambda each: each.case.frames * (1 + sum(each.case.taps)) * each.case.channels)
    condition = condition_of(bad, good)
    if condition is None:
        return [f"{function} raises {kind} in some cases, as with {smallest.case.outline()}: {clipped(message, 120)}"]
    where = condition.says or "in every case that was tried"
    return [f"{function} raises {kind} {where}: {clipped(message, 120)}"]


def shapes(result: str, probed: Sequence[Answer]) -> list[str]:
    """Return in which of the probed cases a result has a wrong shape, in words."""
    mine = [each for each in probed if result in each.results]
    bad = [each for each in mine if each.results[result].shape != each.right(result).shape]
    good = [each for each in mine if each not in bad]
    if not bad:
        return []
    smallest = min(bad, key=lambda each: each.right(result).size)
    condition = condition_of(bad, good)
    shape = f"{smallest.results[result].shape} instead of {smallest.right(result).shape}"
    where = "in some cases" if condition is None else condition.says or "always"
    return [f"{result} has a wrong shape {where}: {shape} with {smallest.case.outline()}"]
