"""What the vectorized functions promise beyond the contract: `out`, memory, and the pieces that rows are cut into."""

from __future__ import annotations

import itertools
import re
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import fsmn_ref
import fsmn_vec
from fsmn_properties.case import Case
from fsmn_properties.forms import FORMS, Form
from fsmn_properties.oracles.exact import equal
from fsmn_properties.strategies.cases import Sizes, cases, whole_cases
from fsmn_properties.strategies.layouts import LAYOUTS
from fsmn_properties.strategies.values import whole_numbers
from fsmn_ref import utterance_positions
from fsmn_vec.plan import SHORTEST, plan

EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)


@st.composite
def counts(draw: st.DrawFn) -> Any:
    """Draw counts of taps, at most r for row r: stretches that stay, that climb, and that jump."""
    pieces = draw(
        st.lists(
            st.one_of(
                st.tuples(st.integers(0, 6), st.integers(1, 20)).map(lambda v: [v[0]] * v[1]),
                st.tuples(st.integers(0, 3), st.integers(1, 9), st.integers(0, 20)).map(climb),
                st.lists(st.integers(0, 6), max_size=5),
            ),
            max_size=6,
        )
    )
    return np.array([min(q, row) for row, q in enumerate([0, *itertools.chain(*pieces)])])


def climb(shape: tuple[int, int, int]) -> list[int]:
    """Return counts that climb from a lead by a height, and stay there for a while."""
    lead, height, stay = shape
    return [*range(lead, lead + height), *[lead + height] * stay]


FOLD = pytest.mark.parametrize("fold", [1, 3, SHORTEST])
CLIMBING = pytest.mark.parametrize("climbing", [True, False], ids=["climbing", "level"])


@FOLD
@CLIMBING
@given(counts=counts())
def test_every_row_is_in_one_piece_with_its_number_of_taps(counts: Any, fold: int, climbing: bool) -> None:
    pieces = plan(counts, fold, climbing=climbing)
    taps = [(row, min(s.taps, s.lead + row - s.first)) for s in pieces.stretches for row in range(s.first, s.end)] + [
        (row, q) for q, rows in pieces.loose.items() for row in rows
    ]
    assert sorted(taps) == list(enumerate(counts.tolist()))
    assert all((s.end - s.first) % fold == 0 for s in pieces.stretches)
    assert climbing or all(s.climb == 0 for s in pieces.stretches)


@given(counts())
@example(np.array([0] * SHORTEST))
@example(np.arange(SHORTEST + 1))
@example(np.array([0, 0, *range(1, SHORTEST + 1)]))
def test_stretches_are_all_that_are_long_enough(counts: Any) -> None:
    """A stretch ends where the next row uses neither as many taps nor, unless it has been level, one more."""
    stretches, first, level = [], 0, False
    for row in range(1, len(counts) + 1):
        step = counts[row] - counts[row - 1] if row < len(counts) else None
        if step == 0 or (step == 1 and not level):
            level = step == 0
            continue
        if row - first >= SHORTEST:
            stretches.append((first, row, counts[first], counts[row - 1]))
        first, level = row, False
    assert plan(counts, 1, climbing=True).stretches == stretches


def test_utterances_are_stretches_alone() -> None:
    look_back, _ = utterance_positions([300, 200])
    pieces = plan(np.minimum(look_back, 20), 4, climbing=True)
    assert pieces.stretches == [(0, 300, 0, 20), (300, 500, 0, 20)]
    assert pieces.loose == {}


def test_where_nothing_may_climb_the_beginnings_of_utterances_are_loose() -> None:
    look_back, _ = utterance_positions([300, 200])
    pieces = plan(np.minimum(look_back, 2), 4, climbing=False)
    assert pieces.stretches == [(2, 298, 2, 2), (302, 498, 2, 2)]
    assert {q: rows.tolist() for q, rows in pieces.loose.items()} == {
        0: [0, 300],
        1: [1, 301],
        2: [298, 299, 498, 499],
    }


def test_where_nothing_may_climb_a_stretch_begins_with_its_first_level_row() -> None:
    pieces = plan(np.array([0, 0, 1, *[2] * 10]), 1, climbing=False)
    assert pieces.stretches == [(3, 13, 2, 2)]


# Large enough that not everything is one small block, with few enough taps for the loops of the reference.
LARGE = Sizes(frames=90, taps=6, stride=2)


@EACH_FORM
def test_large_calls_equal_the_reference(form: Form) -> None:
    @given(large_cases(form), st.sampled_from([None, np.nan, np.inf]))
    def check(case: Case, special: float | None) -> None:
        if special is not None:
            case = case.but(**{name: _with(special, case[name]) for name in ("dmemory", *form.floats)})
        with np.errstate(all="ignore"):
            want, results = case.results(fsmn_ref), case.results(fsmn_vec)
        for name, got in results.items():
            equal(case, name, got, want[name])

    check()


def _with(special: float, array: Any) -> Any:
    array = array.copy()
    array[len(array) // 2 :: 7, ::2] = special
    return array


@st.composite
def large_cases(draw: st.DrawFn, form: Form) -> Case:
    """Draw a case of 60 to 90 frames and 40 to 130 channels."""
    case = draw(cases(form, whole_numbers, LARGE).filter(lambda case: len(case["hidden"]) >= 60))
    channels = draw(st.integers(40, 130))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    floats = {
        name: rng.integers(-9, 10, (len(case[name]), channels)).astype("f4") for name in ("dmemory", *form.floats)
    }
    return case.but(**floats)


@EACH_FORM
@pytest.mark.parametrize("layout", ["Fortran-ordered", "strided", "reversed", "reversed in its last axis"])
def test_out_of_any_layout_is_written_and_returned(form: Form, layout: str) -> None:
    @given(st.one_of(whole_cases(form), large_cases(form)))
    def check(case: Case) -> None:
        want = case.results(fsmn_vec)
        outs = {name: LAYOUTS[layout](np.full_like(result, 7)) for name, result in want.items()}
        gradients = tuple(outs[name] for name in form.gradients)
        arguments = [*case.floats.values(), *case.positions.values()]
        memory = getattr(fsmn_vec, form.forward)(*arguments, **case.strides, out=outs["memory"])
        returned = getattr(fsmn_vec, form.backward)(case.dmemory, *arguments, **case.strides, out=gradients)
        assert memory is outs["memory"]
        assert all(got is out for got, out in zip(returned, gradients, strict=True))
        for name, out in outs.items():
            equal(case, name, out, want[name])

    check()


HIDDEN, FILTER, POSITION = np.ones((3, 2)), np.ones((2, 2)), [0, 1, 2]


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        ([[0.0] * 2] * 3, TypeError, "out is a list (allowed: ndarray)"),
        (np.empty((3, 2), np.float32), TypeError, "out has dtype float32 (allowed: float64)"),
        (np.empty((2, 3)), ValueError, "out has shape (2, 3) (allowed: (3, 2))"),
        (np.broadcast_to(0.0, (3, 2)), ValueError, "out is read-only"),
        (HIDDEN, ValueError, "out shares memory with an argument or another result"),
    ],
)
def test_an_out_that_does_not_fit_is_refused(out: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as refusal:
        fsmn_vec.compact_vfsmn_memory_forward(HIDDEN, FILTER, POSITION, out=out)
    assert message in str(refusal.value)


def calls(form: Form) -> list[tuple[str, list[str], int]]:
    """Return each function with its arguments and the number of its results."""
    arguments = [*form.floats, *form.positions]
    return [(form.forward, arguments, 1), (form.backward, ["dmemory", *arguments], len(form.gradients))]


def refuses(function: str, arguments: dict[str, Any], outs: list[Any], slot: int) -> None:
    one = len(outs) == 1
    name = "out" if one else re.escape(f"out[{slot}]")
    with pytest.raises(ValueError, match=f"^{name} shares memory with an argument or another result$"):
        getattr(fsmn_vec, function)(*arguments.values(), out=outs[0] if one else tuple(outs))


@EACH_FORM
def test_an_out_that_shares_memory_with_any_argument_is_refused(form: Form) -> None:
    for function, names, results in calls(form):
        for name, slot in itertools.product(names, range(results)):
            # Zeros are floats and positions alike.
            arguments = {n: np.zeros(2, np.int64) if n in form.positions else np.zeros((2, 2)) for n in names}
            shared = np.zeros((2, 2))
            arguments[name] = shared.view(np.int64)[0] if name in form.positions else shared
            refuses(function, arguments, [shared if i == slot else None for i in range(results)], slot)


@EACH_FORM
def test_one_array_for_two_results_is_refused(form: Form) -> None:
    function, names, results = calls(form)[1]
    arguments = {n: np.zeros(2, np.int64) if n in form.positions else np.zeros((2, 2)) for n in names}
    for pair in itertools.combinations(range(results), 2):
        same = np.zeros((2, 2))
        refuses(function, arguments, [same if i in pair else None for i in range(results)], max(pair))


@EACH_FORM
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("stride", [1, 2, 1000])
def test_memory_beyond_the_arguments_stays_below_hidden_and_4_mebibytes(form: Form, dtype: Any, stride: int) -> None:
    T, D, N = 3000, 128, 20
    look_back, look_ahead = utterance_positions([300] * 10)
    positions = dict(zip(form.positions, (look_back, look_ahead), strict=False))
    floats = {name: np.ones((T if name == "hidden" else N, D), dtype) for name in form.floats}
    case = Case(form, floats, positions, dict.fromkeys(form.strides, stride), np.ones((T, D), dtype))
    for compute in (case.forward, case.backward):
        tracemalloc.start()
        compute(fsmn_vec)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < case["hidden"].nbytes + (4 << 20)
