"""Each property fails when it should, with a counterexample that a person can read."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fsmn_ref
import fsmn_vec
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.forms import BI, UNI
from fsmn_properties.property import Outcome

BY_NAME = {each.name: each for each in CATALOGUE}


def broken(**functions: Any) -> SimpleNamespace:
    """Return the reference with some functions replaced."""
    names = [name for form in (UNI, BI) for name in (form.forward, form.backward)]
    return SimpleNamespace(**{name: getattr(fsmn_ref, name) for name in names} | functions)


def run(name: str, implementation: Any) -> Outcome:
    outcome = BY_NAME[name].run(implementation, seed=1)
    assert outcome.failure, f"{name} holds"
    return outcome


def elements(failure: str, name: str) -> int:
    """Return how many numbers the counterexample's array has."""
    (text,) = re.findall(rf"^{name} = np.array\((.*?)(?:, dtype=.*)?\)$", failure, re.MULTILINE)
    return len(re.findall(r"-?[\d.]+(?:e[+-]?\d+)?", text))


def reversed_taps(hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, np.asarray(filter)[::-1], position, stride=stride)


def reversed_taps_backward(dmemory: Any, hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
    dhidden, dfilter = fsmn_ref.compact_vfsmn_memory_backward(
        dmemory, hidden, np.asarray(filter)[::-1], position, stride=stride
    )
    return dhidden, np.ascontiguousarray(dfilter[::-1])


def test_reversed_taps_are_shown_by_two_frames_and_two_taps() -> None:
    outcome = run("uni_forward_equals_the_reference", broken(compact_vfsmn_memory_forward=reversed_taps))
    assert elements(outcome.failure, "hidden") == 2
    assert elements(outcome.failure, "filter") == 2
    assert "memory[1, 0] is 4.0, should be 3.0 (1 of 2 elements differ)" in outcome.failure


def test_taps_reversed_in_forward_and_backward_pass_every_gradient_check_but_not_the_reference() -> None:
    both = broken(compact_vfsmn_memory_forward=reversed_taps, compact_vfsmn_memory_backward=reversed_taps_backward)
    assert not BY_NAME["uni_backward_equals_the_central_difference"].run(both, seed=1).failure
    assert not BY_NAME["uni_notebook_gradient_check"].run(both, seed=1).failure
    run("uni_forward_equals_the_reference", both)
    run("uni_backward_equals_the_reference", both)
    run("uni_notebook_tables", both)


def without_identity(dmemory: Any, *arguments: Any, **strides: Any) -> Any:
    dhidden, *gradients = fsmn_ref.bi_compact_vfsmn_memory_backward(dmemory, *arguments, **strides)
    return dhidden - np.asarray(dmemory), *gradients


@pytest.mark.parametrize(
    "name",
    ["bi_backward_equals_the_reference", "bi_backward_equals_the_central_difference", "bi_notebook_gradient_check"],
)
def test_a_gradient_without_the_identity_term_is_seen(name: str) -> None:
    run(name, broken(bi_compact_vfsmn_memory_backward=without_identity))


def test_a_gradient_without_the_identity_term_is_shown_by_one_frame() -> None:
    implementation = broken(bi_compact_vfsmn_memory_backward=without_identity)
    failure = run("bi_backward_equals_the_central_difference", implementation).failure
    assert elements(failure, "hidden") == elements(failure, "dmemory") == 1


def narrow(hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
    hidden, filter = np.asarray(hidden), np.asarray(filter)
    memory = fsmn_ref.compact_vfsmn_memory_forward(
        hidden.astype(np.float32), filter.astype(np.float32), position, stride=stride
    )
    return memory.astype(np.result_type(hidden, filter))


@pytest.mark.parametrize("name", ["uni_forward_equals_the_reference", "uni_forward_is_within_the_rounding_bound"])
def test_a_float32_accumulator_for_float64_is_seen(name: str) -> None:
    run(name, broken(compact_vfsmn_memory_forward=narrow))


def flushed(*arguments: Any, **strides: Any) -> Any:
    results = fsmn_ref.compact_vfsmn_memory_backward(*arguments, **strides)
    return tuple(np.where(np.abs(r) < np.finfo(r.dtype).smallest_normal, r.dtype.type(0), r) for r in results)


def test_subnormals_flushed_to_zero_are_seen_by_the_rounding_bound_alone() -> None:
    implementation = broken(compact_vfsmn_memory_backward=flushed)
    assert not BY_NAME["uni_backward_equals_the_reference"].run(implementation, seed=1).failure
    run("uni_backward_is_within_the_rounding_bound", implementation)


def wraps(hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
    within = np.minimum(np.maximum(np.asarray(position, dtype=object), 0), np.arange(len(hidden))).astype(int)
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, within, stride=stride)


def test_positions_that_are_clipped_instead_of_refused_are_seen() -> None:
    outcome = run("uni_positions_out_of_range_are_refused", broken(compact_vfsmn_memory_forward=wraps))
    assert "compact_vfsmn_memory_forward accepted position[0] = 1" in outcome.failure
    assert elements(outcome.failure, "hidden") == 1


def says_little(*arguments: Any, **strides: Any) -> Any:
    try:
        return fsmn_ref.compact_vfsmn_memory_forward(*arguments, **strides)
    except ValueError as error:
        raise ValueError("bad position") from error


def test_an_error_that_does_not_name_the_position_is_seen() -> None:
    outcome = run("uni_positions_out_of_range_are_refused", broken(compact_vfsmn_memory_forward=says_little))
    assert "raised ValueError: bad position; wanted a ValueError that names position, index 0" in outcome.failure


def in_place(dmemory: Any, hidden: Any, *arguments: Any, **strides: Any) -> Any:
    results = fsmn_ref.bi_compact_vfsmn_memory_backward(dmemory, hidden, *arguments, **strides)
    dmemory += 1
    return results


def test_a_gradient_that_is_overwritten_is_seen() -> None:
    outcome = run("bi_inputs_are_not_changed", broken(bi_compact_vfsmn_memory_backward=in_place))
    assert "bi_compact_vfsmn_memory_backward changed dmemory from np.array([[1.0]])" in outcome.failure


def crashes(hidden: Any, *arguments: Any, **strides: Any) -> Any:
    if len(hidden) == 1:
        raise IndexError("one frame")
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, *arguments, **strides)


def test_a_crash_is_a_violation_that_says_where_it_happened() -> None:
    outcome = run("uni_forward_equals_the_reference", broken(compact_vfsmn_memory_forward=crashes))
    assert "compact_vfsmn_memory_forward raised IndexError: one frame" in outcome.failure
    assert "test_checker_fails.py, line" in outcome.failure


@pytest.mark.parametrize(
    ("returned", "problem"),
    [(None, "returned memory as a NoneType, not an ndarray"), ([[1.0]], "returned memory as a list, not an ndarray")],
)
def test_a_result_that_is_no_array_is_seen(returned: Any, problem: str) -> None:
    implementation = broken(compact_vfsmn_memory_forward=lambda *_, **__: returned)
    assert problem in run("uni_forward_equals_the_reference", implementation).failure


def test_a_missing_gradient_is_seen() -> None:
    implementation = broken(compact_vfsmn_memory_backward=lambda dmemory, *_, **__: (dmemory,))
    assert "not dhidden, dfilter" in run("uni_backward_equals_the_reference", implementation).failure


def test_an_implementation_that_changes_its_mind_is_seen() -> None:
    calls = iter(range(10**9))

    def moody(hidden: Any, *arguments: Any, **strides: Any) -> Any:
        return fsmn_ref.compact_vfsmn_memory_forward(hidden, *arguments, **strides) + (next(calls) % 7 == 6)

    outcome = run("uni_forward_equals_the_reference", broken(compact_vfsmn_memory_forward=moody))
    assert "Not the same twice" in outcome.failure


def test_a_counterexample_can_be_pasted_into_python(capsys: pytest.CaptureFixture[str]) -> None:
    implementation = broken(compact_vfsmn_memory_forward=reversed_taps)
    failure = run("uni_forward_equals_the_reference", implementation).failure
    script = failure[failure.index("import numpy") :]
    exec(script.replace("implementation = ...", "implementation = given"), {"given": implementation})  # noqa: S102
    assert capsys.readouterr().out == "[[1.]\n [4.]]\n[[1.]\n [3.]]\n"


ABSURD: dict[str, Any] = {
    "infinite": lambda result: np.full_like(result, np.inf),
    "text": lambda result: result.astype(str),
    "flat": np.ravel,
    "masked": np.ma.masked_all_like,
}


@pytest.mark.parametrize("absurd", ABSURD.values(), ids=ABSURD)
def test_no_result_is_too_absurd_to_be_judged(absurd: Any) -> None:
    def spoiled(function: Any) -> Any:
        def call(*arguments: Any, **strides: Any) -> Any:
            results = function(*arguments, **strides)
            return tuple(map(absurd, results)) if isinstance(results, tuple) else absurd(results)

        return call

    implementation = broken(**{name: spoiled(getattr(fsmn_vec, name)) for name in vars(broken())})
    outcomes = [each.run(implementation, seed=1, examples=1) for each in CATALOGUE]
    assert sum(bool(outcome.failure) for outcome in outcomes) > len(CATALOGUE) / 3
