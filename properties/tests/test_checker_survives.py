"""Whatever a kernel does, it is judged: crashes, exits, absurd results, and what it leaves behind."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fsmn_ref
import fsmn_vec
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.checks.guard import ProcessState
from fsmn_properties.contract.forms import FUNCTIONS, NAMES
from fsmn_properties.findings.verdict import FAILS, HOLDS, NOT_PROMISED, Finding, Verdict
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import target_of

BY_NAME = {each.name: each for each in CATALOGUE}
FORWARD = "uni_forward_equals_the_reference"


def broken(**functions: Any) -> SimpleNamespace:
    return SimpleNamespace(**{name: getattr(fsmn_ref, name) for name in FUNCTIONS} | functions)


def verdict(name: str, implementation: Any) -> Verdict:
    return run(BY_NAME[name], target_of(implementation), Plan(seed=0, examples=60))


def finding(name: str, implementation: Any) -> Finding:
    found = verdict(name, implementation)
    assert found.outcome == FAILS
    assert found.finding is not None
    return found.finding


@pytest.mark.parametrize("error", [IndexError, MemoryError, SystemExit, KeyboardInterrupt, GeneratorExit])
def test_whatever_a_kernel_raises_is_a_violation_that_says_where(error: type[BaseException]) -> None:
    def crashes(hidden: Any, *arguments: Any, **strides: Any) -> Any:
        if len(hidden) == 1:
            raise error("one frame")
        return fsmn_ref.compact_vfsmn_memory_forward(hidden, *arguments, **strides)

    told = finding(FORWARD, broken(compact_vfsmn_memory_forward=crashes))
    assert f"compact_vfsmn_memory_forward raised {error.__name__}: one frame" in told.problem
    assert "test_checker_survives.py, line" in told.problem
    with pytest.raises(error, match="one frame"):
        exec(told.script.replace("= ...", "= given"), {"given": broken(compact_vfsmn_memory_forward=crashes)})  # noqa: S102


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
@pytest.mark.parametrize("each", CATALOGUE, ids=lambda each: each.name)
def test_no_statement_is_ended_by_a_kernel_that_ends_the_process(each: Any, error: type[BaseException]) -> None:
    def ends(*_: Any, **__: Any) -> Any:
        raise error

    target, plan = (
        target_of(broken(**dict.fromkeys(NAMES, ends))),
        Plan(seed=0, examples=2, thorough=0, shrinks=False),
    )
    try:
        found = run(each, target, plan)
    except error:
        pytest.fail(f"{error.__name__} of the kernel was passed on", pytrace=False)
    # What says nothing of results holds of a kernel that has none.
    silent = "calls_leave_the_process", "inputs_are_not_changed", "calls_take_no_longer"
    assert found.outcome in ({HOLDS, NOT_PROMISED} if any(part in each.name for part in silent) else {FAILS})


@pytest.mark.parametrize("error", [IndexError, SystemExit, KeyboardInterrupt, GeneratorExit])
@pytest.mark.parametrize("method", ["push", "finish"])
def test_no_statement_about_streams_is_ended_by_a_stream_that_ends_the_process(method: str, error: Any) -> None:
    def ends(*_: Any) -> Any:
        raise error

    made = {"push": lambda _, frames: np.asarray(frames), "finish": lambda _: np.zeros((0, 1)), method: ends}

    def make(filter: Any, stride: Any = 1) -> Any:  # noqa: ARG001, the contract's signature
        return type("Stream", (), made)()

    target = target_of(SimpleNamespace(compact_vfsmn_stream=make))
    plan = Plan(seed=0, examples=2, first_look=True, thorough=0, shrinks=False)
    asked = [each for each in CATALOGUE if not each.not_promised(target)]
    holding = [each.name for each in asked if run(each, target, plan).outcome == HOLDS]
    assert asked
    # Neither needs `finish`, unless what is drawn happens to end with it.
    assert {*holding} <= ({"uni_rows_are_returned_in_time", KEEPS_NO_MORE} if method == "finish" else set())


KEEPS_NO_MORE = "uni_stream_keeps_no_more_after_more_frames"


@pytest.mark.parametrize(
    ("returned", "problem"),
    [
        (None, "returned memory as a NoneType, not an ndarray"),
        ([[1.0]], "returned memory as a list, not an ndarray"),
        (np.ma.array([[1.0]]), "returned memory as a MaskedArray, not an ndarray"),
        (np.float64(1), "returned memory as a float64, not an ndarray"),
    ],
)
def test_a_result_that_is_no_array_is_seen(returned: Any, problem: str) -> None:
    implementation = broken(compact_vfsmn_memory_forward=lambda *_, **__: returned)
    assert problem in finding(FORWARD, implementation).problem


@pytest.mark.parametrize(
    ("returned", "told"),
    [
        (lambda dmemory: (dmemory,), "a tuple of 1, not dhidden, dfilter"),
        (lambda dmemory: dmemory, "a ndarray, not dhidden, dfilter"),
        (lambda _: {}, "a dict, not dhidden, dfilter"),
    ],
)
def test_a_missing_gradient_is_seen(returned: Callable[[Any], Any], told: str) -> None:
    implementation = broken(compact_vfsmn_memory_backward=lambda dmemory, *_, **__: returned(dmemory))
    problem = finding("uni_backward_equals_the_reference", implementation).problem
    assert problem == f"compact_vfsmn_memory_backward returned {told}"


def test_gradients_as_a_list_are_wrong_in_that_alone() -> None:
    def listed(*arguments: Any, **strides: Any) -> Any:
        return list(fsmn_ref.compact_vfsmn_memory_backward(*arguments, **strides))

    implementation = broken(compact_vfsmn_memory_backward=listed)
    assert verdict("uni_backward_equals_the_reference", implementation).outcome == HOLDS
    told = finding("uni_gradients_are_returned_as_a_tuple", implementation)
    assert told.problem == "compact_vfsmn_memory_backward returned a list, not a tuple"


def reseeds() -> None:
    np.random.seed(0)  # noqa: NPY002


@pytest.mark.parametrize(
    ("leaves", "what"),
    [
        (lambda: np.seterr(divide="raise", invalid="print"), "NumPy's error state"),
        (lambda: os.chdir("/"), "the working folder"),
        (random.random, "the state of Python's random numbers"),
        (reseeds, "the state of NumPy's global random numbers"),
    ],
)
def test_what_a_call_leaves_behind_is_seen_and_cleared_away(leaves: Callable[[], object], what: str) -> None:
    def careless(*arguments: Any, **strides: Any) -> Any:
        leaves()
        return fsmn_ref.compact_vfsmn_memory_forward(*arguments, **strides)

    before = ProcessState()
    told = finding("uni_calls_leave_the_process_as_it_was", broken(compact_vfsmn_memory_forward=careless))
    assert before.changed() == ""
    assert told.problem == f"compact_vfsmn_memory_forward changed {what}"
    try:
        with pytest.raises(AssertionError, match=what):
            exec(told.script.replace("= ...", "= given"), {"given": broken(compact_vfsmn_memory_forward=careless)})  # noqa: S102
    finally:
        before.restore()


def test_an_implementation_that_changes_its_mind_is_seen() -> None:
    calls = iter(range(10**9))

    def moody(hidden: Any, *arguments: Any, **strides: Any) -> Any:
        return fsmn_ref.compact_vfsmn_memory_forward(hidden, *arguments, **strides) + (next(calls) % 7 == 6)

    assert "should be" in finding(FORWARD, broken(compact_vfsmn_memory_forward=moody)).problem


def test_a_relation_that_fails_once_is_told_though_each_call_is_right_by_itself() -> None:
    calls = iter(range(10**9))

    def once(hidden: Any, *arguments: Any, **strides: Any) -> Any:
        return fsmn_ref.compact_vfsmn_memory_forward(hidden, *arguments, **strides) + (next(calls) == 1)

    told = finding("uni_forward_is_linear_in_hidden", broken(compact_vfsmn_memory_forward=once))
    assert told.problem.startswith("forward is not linear in hidden: memory[0, 0] is ")
    assert "element" not in told.facts  # no call is wrong by itself


ABSURD: dict[str, Callable[[Any], Any]] = {
    "infinite": lambda result: np.full_like(result, np.inf),
    "text": lambda result: result.astype(str),
    "flat": np.ravel,
    "masked": np.ma.masked_all_like,
    "complex": lambda result: result + 1j,
    "objects": lambda result: result.astype(object),
    "empty": lambda result: result[:0],
    "transposed": np.transpose,
    "bools": lambda result: result.astype(bool),
}


@pytest.mark.parametrize("absurd", ABSURD.values(), ids=ABSURD)
def test_no_result_is_too_absurd_to_be_judged(absurd: Callable[[Any], Any]) -> None:
    def spoiled(function: Any) -> Any:
        def call(*arguments: Any, **strides: Any) -> Any:
            results = function(*arguments, **strides)
            return tuple(map(absurd, results)) if isinstance(results, tuple) else absurd(results)

        return call

    target = target_of(broken(**{name: spoiled(getattr(fsmn_vec, name)) for name in FUNCTIONS}))
    plan = Plan(seed=0, examples=3, first_look=True, thorough=0, shrinks=False)
    small = [each for each in CATALOGUE if each.asks_reference and each.source.name in SMALL]
    assert {name for each in small if not run(each, target, plan).fails and (name := family(each.name))} <= MAY_HOLD


def family(name: str) -> str:
    return name.partition("_")[2]


SMALL = ("whole", "floats", "nonfinite", "sizes", "types", "notebook", "long calls", "every pair of sequences")
MAY_HOLD = {
    # These say nothing of what results hold,
    "inputs_are_not_changed",
    "results_are_new_arrays",
    "calls_leave_the_process_as_it_was",
    "gradients_are_returned_as_a_tuple",
    # and these nothing of their type.
    "notebook_tables",
    "notebook_gradient_check",
}
