"""Functions of a chunk and a cache, as streams."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import fsmn_ref
from fsmn_properties import CATALOGUE, verify
from fsmn_properties import adapters as a
from fsmn_ref.arguments import Array

ASKED = [each for each in CATALOGUE if each.name.endswith(("stream_equals_the_whole", "returned_in_time"))]
ASKED += [each for each in CATALOGUE if each.name.endswith(("of_each_other", "the_callers")) and "stream" in each.needs]


def convolved(held: Array, taps: Array, rows: int) -> Array:
    windows = np.lib.stride_tricks.sliding_window_view(held, len(taps), axis=0)
    sums: Array = np.einsum("tdn,nd->td", windows, taps)
    return sums[len(sums) - rows :]


def look_back(hidden: Array, filter: Array, cache: Array) -> Any:
    held = np.concatenate([cache, hidden])
    return hidden + convolved(held[:-1], filter, len(hidden)), held[len(hidden) :]


def both_ways(hidden: Array, bfilter: Array, ffilter: Array, cache: Array) -> Any:
    held, own = np.concatenate([cache, hidden]), len(bfilter) - 1
    rows = convolved(held, np.concatenate([bfilter, ffilter]), len(hidden))
    return held[own : own + len(hidden)] + rows, held[len(hidden) :]


def nothing_before(bfilter: Array, ffilter: Array) -> Array:
    return np.zeros_like(bfilter, shape=(len(bfilter) - 1 + len(ffilter), bfilter.shape[1]))


def forgetful(hidden: Array, bfilter: Array, ffilter: Array, cache: Array) -> Any:
    rows, after = both_ways(hidden, bfilter, ffilter, cache)
    return rows, after if len(hidden) > 1 else cache


def transposed(hidden: Array, filter: Array, cache: Array) -> Any:
    rows, after = look_back(hidden.T, filter.T, cache)
    return np.ascontiguousarray(rows.T), after


def of_zeros(filter: Array) -> Array:
    return np.zeros_like(filter)


def of_zeros_across(filter: Array) -> Array:
    return np.zeros_like(filter.T)


TARGETS = {
    "look-back": lambda: a.taps_oldest_first(a.stream(look_back, of_zeros, taps=(1, None))),
    "late": lambda: a.taps_oldest_first(a.stream(both_ways, nothing_before)),
    "both forms": lambda: a.from_bidirectional(a.taps_oldest_first(a.stream(both_ways, nothing_before))),
    "channels first": lambda: a.channels_first(
        a.taps_oldest_first(a.stream(transposed, of_zeros_across, taps=(1, None)))
    ),
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_stream_of_a_right_function_holds(name: str) -> None:
    report = verify(TARGETS[name](), ASKED, seed=0)
    assert not report.failures, report
    forms = 2 if name == "both forms" else 1
    assert sum(verdict.outcome == "holds" for verdict in report.verdicts) == forms * len(ASKED) // 2


def test_a_stream_of_a_wrong_function_fails() -> None:
    report = verify(a.taps_oldest_first(a.stream(forgetful, nothing_before)), ASKED[:2], seed=0)
    (mistake,) = report.mistakes
    assert "wrong in chunks of 1" in mistake.sentences[0]


def test_rows_come_as_late_as_is_said() -> None:
    def a_frame_late(hidden: Array, filter: Array, cache: Array) -> Any:  # noqa: ARG001, the contract's arguments
        held = np.concatenate([cache, hidden])
        return held[: len(hidden)], held[len(hidden) :]

    stream: Any = a.stream(a_frame_late, np.zeros((1, 1)), latency=1)
    fed = stream.compact_vfsmn_stream(np.zeros((0, 1)))
    chunks = [np.full((n, 1), float(n)) for n in (1, 2, 3)]
    rows = [*map(fed.push, chunks), fed.finish()]
    assert [len(each) for each in rows] == [0, 2, 3, 1]
    want = fsmn_ref.compact_vfsmn_memory_forward(np.concatenate(chunks), np.zeros((0, 1)), range(6))
    np.testing.assert_array_equal(np.concatenate(rows), want)
    for call in (fed.finish, lambda: fed.push(chunks[0])):
        with pytest.raises(ValueError, match="after finish"):
            call()


def test_what_makes_no_stream_is_refused() -> None:
    with pytest.raises(TypeError, match="must contain cache"):
        a.stream(of_zeros)
    with pytest.raises(TypeError, match="got 'state'"):
        a.stream(lambda hidden, state, cache: (hidden, state, cache))
    with pytest.raises(TypeError, match="got a stream"):
        a.delayed(a.stream(look_back))
