"""What the strategies cover: a strategy that never draws a clipped window would make every property blind to it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.catalogue.refusals import bad_position_cases
from fsmn_properties.forms import BI, FORMS, UNI, Form
from fsmn_properties.strategies.cases import float_cases, whole_cases
from fsmn_properties.strategies.choices import choose
from fsmn_properties.strategies.values import EXPONENTS

EXAMPLES = 200  # as many as the profile `ci` draws
SEEDS = 3


def drawn(strategy: st.SearchStrategy[Any]) -> list[Any]:
    """Return what SEEDS properties in a run of the profile `ci` draw: Hypothesis repeats itself within a single one."""
    found: list[Any] = []

    @settings(max_examples=EXAMPLES, database=None, phases=[Phase.generate])
    @given(strategy)
    def collect(case: Any) -> None:
        found.append(case)

    for start in range(SEEDS):
        seed(start)(collect)()
    return found


def windows(case: Case) -> list[tuple[np.ndarray, int, int, int]]:
    """Return (positions, taps, stride, frames) of each side."""
    T = len(case["hidden"])
    filters = [len(case[name]) - (name == "bfilter") for name in case.form.filters]
    positions = [np.array(case[name], dtype=int) for name in case.form.positions]
    return [(p, n, s, T) for p, n, s in zip(positions, filters, case.strides.values(), strict=True)]


def some_window(holds: Callable[[np.ndarray, int, int, int], Any]) -> Callable[[Case], bool]:
    return lambda case: any(bool(holds(*window)) for window in windows(case))


def counting(p: np.ndarray) -> bool:
    """Whether positions count up from 0, frame after frame, in any number of utterances, forwards or backwards."""
    return any(
        len(q) > 0 and q[0] == 0 and all((b == a + 1) or b == 0 for a, b in itertools.pairwise(q)) for q in (p, p[::-1])
    )


def arbitrary_to_the_end(p: np.ndarray) -> bool:
    """Whether many positions neither count nor stay, and the frame with most room has neither 0 nor the maximum."""
    return any(len(q) > 8 and np.abs(np.diff(q)).max() > 1 and 0 < q[-1] < len(q) - 1 for q in (p, p[::-1]))


SITUATIONS: dict[str, tuple[Callable[[Case], Any], int]] = {
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
    "an arbitrary position of the frame that has most room": (some_window(lambda p, *_: arbitrary_to_the_end(p)), 30),
    "all positions zero": (some_window(lambda p, *_: len(p) > 1 and not p.any()), 5),
    "all positions maximal": (some_window(lambda p, *_: len(p) > 1 and (counting(p) and (p == 0).sum() == 1)), 5),
    "no frames": (lambda case: len(case["hidden"]) == 0, 2),
    "no channels": (lambda case: case["hidden"].shape[1] == 0, 2),
    "one frame": (lambda case: len(case["hidden"]) == 1, 2),
    "one channel": (lambda case: case["hidden"].shape[1] == 1, 15),
    "several channels": (lambda case: case["hidden"].shape[1] > 1, 60),
    "no taps": (some_window(lambda _p, n, *_: n == 0), 5),
    "float32": (lambda case: case["hidden"].dtype == np.float32, 40),
    "float64": (lambda case: case["hidden"].dtype == np.float64, 40),
    "numbers beyond float32": (
        lambda case: case["hidden"].dtype == np.float64 and np.abs(case["hidden"]).max(initial=0) > 2**20,
        15,
    ),
    "positions as a list": (lambda case: any(isinstance(p, list) for p in case.positions.values()), 10),
    **{
        f"positions as {t}": (lambda case, t=t: any(getattr(p, "dtype", None) == t for p in case.positions.values()), 5)
        for t in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
    },
}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
def test_whole_cases_cover_every_situation(form: Form) -> None:
    cases = drawn(whole_cases(form))
    seen = {name: sum(bool(holds(case)) for case in cases) for name, (holds, _) in SITUATIONS.items()}
    assert {name: n for name, n in seen.items() if n < SEEDS * SITUATIONS[name][1]} == {}


def test_each_of_several_options_is_drawn_evenly() -> None:
    options = [range(2), *[range(9)] * 4, range(14), range(200)]
    rows = np.array(drawn(st.composite(lambda draw: choose(draw, *options))()))
    for column, each in zip(rows.T, options, strict=True):
        halves = [np.sum(column < len(each) // 2), np.sum(column >= len(each) - len(each) // 2)]
        assert min(halves) > SEEDS * EXAMPLES / 4


def test_the_two_sides_of_a_bidirectional_case_differ() -> None:
    cases = drawn(whole_cases(BI))
    assert sum(case.strides["bstride"] != case.strides["fstride"] for case in cases) > len(cases) / 3
    assert sum(len(case["bfilter"]) - 1 != len(case["ffilter"]) for case in cases) > len(cases) / 3
    assert sum(len(case["bfilter"]) == len(case["ffilter"]) for case in cases) >= 5 * SEEDS


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
def test_whole_numbers_are_dense_and_their_sums_exact(form: Form) -> None:
    for case in drawn(whole_cases(form)):
        values = {name: case[name] for name in ("dmemory", *form.floats)}
        for value in values.values():
            assert (value == np.round(value)).all()
        limit = 2**24 if case["hidden"].dtype == np.float32 else 2**53
        magnitudes = case.but(**{name: np.abs(value) for name, value in values.items()}).results(fsmn_ref)
        assert all(result.max(initial=0) < limit for result in magnitudes.values())
    large = [case["hidden"] for case in drawn(whole_cases(form)) if case["hidden"].size >= 12]
    assert np.median([len(np.unique(h)) / h.size for h in large]) > 0.6


def test_floats_reach_both_ends_of_their_range_and_never_overflow() -> None:
    cases = drawn(float_cases(UNI))
    for dtype, (bottom, top) in EXPONENTS.items():
        values = np.concatenate([case["hidden"].ravel() for case in cases if case["hidden"].dtype == dtype])
        exponents = np.frexp(values[values != 0])[1] - 1
        assert exponents.min() <= bottom + 40
        assert exponents.max() >= top - 40
        assert (values == 0).any()
    for case in cases:
        assert all(np.isfinite(result).all() for result in case.results(fsmn_ref).values())


def test_bad_positions_are_of_every_kind() -> None:
    cases = drawn(bad_position_cases(BI))
    bad = [np.array(case[name], dtype=object) for case in cases for name in case.positions]
    assert sum((p < 0).any() for p in bad) > 20
    assert sum((p > 2**31).any() for p in bad) > 10
    assert sum(case["fposition"].dtype.kind == "u" for case in cases if hasattr(case["fposition"], "dtype")) > 10
