"""The reference is the definition: it is held against the contract's formulas, written once more as sums."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import fsmn_ref
from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.sources import FLOATS, TINY_WHOLE, WHOLE
from fsmn_properties.catalogue.statement import Source, Statement
from fsmn_properties.checks.exact import central_difference
from fsmn_properties.checks.rounding import to_fractions
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import BI, FORMS, UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import cases_of
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import target_of
from fsmn_ref import utterance_positions
from fsmn_ref.arguments import Array

HIDDEN = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0]])
EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
REFERENCE = target_of(fsmn_ref)


def drawn(source: Source, form: Form, count: int) -> list[Case]:
    return [each.case for each in cases_of(source, form, Promises(), count, "of the reference")]


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


def sum_of_the_contract(form: Form, plain: dict[str, Any]) -> list[list[Any]]:
    """Return the memory as the contract writes it, one sum for each element."""
    h = plain["hidden"]
    T, D = h.shape
    sides = (
        [("position", "stride", plain["filter"], 1, 1)]
        if form is UNI
        else [("bposition", "bstride", plain["bfilter"], 0, 1), ("fposition", "fstride", plain["ffilter"], 1, -1)]
    )
    return [
        [
            h[r, c]
            + sum(
                taps[i, c] * h[r - sign * (i + first) * int(plain[stride]), c]
                for position, stride, taps, first, sign in sides
                for i in range(len(taps))
                if (i + first) * int(plain[stride]) <= int(plain[position][r])
            )
            for c in range(D)
        ]
        for r in range(T)
    ]


@EACH_FORM
def test_forward_is_the_formula_of_the_contract(form: Form) -> None:
    for case in drawn(WHOLE, form, 100):
        memory = Trial(REFERENCE, form).forward(case)
        assert memory.tolist() == sum_of_the_contract(form, dict(case.plain))
        assert memory.shape == case["hidden"].shape


@EACH_FORM
def test_backward_is_the_derivative_of_forward(form: Form) -> None:
    for case in drawn(TINY_WHOLE, form, 60):
        trial = Trial(REFERENCE, form)
        for name, gradient in trial.backward(case).items():
            assert gradient.tolist() == central_difference(trial, case, name.removeprefix("d")).tolist(), name


@EACH_FORM
def test_fractions_are_computed_exactly(form: Form) -> None:
    for case in drawn(FLOATS, form, 60):
        fractions = {name: to_fractions(case[name]) for name in form.matrices if case[name].size}
        if len(fractions) < len(form.matrices):
            continue  # an empty object array holds no Fraction to tell it by
        exact = case.but(**fractions)
        for result in Trial(REFERENCE, form).results(exact).values():
            assert result.dtype == object
            assert {type(element) for element in result.flat} == {Fraction}
        assert Trial(REFERENCE, form).forward(exact).tolist() == sum_of_the_contract(form, dict(exact.plain))


def test_one_third_stays_one_third() -> None:
    third = np.array([[Fraction(1, 3)]])
    assert fsmn_ref.compact_vfsmn_memory_forward(third, third, [0])[0, 0] == Fraction(1, 3)


# What compares with the reference would be an empty truth of it, but for what is asked of calls and of types.
SMALL = [each for each in CATALOGUE if each.source.draw is not None and not each.source.covers]


@pytest.mark.parametrize("statement", SMALL, ids=lambda statement: statement.name)
def test_the_reference_holds_to_what_is_asked_of_it(statement: Statement) -> None:
    verdict = run(statement, REFERENCE, Plan(seed=0, examples=15))
    assert (verdict.outcome, verdict.finding) in {("holds", None), ("not promised", None)}
    assert (verdict.cases > 0) == (verdict.outcome == "holds")


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


def holds_frame(form: Form, plain: dict[str, Any], r: int, s: int) -> bool:
    """Return whether memory[r] holds hidden[s], straight from the contract."""
    if r == s:
        return True
    sides = [("position", "stride", "filter", 1)] if form is UNI else [("bposition", "bstride", "bfilter", 0)]
    if form is BI and s > r:
        sides = [("fposition", "fstride", "ffilter", 1)]
    position, stride, taps, first = sides[0]
    far, step = abs(r - s), int(plain[stride])
    ahead_of_uni = form is UNI and s > r
    lags = [(i + first) * step for i in range(len(plain[taps]))]
    return not ahead_of_uni and far in lags and far <= int(plain[position][r])


@EACH_FORM
def test_nan_in_a_frame_reaches_the_rows_whose_sum_holds_it_and_no_other(form: Form) -> None:
    for case in drawn(WHOLE, form, 60):
        for s in range(case.frames if case.channels else 0):
            hidden: Array = case["hidden"].copy()
            hidden[s] = np.nan
            memory = Trial(REFERENCE, form).forward(case.but(hidden=hidden))
            want = [holds_frame(form, dict(case.plain), r, s) for r in range(case.frames)]
            assert np.isnan(memory).all(axis=1).tolist() == want
            assert np.isnan(memory).any(axis=1).tolist() == want
