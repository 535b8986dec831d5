"""The reference is the definition: it is held against the contract's formulas, written once more as sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from fsmn_properties.case import Case
from fsmn_properties.forms import BI, FORMS, UNI, Form
from fsmn_properties.oracles.exact import central_difference, equal
from fsmn_properties.oracles.rounding import to_fractions
from fsmn_properties.oracles.windows import sums_that_hold
from fsmn_properties.property import Property
from fsmn_properties.strategies.cases import TINY, float_cases, whole_cases
from hypothesis import given

import fsmn_ref
from fsmn_properties.catalogue import arguments, memory, types
from fsmn_ref import utterance_positions

HIDDEN = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])


def test_each_tap_reads_its_own_frame() -> None:
    # Powers of ten: the digits of a result say which tap met which frame.
    memory = fsmn_ref.compact_vfsmn_memory_forward(HIDDEN, [[100.0, 100.0], [10000.0, 10000.0]], [0, 1, 2])
    assert memory.tolist() == [[1, 10], [102, 1020], [10203, 102030]]


def test_a_stride_is_the_distance_between_taps() -> None:
    memory = fsmn_ref.compact_vfsmn_memory_forward(HIDDEN, [[100.0, 100.0]], [0, 1, 2], stride=2)
    assert memory.tolist() == [[1, 10], [2, 20], [103, 1030]]


def test_the_bidirectional_form_taps_the_current_frame_besides_the_identity() -> None:
    memory = fsmn_ref.bi_compact_vfsmn_memory_forward(
        HIDDEN, [[1e2, 1e2], [1e4, 1e4]], [[1e6, 1e6]], [0, 1, 2], [2, 1, 0]
    )
    assert memory[:, 0].tolist() == [2000101, 3010202, 20303]


def _sum_of_contract(case: Case) -> Any:
    """Return the memory as the contract writes it, one sum for each element."""
    h, (T, D) = case["hidden"], case["hidden"].shape
    taps = (
        [(i + 1, 1, f) for i, f in enumerate(case["filter"])]
        if case.form is UNI
        else [(i, 1, f) for i, f in enumerate(case["bfilter"])]
        + [(j + 1, -1, f) for j, f in enumerate(case["ffilter"])]
    )
    memory = np.array(h)
    for r in range(T):
        for lag, side, f in taps:
            back = case.form is UNI or side == 1
            stride = case.strides["stride" if case.form is UNI else "bstride" if back else "fstride"]
            reach = case.positions["position" if case.form is UNI else "bposition" if back else "fposition"][r]
            if lag * stride <= reach:
                memory[r] += f * h[r - side * lag * stride]
    return memory.reshape(T, D)


@pytest.mark.parametrize("form", [UNI, BI], ids=lambda form: form.short)
def test_forward_is_the_formula_of_the_contract(form: Any) -> None:
    @given(whole_cases(form))
    def check(case: Case) -> None:
        equal(case, "memory", case.forward(fsmn_ref), _sum_of_contract(case))

    check()


@pytest.mark.parametrize("form", [UNI, BI], ids=lambda form: form.short)
def test_backward_is_the_derivative_of_forward(form: Any) -> None:
    @given(whole_cases(form, TINY))
    def check(case: Case) -> None:
        for name, gradient in case.backward(fsmn_ref).items():
            equal(case, name, gradient, central_difference(fsmn_ref, case, name.removeprefix("d")))

    check()


@pytest.mark.parametrize("form", [UNI, BI], ids=lambda form: form.short)
def test_fractions_are_computed_exactly(form: Any) -> None:
    @given(float_cases(form))
    def check(case: Case) -> None:
        exact = case.but(**{name: to_fractions(case[name]) for name in ("dmemory", *form.floats)})
        for result in exact.results(fsmn_ref).values():
            assert result.dtype == object
            assert all(isinstance(element, Fraction) for element in result.flat)
        assert (exact.forward(fsmn_ref) == _sum_of_contract(exact)).all()

    check()


@pytest.mark.parametrize(
    "check",
    [*memory.PROPERTIES, *types.PROPERTIES, *arguments.REFUSALS, *arguments.PROPERTIES],
    ids=lambda check: check.name,
)
def test_the_reference_holds_to_what_it_asks_of_calls(check: Property) -> None:
    # Not empty truths: its results for contiguous arguments and given strides are what these compare with.
    assert check.run(fsmn_ref).failure == ""


def test_one_third_stays_one_third() -> None:
    third = np.array([[Fraction(1, 3)]])
    assert fsmn_ref.compact_vfsmn_memory_forward(third, third, [0])[0, 0] == Fraction(1, 3)


def test_utterance_positions_count_within_each_utterance() -> None:
    look_back, look_ahead = utterance_positions([3, 0, 1, 2])
    assert look_back.tolist() == [0, 1, 2, 0, 0, 1]
    assert look_ahead.tolist() == [2, 1, 0, 0, 1, 0]


def test_no_utterance_has_no_positions() -> None:
    for positions in utterance_positions([]):
        assert positions.shape == (0,)
        assert positions.dtype == np.intp


@pytest.mark.parametrize(
    ("lengths", "error", "message"),
    [
        ([2, -1], ValueError, r"lengths\[1\] = -1 is negative \(allowed: integers from 0\)"),
        ([0, -1], ValueError, r"lengths\[1\] = -1 is negative"),
        ([1.5], TypeError, "lengths has dtype float64"),
        ([[1]], ValueError, "lengths has 2 dimensions"),
    ],
)
def test_bad_lengths_are_refused(lengths: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        utterance_positions(lengths)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
def test_nan_reaches_the_sums_that_are_said_to_hold_it(form: Form) -> None:
    @given(whole_cases(form))
    def check(case: Case) -> None:
        for name in ("dmemory", *form.floats):
            for row in range(len(case[name]) if case[name].size else 0):
                value = case[name].copy()
                value[row] = np.nan
                held = sums_that_hold(case, name, row)
                for result, got in case.but(**{name: value}).results(fsmn_ref).items():
                    assert np.flatnonzero(np.isnan(got).all(axis=1)).tolist() == sorted(set(held[result].tolist()))
                    assert np.array_equal(np.isnan(got).any(axis=1), np.isnan(got).all(axis=1))

    check()
