"""The statistics of the gate."""

from __future__ import annotations

import math
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsmn_properties.bench.settings import CONFIDENCE
from fsmn_properties.bench.verdict import Times, Verdict, judge, lower_bound, slowdowns

SECONDS = st.floats(1e-6, 1e3)
SERIES = st.lists(SECONDS, min_size=1, max_size=80)
QUADS = st.lists(st.tuples(SECONDS, SECONDS, SECONDS, SECONDS), min_size=1, max_size=80)


def sides(quads: list[tuple[float, float, float, float]]) -> tuple[list[float], list[float]]:
    """Return the base's and the candidate's times of quads in the order base, candidate, candidate, base."""
    return [t for a, _, _, d in quads for t in (a, d)], [t for _, b, c, _ in quads for t in (b, c)]


@given(st.lists(st.integers(1, 10**6), min_size=1), st.integers(0, 1000))
def test_drift_that_is_linear_within_a_quad_cancels(starts: list[int], drift: int) -> None:
    base, candidate = sides([(s, s + drift, s + 2 * drift, s + 3 * drift) for s in starts])
    assert slowdowns(base, candidate) == [0] * len(starts)


@given(QUADS, st.sampled_from([0.5, 2.0, 4.0]))
def test_a_candidate_that_takes_twice_as_long_is_slower_by_one(
    quads: list[tuple[float, float, float, float]], factor: float
) -> None:
    base, candidate = sides(quads)
    once, more = slowdowns(base, candidate), slowdowns(base, [factor * t for t in candidate])
    assert more == pytest.approx([factor * (1 + s) - 1 for s in once], rel=1e-12, abs=1e-12)


@given(SERIES)
def test_a_side_against_itself_is_not_slower(times: list[float]) -> None:
    both = times + times
    verdict = judge(Times(both, both), Times(both, both))
    assert verdict.slowdown == verdict.wall == 0
    assert not verdict.suspect
    assert not verdict.confirmed()


@given(st.lists(st.floats(-1, 10), min_size=1, max_size=80))
def test_the_bound_is_one_of_the_values_and_at_most_their_median(values: list[float]) -> None:
    bound = lower_bound(values)
    assert bound == -math.inf or bound in values
    assert bound <= median(values)


@given(st.lists(st.floats(-1, 10), min_size=1, max_size=80), st.randoms(use_true_random=False))
def test_the_bound_does_not_depend_on_the_order(values: list[float], random: object) -> None:
    shuffled = values.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert lower_bound(shuffled) == lower_bound(values)


@pytest.mark.parametrize("n", range(1, 100))
def test_the_bound_is_the_highest_order_statistic_that_is_sure_enough(n: int) -> None:
    rank = 0 if lower_bound(range(n)) == -math.inf else int(lower_bound(range(n))) + 1

    def chance_that_it_lies_above_the_median(k: int) -> float:
        return float(sum(math.comb(n, heads) for heads in range(k)) / 2**n)

    assert chance_that_it_lies_above_the_median(rank) <= 1 - CONFIDENCE
    assert chance_that_it_lies_above_the_median(rank + 1) > 1 - CONFIDENCE


@pytest.mark.parametrize(("base", "candidate"), [([], []), ([1.0], [1.0]), ([1.0, 1.0], [1.0]), ([1.0] * 3, [1.0] * 3)])
def test_times_that_make_no_quads_are_refused(base: list[float], candidate: list[float]) -> None:
    with pytest.raises(ValueError, match="make no quads"):
        slowdowns(base, candidate)


@pytest.mark.parametrize(
    ("verdict", "suspect", "confirmed"),
    [
        (Verdict(0.039, 0.03, 0.0, -1.0), False, False),
        (Verdict(0.041, 0.03, 0.0, -1.0), True, False),
        (Verdict(0.051, 0.001, 0.0, -1.0), True, True),
        (Verdict(0.20, -0.001, 0.0, -1.0), True, False),
        (Verdict(0.0, -0.1, 0.11, 0.05), True, True),
        (Verdict(0.0, -0.1, 0.30, -0.01), False, False),
        (Verdict(0.0, -0.1, 0.09, 0.05), False, False),
    ],
)
def test_what_is_suspect_and_what_is_confirmed(verdict: Verdict, suspect: bool, confirmed: bool) -> None:
    assert verdict.suspect == suspect
    assert verdict.confirmed() == confirmed


def test_a_higher_limit_confirms_less() -> None:
    verdict = Verdict(0.12, 0.1, 0.12, 0.1)
    assert verdict.confirmed(0.05)
    assert not verdict.confirmed(0.15)
