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
from fsmn_vec.plan import SHORTEST_RAMP, SHORTEST_RUN, plan

EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)


@st.composite
def counts(draw: st.DrawFn) -> Any:
    """Draw counts of taps: stretches that stay, that climb, and that jump."""
    pieces = draw(
        st.lists(
            st.one_of(
                st.tuples(st.integers(0, 6), st.integers(1, 12)).map(lambda v: [v[0]] * v[1]),
                st.integers(1, 9).map(lambda top: list(range(top + 1))),
                st.lists(st.integers(0, 6), max_size=5),
            ),
            max_size=6,
        )
    )
    return np.array([q for piece in pieces for q in piece] or [0])


def rows_of_runs(counts: list[int]) -> set[int]:
    """Return the rows of all stretches that use the same taps and are long enough."""
    rows, first = set(), 0
    for q, stretch in itertools.groupby(counts):
        end = first + len(list(stretch))
        if q > 0 and end - first >= SHORTEST_RUN:
            rows |= set(range(first, end))
        first = end
    return rows


def height_of_ramp(counts: list[int], foot: int) -> int:
    """Return how far the rows above a foot use one tap more than the row before, outside runs."""
    rows = range(foot + 1, len(counts))
    in_runs = rows_of_runs(counts)
    return len(list(itertools.takewhile(lambda row: counts[row] == row - foot and row not in in_runs, rows)))


@given(counts())
def test_every_row_that_uses_taps_is_in_one_piece_with_its_number_of_taps(counts: Any) -> None:
    pieces = plan(counts)
    for cut in (pieces, pieces.loosened()):
        covered = [run for runs in cut.runs.values() for run in runs] + cut.gaps
        assert sorted(row for rows in covered for row in range(rows.start, rows.stop)) == list(range(len(counts)))
        taps = [(row, q) for q, runs in cut.runs.items() for run in runs for row in range(run.start, run.stop)]
        taps += [(foot + q, q) for height, feet in cut.ramps.items() for foot in feet for q in range(1, height + 1)]
        taps += [(row, q) for q, rows in cut.loose.items() for row in rows]
        assert sorted(taps) == [(r, q) for r, q in enumerate(counts.tolist()) if q > 0]


@given(counts().map(lambda counts: counts.tolist()))
@example([1] * SHORTEST_RUN)
@example([*range(SHORTEST_RAMP + 1), 0])
@example([2, *range(1, SHORTEST_RAMP + 1)])
def test_runs_and_ramps_are_all_that_are_long_enough(counts: list[int]) -> None:
    pieces = plan(np.array(counts))
    in_runs = {row for runs in pieces.runs.values() for run in runs for row in range(run.start, run.stop)}
    heights = {foot: height_of_ramp(counts, foot) for foot, q in enumerate(counts) if q == 0}
    ramps = {foot: height for height, feet in pieces.ramps.items() for foot in feet}
    assert in_runs == rows_of_runs(counts)
    assert ramps == {foot: height for foot, height in heights.items() if height >= SHORTEST_RAMP}
    assert pieces.loosened().ramps == {}


def test_utterances_are_runs_and_ramps_alone() -> None:
    look_back, _ = utterance_positions([300, 200])
    pieces = plan(np.minimum(look_back, 20))
    assert pieces.runs == {20: [slice(20, 300), slice(320, 500)]}
    assert pieces.ramps == {19: [0, 300]}
    assert pieces.loose == {}


def test_short_pieces_are_loose() -> None:
    pieces = plan(np.array([0, *range(1, SHORTEST_RAMP), *[3] * (SHORTEST_RUN - 2)]))
    assert pieces.runs == pieces.ramps == {}
    assert sorted(pieces.loose) == [1, 2, 3]


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
@pytest.mark.parametrize("stride", [1, 2])
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
