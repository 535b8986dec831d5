"""The oracle: the contract's sums over whole arrays are those of the reference's loops, and of rational numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import fsmn_ref
from fsmn_properties.cases import oracle
from fsmn_properties.cases.case import Case
from fsmn_properties.cases.oracle import reads, results_of
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.catalogue.sources import FLOATS, WHOLE
from fsmn_properties.checks import rounding
from fsmn_properties.checks.rounding import exact, rounding_bound, to_fractions
from fsmn_properties.contract.formats import EXTENDED_IS_WIDER
from fsmn_properties.contract.formats import FLOATS as FORMATS
from fsmn_properties.contract.forms import FORMS, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import cases_of
from fsmn_ref.arguments import Array

EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)


def looped(case: Case, **changes: Any) -> dict[str, Array]:
    """Return what the loops of the reference compute."""
    form, plain = case.form, {**case.plain, **changes}
    forward, backward = (
        getattr(fsmn_ref, function)(*[plain[name] for name in form.arguments(function)], **case.strides)
        for function in form.functions
    )
    return {"memory": forward, **dict(zip(form.gradients, backward, strict=True))}


def drawn(source: Any, form: Form, count: int) -> list[Case]:
    return [each.case for each in cases_of(source, form, Promises(), count, "of the oracle")]


@EACH_FORM
def test_on_whole_numbers_the_oracle_equals_the_loops(form: Form) -> None:
    for case in drawn(WHOLE, form, 150):
        want = looped(case)
        assert case.want.keys() == want.keys()
        for name, got in case.want.items():
            assert (got.dtype, got.tolist()) == (want[name].dtype, want[name].tolist()), name


@EACH_FORM
def test_on_rational_numbers_the_oracle_equals_the_loops(form: Form) -> None:
    for case in drawn(FLOATS, form, 60):
        fractions = {name: to_fractions(case[name]) / 3 for name in form.matrices if case[name].size}
        if len(fractions) == len(form.matrices):
            want, got = looped(case, **fractions), results_of(form, {**case.plain, **fractions}, object)
            for name in want:
                assert got[name].tolist() == want[name].tolist(), name


@EACH_FORM
def test_channels_are_computed_in_blocks_that_change_nothing(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = drawn(WHOLE, form, 20)
    whole = [results_of(form, case.plain, np.float64) for case in cases]
    monkeypatch.setattr(oracle, "BLOCK", 1)
    for case, want in zip(cases, whole, strict=True):
        got = results_of(form, case.plain, np.float64)
        assert all(np.array_equal(got[name], want[name]) for name in want)


@EACH_FORM
def test_positions_may_have_a_column_for_each_channel(form: Form) -> None:
    kinds = [
        Recipe(form.short, 9, 1, (3, 2)[: len(form.positions)], positions=(("arbitrary", n),) * len(form.positions))
        for n in (1, 2, 5)
    ]
    cases = [kind.case() for kind in kinds]
    wide = {name: np.concatenate([case[name] for case in cases], axis=1) for name in form.matrices}
    columns = {name: np.stack([case[name] for case in cases], axis=1) for name in form.positions}
    together = results_of(form, {**cases[0].plain, **wide, **columns}, np.float64)
    for channel, case in enumerate(cases):
        for name, want in looped(case).items():
            assert together[name][:, channel].tolist() == want[:, 0].tolist(), name


@EACH_FORM
def test_a_row_reads_the_frames_whose_nan_reaches_it(form: Form) -> None:
    for case in drawn(WHOLE, form, 40):
        if case.channels:
            read = reads(form, case.plain)
            assert read.shape == (case.frames, case.frames)
            for frame in range(case.frames):
                hidden = case["hidden"].copy()
                hidden[frame] = np.nan
                with np.errstate(all="ignore"):
                    memory = looped(case, hidden=hidden)["memory"]
                assert read[:, frame].tolist() == np.isnan(memory).all(axis=1).tolist()


def counted(case: Case) -> dict[str, Array]:
    """Return how many terms each element sums up, counted by the loops: terms of ones, and the identity's."""
    ones = {name: np.full(case[name].shape, Fraction(1)) for name in case.form.matrices}
    return looped(case, **ones)


@EACH_FORM
def test_long_double_errs_far_less_than_is_added_to_the_bound(form: Form) -> None:
    if not EXTENDED_IS_WIDER:
        pytest.skip("long double is no wider than double here")
    worst = Fraction(0)
    for case in drawn(FLOATS, form, 40):
        fractions = {name: to_fractions(case[name]) for name in form.matrices if case[name].size}
        if case.dtype("dhidden") != np.longdouble and len(fractions) == len(form.matrices):
            want = looped(case, **fractions)
            sizes = looped(case, **{name: abs(value) for name, value in fractions.items()})
            terms = counted(case)
            for name, found in exact(case).items():
                assert found.terms.tolist() == terms[name].tolist()
                for index in np.ndindex(*found.values.shape):
                    allowed = Fraction(101, 100) * (terms[name][index] + 1) * sizes[name][index] / 2**64
                    error = abs(to_fractions(found.values[index]).item() - want[name][index])
                    assert error <= allowed, (name, index)
                    worst = max(worst, error)
    assert worst > 0


@EACH_FORM
def test_where_long_double_is_no_wider_the_oracle_is_rational(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounding, "EXTENDED_IS_WIDER", False)
    for case in drawn(FLOATS, form, 10):
        fractions = {name: to_fractions(case[name]) for name in form.matrices if case[name].size}
        if len(fractions) == len(form.matrices):
            want = looped(case, **fractions)
            assert {name: found.values.tolist() for name, found in exact(case).items()} == {
                name: value.tolist() for name, value in want.items()
            }


@pytest.mark.parametrize("name", ["float64", "float32", "float16"])
def test_the_bound_is_that_of_the_contract(name: str) -> None:
    terms, sizes = np.array([1.0, 3.0, 20.0, 2.0]), np.array([2.0, 0.5, 7.0, 0.0])
    u, s = Fraction(float(np.finfo(name).eps)) / 2, Fraction(float(np.finfo(name).smallest_subnormal))
    exactly = rounding_bound(terms, to_fractions(sizes), np.dtype(name), rational=True)
    rounded = rounding_bound(terms, sizes.astype(np.longdouble), np.dtype(name), rational=False)
    for m, size, bound, wider in zip(terms, sizes, exactly, rounded, strict=True):
        m, size = Fraction(m), Fraction(size)
        assert bound == m * u / (1 - m * u) * size + m * s
        assert bound <= to_fractions(wider).item() * (1 + Fraction(1, 2**50))
        assert to_fractions(wider).item() <= bound * (1 + Fraction(1, 2**9))


def test_of_too_many_terms_of_half_precision_nothing_is_promised() -> None:
    bound = rounding_bound(np.array([2.0**11]), np.array([1.0]), np.dtype("float16"), rational=False)
    assert np.isinf(bound).all()
    assert FORMATS["float16"].digits == 11
