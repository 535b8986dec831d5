"""Small steps that add up, their history and its picture."""

from __future__ import annotations

from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest

from benchmarks.gate.drift import Noise, history
from fsmn_properties.bench.controls import SAME
from fsmn_properties.bench.decision import PASSED, SLOWER
from fsmn_properties.bench.gate import together
from fsmn_properties.bench.history import Entry, read_history, remember
from fsmn_properties.bench.picture import svg
from fsmn_properties.bench.verdict import Times


@pytest.fixture
def noise() -> Noise:
    """Times that scatter by some percent, in processes that differ by a percent."""
    random = Random(0)  # noqa: S311, no secret

    def times() -> Times:
        level = random.gauss(1, 0.005)
        cpu = [level * random.lognormvariate(0, 0.03) for _ in range(180)]
        return Times(cpu, [t * random.lognormvariate(0, 0.1) for t in cpu])

    return {name: [(times(), times()) for _ in range(4)] for name in ("a", "b", SAME)}


def test_four_steps_that_pass_alone_are_caught_in_sum(noise: Noise) -> None:
    for seed in range(5):
        statuses = history(noise, (0.03,) * 4, Random(seed))  # noqa: S311
        assert statuses[0] == PASSED
        assert statuses[3] == SLOWER


def test_a_flat_history_is_not_accused(noise: Noise) -> None:
    for seed in range(5):
        assert SLOWER not in history(noise, (0.0,) * 4, Random(seed))  # noqa: S311


def test_a_slowdown_counts_for_more_than_a_failed_control() -> None:
    assert together([0, 3, 1]) == 1
    assert together([0, 3]) == 3
    assert together([0, 0]) == 0


def entry(revision: str, **against_anchor: float) -> Entry:
    return Entry(revision, "b" * 40, "a" * 40, dict.fromkeys(against_anchor, 0.0), against_anchor)


def test_a_history_keeps_one_entry_for_each_revision_and_no_seconds(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    remember(path, entry("1", x=0.01))
    remember(path, entry("2", x=0.02))
    remember(path, entry("2", x=0.03))
    assert [(each.revision, each.against_anchor) for each in read_history(path)] == [
        ("1", {"x": 0.01}),
        ("2", {"x": 0.03}),
    ]
    assert "seconds" not in path.read_text(encoding="utf-8")


def test_a_line_that_is_no_entry_is_named(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"history.jsonl must hold one entry a line"):
        read_history(path)


def test_the_picture_has_both_limits_every_case_and_the_slowest_by_name() -> None:
    picture = svg([entry("1", x=0.01, y=0.0), entry("2", x=0.09, y=0.01)])
    ET.fromstring(picture)  # noqa: S314, it is ours
    for words in ("fails: one step", "fails: steps in sum", ">5%<", ">8%<", "slowest now: x +9.0%", "<title>y</title>"):
        assert words in picture


def test_a_history_of_nothing_has_a_picture() -> None:
    ET.fromstring(svg([]))  # noqa: S314
