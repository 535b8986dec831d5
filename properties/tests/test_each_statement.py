"""Each statement fails for some wrong implementation: one that can't fail says nothing."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fsmn_vec
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.contract.forms import FUNCTIONS
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import target_of
from planted_bugs.targets import target_of_bug

CAUGHT_BY: dict[str, str] = json.loads(Path(__file__).with_name("caught_by.json").read_text(encoding="utf-8"))
"""For each statement a planted bug that a first look sees."""


def spoiled(change: Callable[[dict[Any, Any], Any], Any]) -> SimpleNamespace:
    """Return functions whose arguments and results a change can get at."""

    def wrong(function: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            return change(dict(enumerate(arguments)) | named, function(*arguments, **named))

        return call

    return SimpleNamespace(**{name: wrong(getattr(fsmn_vec, name)) for name in FUNCTIONS})


def listed(_: dict[Any, Any], results: Any) -> Any:
    return list(results) if isinstance(results, tuple) else results


def leaves(_: dict[Any, Any], results: Any) -> Any:
    os.chdir("/")
    return results


def writes(given: dict[Any, Any], results: Any) -> Any:
    first = next(iter(given.values()))
    if isinstance(first, np.ndarray) and first.flags.writeable:
        first[...] = 7
    return results


def slow(_: dict[Any, Any], results: Any) -> Any:
    time.sleep(0.002)
    return results


BY_HAND: dict[str, Any] = {
    "gradients_are_returned_as_a_tuple": spoiled(listed),
    "calls_leave_the_process_as_it_was": spoiled(leaves),
    "inputs_are_not_changed": spoiled(writes),
    "long_inputs_are_not_changed": spoiled(writes),
    "every_conjunction_leaves_no_trace": spoiled(writes),
    "calls_take_no_longer_than_promised": SimpleNamespace(**vars(spoiled(slow)), promises={"seconds_per_call": 0.001}),
}


@pytest.mark.parametrize("each", CATALOGUE, ids=lambda each: each.name)
def test_a_statement_fails_for_some_wrong_implementation(each: Statement) -> None:
    bug = CAUGHT_BY.get(each.name)
    target = target_of_bug(bug) if bug else target_of(BY_HAND[each.name.partition("_")[2]])
    verdict = run(each, target, Plan(seed=0, examples=50, first_look=True, thorough=0, shrinks=False))
    assert verdict.fails, f"{each.name} {verdict.outcome} of {bug}"
    assert verdict.finding is not None
    assert verdict.finding.problem
    assert verdict.finding.script.startswith("import numpy as np\n")


def test_bugs_are_named_for_statements_that_there_are() -> None:
    assert CAUGHT_BY.keys() <= {each.name for each in CATALOGUE}
