"""Arguments share memory as the case says, in calls and in scripts, with the values that the oracle counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fsmn_vec
from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import made
from fsmn_properties.cases.sharing import sharings
from fsmn_properties.contract.forms import BI, FORMS, Form

EVERY = [(form, name) for form in FORMS for name in sharings(form)]
EACH = pytest.mark.parametrize(("form", "name"), EVERY, ids=str)


def shared(form: Form, name: str) -> Case:
    sides = len(form.positions)
    kinds = (("arbitrary", 3), ("utterances", 5))[:sides]
    return made(form=form.short, frames=9, channels=2, taps=(4, 3)[:sides], positions=kinds, number=7, shared=name)


@EACH
def test_arguments_share_memory_in_every_call(form: Form, name: str) -> None:
    case = shared(form, name)
    given = case.arguments(form.backward)
    one, other = (given[each] for each in sharings(form)[name].names)
    if name.startswith("filters in one"):
        assert one.base is not None
        assert one.base is other.base
    else:
        assert np.shares_memory(one, other)
    assert all(np.array_equal(value, case[each]) for each, value in given.items())


@EACH
def test_a_script_makes_the_same_arguments(form: Form, name: str) -> None:
    case = shared(form, name)
    space: dict[str, Any] = {"np": np}
    exec("\n".join(case.script(form.backward).values()), space)  # noqa: S102, the text is ours
    given = case.arguments(form.backward)
    assert all(np.array_equal(space[each], value) for each, value in given.items())
    one, other = sharings(form)[name].names
    assert np.shares_memory(space[one], space[other]) == np.shares_memory(given[one], given[other])


@EACH
def test_what_is_expected_is_of_the_shared_values(form: Form, name: str) -> None:
    case = shared(form, name)
    memory = getattr(fsmn_vec, form.forward)(*case.arguments(form.forward).values())
    np.testing.assert_array_equal(memory, case.want["memory"])


def test_a_function_without_one_of_the_arguments_shares_nothing() -> None:
    assert {*shared(BI, "dmemory is hidden").arguments(BI.forward)} == {*BI.arguments(BI.forward)}
