"""What a stride counts as that is not given."""

from __future__ import annotations

from fsmn_properties.cases.case import Case
from fsmn_properties.checks.exact import is_equal
from fsmn_properties.diagnosis.answers import answer
from fsmn_properties.targets.target import Target

MOST = 6


def defaults(target: Target, case: Case, result: str) -> list[str]:
    """Return what a stride counts as that is not given, if it is not 1, in words."""
    got = answer(target, case.without_strides()).results.get(result)
    names = [name for name in case.form.strides if name in case.plain]
    if got is None or not names:
        return []
    ones = case.but(**dict.fromkeys(names, 1))
    if is_equal(got, ones.want[result]):
        return []
    for name in names:
        for stride in range(2, MOST):
            if is_equal(got, ones.but(**{name: stride}).want[result]):
                return [f"{name} counts as {stride} where it is not given"]
    return []
