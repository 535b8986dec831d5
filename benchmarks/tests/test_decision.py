"""What the gate says, for every way that a screen and a confirmation can come out."""

from __future__ import annotations

from fsmn_properties.bench.controls import SAME, SLOWED
from fsmn_properties.bench.decision import INCONCLUSIVE, PASSED, SLOWER, decide, to_confirm
from fsmn_properties.bench.measure import Found
from fsmn_properties.bench.verdict import Verdict


def found(case: str, slowdown: float, width: float = 0.01) -> Found:
    return Found(case, Verdict(slowdown, slowdown - width, slowdown, slowdown - width), 1e-3)


CONTROLS = [found(SAME, 0.001), found(SLOWED, 0.1)]


def said(screen: list[Found], again: list[Found], limit: float = 0.05, **accepted: str) -> tuple[int, str]:
    status, lines = decide(screen, {each.case: each for each in again}, limit, accepted.get)
    return status, "\n".join(lines)


def test_what_is_suspect_and_the_slowed_control_are_confirmed() -> None:
    assert to_confirm([found("fast", -0.2), found("slow", 0.045), *CONTROLS]) == ["slow", SLOWED]


def test_nothing_slower_passes_and_states_the_sensitivity() -> None:
    status, text = said([found("a", 0.01, width=0.07), *CONTROLS], [found(SLOWED, 0.1)])
    assert status == PASSED
    assert "no slowdown is confirmed" in text
    assert "a slowdown above 7.0% would have been confirmed in every case" in text


def test_a_suspect_that_is_not_confirmed_passes() -> None:
    status, text = said([found("a", 0.06), *CONTROLS], [found("a", 0.02), found(SLOWED, 0.1)])
    assert status == PASSED
    assert "suspected, not confirmed" in text


def test_a_confirmed_slowdown_fails_and_is_named() -> None:
    status, text = said([found("a", 0.06), *CONTROLS], [found("a", 0.07), found(SLOWED, 0.1)])
    assert status == SLOWER
    assert "slower than the base: a" in text


def test_a_slowdown_within_the_limit_passes() -> None:
    assert said([found("a", 0.06), *CONTROLS], [found("a", 0.07), found(SLOWED, 0.1)], limit=0.15)[0] == PASSED


def test_an_accepted_slowdown_passes_with_its_reason() -> None:
    status, text = said([found("a", 0.06), *CONTROLS], [found("a", 0.07), found(SLOWED, 0.1)], a="exact sums")
    assert status == PASSED
    assert "slower, accepted: exact sums" in text


def test_a_slowed_base_that_is_not_caught_makes_the_run_inconclusive() -> None:
    for screen, again in (
        ([found(SAME, 0.0), found(SLOWED, 0.1)], [found(SLOWED, 0.03)]),
        ([found(SAME, 0.0), found(SLOWED, 0.02)], [found(SLOWED, 0.1)]),
        ([found(SAME, 0.0)], []),
    ):
        status, text = said([found("a", 0.5), *screen], [found("a", 0.5), *again])
        assert status == INCONCLUSIVE
        assert f"inconclusive: {SLOWED}" in text


def test_a_base_slower_than_itself_makes_the_run_inconclusive() -> None:
    again = [found(SAME, 0.07), found(SLOWED, 0.1)]
    assert said([found(SAME, 0.06), found(SLOWED, 0.1)], again)[0] == INCONCLUSIVE
    assert said([found(SAME, 0.06), found(SLOWED, 0.1)], [found(SAME, 0.01), found(SLOWED, 0.1)])[0] == PASSED


def test_a_case_that_the_base_does_not_know_is_listed() -> None:
    new = Found("a", None, new="the base raises AttributeError: no such function")
    status, text = said([new, *CONTROLS], [found(SLOWED, 0.1)])
    assert status == PASSED
    assert "not compared: the base raises AttributeError" in text
