"""A target that makes the mistakes that were recognised, and no others: what it fails, they explain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np

import fsmn_vec
from fsmn_properties.cases.case import Case
from fsmn_properties.contract.forms import FUNCTIONS, form_of
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.named import predicted
from fsmn_properties.diagnosis.reading import values_of
from fsmn_properties.diagnosis.reasons import Reason
from fsmn_properties.targets.target import Target, target_of


def imitation(target: Target, reasons: Sequence[Reason]) -> Target:
    """Return a target with the promises of another one, right but for some reasons."""
    functions = {name: _function(name, reasons) for name in FUNCTIONS if target.has(name)}
    return target_of(SimpleNamespace(**functions), target.promises, name="imitation")


def _function(name: str, reasons: Sequence[Reason]) -> Callable[..., Any]:
    form, right = form_of(name), getattr(fsmn_vec, name)
    mine = {result: each for each in reasons if each.form is form for result in each.results}
    names = form.results(name)

    def function(*arguments: Any, **named: Any) -> Any:
        returned = right(*arguments, **named)
        results = dict(zip(names, returned if len(names) > 1 else (returned,), strict=True))
        given = {**dict(zip(form.arguments(name), arguments, strict=False)), **named}
        plain: dict[str, Any] = {each: np.asarray(given[each]) for each in form.arguments(name)}
        plain.setdefault("dmemory", np.zeros_like(plain["hidden"]))
        plain |= {each: int(given.get(each, 1)) for each in form.strides}
        facts = Facts(Case(form, plain))
        with np.errstate(all="ignore"):
            for result, value in results.items():
                reason = mine.get(result)
                if reason is not None and reason.model and (reason.condition is None or reason.condition.holds(facts)):
                    wrong = predicted(reason.model, facts, values_of(facts), result)
                    results[result] = wrong.astype(value.dtype, order="C")
        return tuple(results.values()) if len(names) > 1 else results[names[0]]

    return function
