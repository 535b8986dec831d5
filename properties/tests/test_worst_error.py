"""How near the rounding bound a target comes: the worst error of a statement, in units of its bound."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

import fsmn_ref
import fsmn_vec
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.findings.verdict import Verdict
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import target_of

ROUNDS = next(each for each in CATALOGUE if each.name == "uni_forward_is_within_the_rounding_bound")
EXACT = next(each for each in CATALOGUE if each.name == "uni_forward_equals_the_reference")


def asked(forward: Any, statement: Any = ROUNDS) -> Verdict:
    target = target_of(SimpleNamespace(compact_vfsmn_memory_forward=forward))
    return run(statement, target, Plan(seed=1, examples=20, thorough=0))


def test_a_correct_target_has_a_worst_error_below_1_and_above_0() -> None:
    worst = asked(fsmn_vec.compact_vfsmn_memory_forward).worst
    assert worst is not None
    assert 0 < worst <= 1


def test_a_target_that_rounds_too_often_has_a_worst_error_above_1() -> None:
    def forward(*arguments: Any, **strides: Any) -> Any:
        memory = fsmn_ref.compact_vfsmn_memory_forward(*arguments, **strides)
        return memory * (1 + 16 * np.finfo(memory.dtype).eps)

    verdict = asked(forward)
    assert verdict.fails
    assert verdict.worst is not None
    assert 1 < verdict.worst < 1e6


def test_a_result_that_is_not_finite_is_infinitely_far_away() -> None:
    def forward(*arguments: Any, **strides: Any) -> Any:
        return fsmn_ref.compact_vfsmn_memory_forward(*arguments, **strides) * np.inf

    assert asked(forward).worst == np.inf


def test_a_statement_without_a_bound_has_no_worst_error() -> None:
    assert asked(fsmn_vec.compact_vfsmn_memory_forward, EXACT).worst is None
