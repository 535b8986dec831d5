"""NaN and infinities: a tap that is not allowed is not read, and elsewhere IEEE 754 decides."""

from __future__ import annotations

from itertools import product

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.space import SMALL, Pick, small_case
from fsmn_properties.cases.values import SPECIAL
from fsmn_properties.catalogue.statement import Source, statement
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises

PARTS = 64  # more than an array of a small case has elements: each can be hit


def special(pick: Pick, case: Case) -> Case:
    """Return the case with one to three NaN or infinities, and zeros for them to meet."""
    arrays = {name: case[name].copy() for name in case.form.matrices}
    zeros = pick(range(64))
    for place, value in enumerate(arrays.values()):
        value[(zeros >> place) % 4 :: 4] = 0
    places = list(product([name for name, value in arrays.items() if value.size], SPECIAL))
    for _ in range(pick(range(1, 4)) if places else 0):
        (name, number), part = pick(places), pick(range(PARTS))
        value = arrays[name]
        value.flat[value.size * part // PARTS] = number
    return case.but(**arrays)


def _special(pick: Pick, form: Form, promises: Promises) -> Case:
    return special(pick, small_case(pick, form, promises.but(empty=False), "whole", SMALL).case())


NONFINITE = Source("nonfinite", draw=_special)


@statement(NONFINITE, "R5", "either", "nonfinite", effort=3)
def nonfinite_values_reach_what_sums_them_and_nothing_else(trial: Trial, case: Case) -> None:
    """NaN and infinities in any argument reach exactly the elements whose sum holds them, as IEEE 754 has it."""
    agree(case, trial.results(case))
