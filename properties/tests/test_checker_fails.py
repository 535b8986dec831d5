"""Each kind of mistake is seen, with a counterexample that a person can read."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fsmn_ref
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.forms import FUNCTIONS
from fsmn_properties.findings.verdict import HOLDS, Finding, Verdict
from fsmn_properties.runs.run import Plan
from fsmn_properties.runs.run import run as run_statement
from fsmn_properties.targets.target import target_of

BY_NAME = {each.name: each for each in CATALOGUE}


def broken(**functions: Any) -> SimpleNamespace:
    """Return the reference with some functions replaced."""
    return SimpleNamespace(**{name: getattr(fsmn_ref, name) for name in FUNCTIONS} | functions)


def verdict(name: str, implementation: Any) -> Verdict:
    return run_statement(BY_NAME[name], target_of(implementation), Plan(seed=0, examples=100))


def run(name: str, implementation: Any) -> Finding:
    found = verdict(name, implementation)
    assert found.fails, f"{name} {found.outcome}"
    assert found.finding is not None
    statement = BY_NAME[name]
    assert (found.finding.statement, found.finding.says, found.finding.rule) == (name, statement.says, statement.rule)
    return found.finding


def elements(finding: Finding, name: str) -> int:
    """Return how many numbers the counterexample's array has."""
    (text,) = re.findall(rf"^{name} = np.array\((.*?)(?:, np.\w+)?\)$", finding.script, re.MULTILINE)
    return len(re.findall(r"-?[\d.]+(?:e[+-]?\d+)?", text))


def reversed_taps(hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, np.asarray(filter)[::-1], position, stride=stride)


def reversed_taps_backward(dmemory: Any, hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
    dhidden, dfilter = fsmn_ref.compact_vfsmn_memory_backward(
        dmemory, hidden, np.asarray(filter)[::-1], position, stride=stride
    )
    return dhidden, np.ascontiguousarray(dfilter[::-1])


def test_reversed_taps_are_shown_by_two_frames_and_two_taps() -> None:
    finding = run("uni_forward_equals_the_reference", broken(compact_vfsmn_memory_forward=reversed_taps))
    assert elements(finding, "hidden") == 2
    assert elements(finding, "filter") == 2
    assert finding.problem == "memory[1, 0] is 4.0, should be 3.0 (1 of 2 elements differ)"
    assert dict(finding.facts) == {"result": "memory", "element": (1, 0), "got": "4.0", "wanted": "3.0"}
    assert finding.case == "2 frames x 1 channels x 2 taps, float64"
    assert "\nnp.testing.assert_array_equal(memory, np.array([[1.0], [3.0]]), strict=True)" in finding.script


def test_taps_reversed_in_forward_and_backward_pass_every_gradient_check_but_not_the_reference() -> None:
    both = broken(compact_vfsmn_memory_forward=reversed_taps, compact_vfsmn_memory_backward=reversed_taps_backward)
    assert verdict("uni_backward_equals_the_central_difference", both).outcome == HOLDS
    assert verdict("uni_backward_is_the_adjoint_of_forward", both).outcome == HOLDS
    assert verdict("uni_notebook_gradient_check", both).outcome == HOLDS
    run("uni_forward_equals_the_reference", both)
    run("uni_backward_equals_the_reference", both)
    assert run("uni_notebook_tables", both).problem.startswith("In the notebook's example, memory[")


def without_identity(dmemory: Any, *arguments: Any, **strides: Any) -> Any:
    dhidden, *gradients = fsmn_ref.bi_compact_vfsmn_memory_backward(dmemory, *arguments, **strides)
    return dhidden - np.asarray(dmemory), *gradients


@pytest.mark.parametrize(
    "name",
    ["bi_backward_equals_the_reference", "bi_backward_equals_the_central_difference", "bi_notebook_gradient_check"],
)
def test_a_gradient_without_the_identity_term_is_seen(name: str) -> None:
    assert "dhidden" in run(name, broken(bi_compact_vfsmn_memory_backward=without_identity)).problem


def test_a_statement_without_a_reference_shows_the_wrong_call_beside_the_right_value() -> None:
    implementation = broken(bi_compact_vfsmn_memory_backward=without_identity)
    finding = run("bi_backward_equals_the_central_difference", implementation)
    assert elements(finding, "hidden") == elements(finding, "dmemory") == 1
    assert finding.problem.startswith(
        "dhidden is not the central difference of forward: dhidden[0, 0] is 1.0, should be 2.0"
    )
    # Once by the relation, and once by the oracle for the call that is wrong by itself.
    assert finding.problem.count("dhidden[0, 0] is 1.0, should be 2.0") == 2
    assert "dhidden, dbfilter, dffilter = implementation.bi_compact_vfsmn_memory_backward(dmemory, " in finding.script
    assert "np.testing.assert_array_equal(dhidden, np.array([[2.0]]), strict=True)" in finding.script
    assert dict(finding.facts) == {"result": "dhidden", "element": (0, 0), "got": "1.0", "wanted": "2.0"}


def narrow(hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
    hidden, filter = np.asarray(hidden), np.asarray(filter)
    memory = fsmn_ref.compact_vfsmn_memory_forward(
        hidden.astype(np.float32), filter.astype(np.float32), position, stride=stride
    )
    return memory.astype(np.result_type(hidden, filter))


@pytest.mark.parametrize("name", ["uni_forward_equals_the_reference", "uni_forward_is_within_the_rounding_bound"])
def test_a_float32_accumulator_for_float64_is_seen(name: str) -> None:
    assert "float64" in run(name, broken(compact_vfsmn_memory_forward=narrow)).case


def flushed(*arguments: Any, **strides: Any) -> Any:
    results = fsmn_ref.compact_vfsmn_memory_backward(*arguments, **strides)
    return tuple(np.where(np.abs(r) < np.finfo(r.dtype).smallest_normal, r.dtype.type(0), r) for r in results)


def test_subnormals_flushed_to_zero_are_seen_by_the_rounding_bound_alone() -> None:
    implementation = broken(compact_vfsmn_memory_backward=flushed)
    assert verdict("uni_backward_equals_the_reference", implementation).outcome == HOLDS
    finding = run("uni_backward_is_within_the_rounding_bound", implementation)
    assert re.search(
        r"^assert abs\(np.longdouble\(dhidden\[0, 0\]\) - np.longdouble\('.*'\)\) <= ", finding.script, re.MULTILINE
    )


def wraps(hidden: Any, filter: Any, position: Any, *, stride: Any = 1) -> Any:
    within = np.minimum(np.maximum(np.asarray(position, dtype=object), 0), np.arange(len(hidden))).astype(int)
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, within, stride=stride)


def test_positions_that_are_clipped_instead_of_refused_are_seen() -> None:
    finding = run("uni_positions_out_of_range_are_refused", broken(compact_vfsmn_memory_forward=wraps))
    wanted = "should raise ValueError naming position, index 0 and value 1"
    assert finding.problem == f"compact_vfsmn_memory_forward accepted position[0] = 1; {wanted}"
    assert elements(finding, "hidden") == 1


def says_little(*arguments: Any, **strides: Any) -> Any:
    try:
        return fsmn_ref.compact_vfsmn_memory_forward(*arguments, **strides)
    except ValueError as error:
        raise ValueError("bad position") from error


def test_an_error_that_does_not_name_the_position_is_seen_unless_words_are_not_promised() -> None:
    name, terse = "uni_positions_out_of_range_are_refused", broken(compact_vfsmn_memory_forward=says_little)
    wanted = "raised ValueError: bad position; should raise ValueError naming position, index 0"
    assert wanted in run(name, terse).problem
    terse.promises = {"refusals": "types"}
    assert verdict(name, terse).outcome == HOLDS


def in_place(dmemory: Any, hidden: Any, *arguments: Any, **strides: Any) -> Any:
    results = fsmn_ref.bi_compact_vfsmn_memory_backward(dmemory, hidden, *arguments, **strides)
    dmemory += 1
    return results


def test_a_gradient_that_is_overwritten_is_seen() -> None:
    finding = run("bi_inputs_are_not_changed", broken(bi_compact_vfsmn_memory_backward=in_place))
    assert finding.problem == "bi_compact_vfsmn_memory_backward changed dmemory from [[1.0]] to [[2.0]]"


def test_a_counterexample_can_be_pasted_into_python(capsys: pytest.CaptureFixture[str]) -> None:
    implementation = broken(compact_vfsmn_memory_forward=reversed_taps)
    script = run("uni_forward_equals_the_reference", implementation).script
    assert script.count("implementation = ...  # what was verified\n") == 1
    pasted = script.replace("implementation = ...", "implementation = given")
    with pytest.raises(AssertionError, match="Arrays are not equal"):
        exec(pasted, {"given": implementation})  # noqa: S102
    exec(pasted, {"given": fsmn_ref})  # noqa: S102
    assert capsys.readouterr().out == ""
