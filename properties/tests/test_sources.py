"""What the sources cover: one that never draws a clipped window would make every statement blind to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest

import fsmn_ref
from fsmn_properties.cases.case import Case
from fsmn_properties.cases.layouts import LOSE_THEIR_TYPE
from fsmn_properties.catalogue.refusals import BAD_POSITIONS, allowed
from fsmn_properties.catalogue.sources import FLOATS, WHOLE
from fsmn_properties.catalogue.statement import Source
from fsmn_properties.contract.formats import FLOATS as FORMATS
from fsmn_properties.contract.formats import INTEGERS
from fsmn_properties.contract.forms import BI, FORMS, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import cases_of
from fsmn_ref.arguments import Array

EXAMPLES = 200  # as many as the profile `ci` draws
SEEDS = 3
EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)


def drawn(source: Source, form: Form) -> list[Case]:
    """Return what SEEDS runs of the profile `ci` draw."""
    runs = [cases_of(source, form, Promises(), EXAMPLES, str(seed)) for seed in range(SEEDS)]
    return [each.case for run in runs for each in run]


Window = tuple[Array, int, int, int]


def windows(case: Case) -> list[Window]:
    """Return (positions, taps, stride, frames) of each side."""
    positions = [case[name].astype(int) for name in case.form.positions]
    return [(p, n, s, case.frames) for p, n, s in zip(positions, case.taps, case.strides.values(), strict=True)]


def some_window(holds: Callable[[Array, int, int, int], object]) -> Callable[[Case], bool]:
    return lambda case: any(bool(holds(*window)) for window in windows(case))


def counting(p: Array) -> bool:
    """Whether positions count up from 0, frame after frame, in any number of utterances, forwards or backwards."""
    return any(
        len(q) > 0 and q[0] == 0 and all((b == a + 1) or b == 0 for a, b in itertools.pairwise(q)) for q in (p, p[::-1])
    )


def arbitrary_to_the_end(p: Array) -> bool:
    """Whether many positions neither count nor stay, and the frame with most room has neither 0 nor the maximum."""
    return any(len(q) > 8 and np.abs(np.diff(q)).max() > 1 and 0 < q[-1] < len(q) - 1 for q in (p, p[::-1]))


def with_positions_of(dtype: str) -> Callable[[Case], bool]:
    return lambda case: any(case[name].dtype == dtype and not case.layouts.get(name) for name in case.form.positions)


SITUATIONS: dict[str, tuple[Callable[[Case], object], int]] = {
    "a clipped window": (some_window(lambda p, n, s, _: ((p > 0) & (p < n * s)).any()), 60),
    "a full window": (some_window(lambda p, n, s, _: n > 0 and (p >= n * s).any()), 40),
    "a position above N * stride": (some_window(lambda p, n, s, _: n > 0 and (p > n * s).any()), 40),
    "clipped and full windows in one case": (
        some_window(lambda p, n, s, _: ((p > 0) & (p < n * s)).any() and (p >= n * s).any() and n > 0),
        30,
    ),
    "a position that is no multiple of the stride": (some_window(lambda p, _n, s, _: (p % s != 0).any()), 40),
    "a stride above 1 that reaches a frame": (some_window(lambda p, n, s, _: s > 1 and n > 0 and (p >= s).any()), 20),
    "a stride beyond the last frame": (some_window(lambda _p, n, s, t: n > 0 and s > t > 0), 5),
    "more taps than frames": (some_window(lambda _p, n, _s, t: n > t > 0), 10),
    "two taps or more in use": (some_window(lambda p, n, s, _: n > 1 and (p >= 2 * s).any()), 60),
    "several utterances": (some_window(lambda p, *_: counting(p) and (p == 0).sum() > 1 and p.max() > 1), 10),
    "positions that neither count nor stay": (some_window(lambda p, *_: (np.abs(np.diff(p)) > 1).any()), 20),
    "an arbitrary position of the frame that has most room": (some_window(lambda p, *_: arbitrary_to_the_end(p)), 25),
    "all positions zero": (some_window(lambda p, *_: len(p) > 1 and not p.any()), 5),
    "all positions maximal": (some_window(lambda p, *_: len(p) > 1 and (counting(p) and (p == 0).sum() == 1)), 5),
    "no frames": (lambda case: case.frames == 0, 2),
    "no channels": (lambda case: case.channels == 0, 2),
    "one frame": (lambda case: case.frames == 1, 2),
    "one channel": (lambda case: case.channels == 1, 8),
    "several channels": (lambda case: case.channels > 1, 60),
    "no taps": (some_window(lambda _p, n, *_: n == 0), 5),
    "float32": (lambda case: case["hidden"].dtype == np.float32, 40),
    "float64": (lambda case: case["hidden"].dtype == np.float64, 40),
    "numbers beyond float32": (
        lambda case: case["hidden"].dtype == np.float64 and np.abs(case["hidden"]).max(initial=0) > 2**20,
        15,
    ),
    "positions as a list": (lambda case: any(case.layouts.get(name) == "a list" for name in case.form.positions), 10),
    **{f"positions as {name}": (with_positions_of(name), 5) for name in INTEGERS},
}


@EACH_FORM
def test_small_cases_are_of_every_situation(form: Form) -> None:
    cases = drawn(WHOLE, form)
    assert len(cases) == SEEDS * EXAMPLES
    seen = {name: sum(bool(holds(case)) for case in cases) for name, (holds, _) in SITUATIONS.items()}
    assert {name: n for name, n in seen.items() if n < SEEDS * SITUATIONS[name][1]} == {}


def test_the_two_sides_of_a_bidirectional_case_differ() -> None:
    cases = drawn(WHOLE, BI)
    # Drawn one by one, strides would be equal in 2 cases of 5, and numbers of taps in 1 of 7.
    assert sum(case["bstride"] != case["fstride"] for case in cases) > len(cases) / 3
    assert sum(case.taps[0] != case.taps[1] for case in cases) > len(cases) / 2
    assert sum(case.taps[0] == case.taps[1] > 0 for case in cases) >= 5 * SEEDS


@EACH_FORM
def test_positions_of_small_cases_are_valid(form: Form) -> None:
    for case in drawn(WHOLE, form):
        for name in form.positions:
            assert all(0 <= p <= allowed(name, r, case.frames) for r, p in enumerate(case[name].tolist()))


@EACH_FORM
def test_whole_numbers_are_dense_and_their_sums_exact(form: Form) -> None:
    cases = drawn(WHOLE, form)
    for case in cases:
        arrays = {name: case[name] for name in form.matrices}
        assert all((value == np.round(value)).all() for value in arrays.values())
        limit = 2 ** FORMATS[case["hidden"].dtype.name].digits
        magnitudes = case.but(**{name: np.abs(value) for name, value in arrays.items()}).want
        assert all(result.max(initial=0) < limit for result in magnitudes.values())
    large = [case["hidden"] for case in cases if case["hidden"].size >= 12 and "small whole" not in case.made]
    assert np.median([len(np.unique(h)) / h.size for h in large]) > 0.6


@EACH_FORM
def test_floats_reach_both_ends_of_their_range_and_never_overflow(form: Form) -> None:
    cases = drawn(FLOATS, form)
    for name in ("float64", "float32"):
        ends = FORMATS[name]
        values = np.concatenate([case["hidden"].ravel() for case in cases if case["hidden"].dtype == name])
        exponents = np.frexp(values[values != 0])[1] - 1
        assert exponents.min() <= ends.bottom + 40
        assert exponents.max() >= ends.top // 2 - 40
        assert (values == 0).any()
    for case in cases:
        arguments = [case[name] for name in form.arguments(form.backward)]
        gradients = getattr(fsmn_ref, form.backward)(*arguments, **case.strides)
        memory = getattr(fsmn_ref, form.forward)(*arguments[1:], **case.strides)
        assert all(np.isfinite(result).all() for result in (memory, *gradients))


@EACH_FORM
def test_bad_positions_are_of_every_kind(form: Form) -> None:
    cases = drawn(BAD_POSITIONS, form)
    wrong: list[tuple[int, int]] = []
    for case in cases:
        out = [
            (p, allowed(name, r, case.frames))
            for name in form.positions
            for r, p in enumerate(case[name].tolist())
            if not 0 <= p <= allowed(name, r, case.frames)
        ]
        assert out, case.made
        wrong += out
    assert sum(p < 0 for p, _ in wrong) > 20
    assert sum(p > 2**31 for p, _ in wrong) > 10
    assert sum(p == most + 1 for p, most in wrong) > 50
    assert sum(case[form.positions[-1]].dtype.kind == "u" for case in cases) > 30
    assert sum(case.layouts.get(form.positions[-1]) in LOSE_THEIR_TYPE for case in cases) > 5
