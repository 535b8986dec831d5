"""What becomes of failures: bugs are told apart, shrunk once, and do not hide each other."""

from __future__ import annotations

import itertools
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fsmn_vec
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.runs.drawing import covered
from fsmn_properties.runs.fuzz.asking import Asker, kind_of
from fsmn_properties.runs.fuzz.buckets import AT_TIMES, Buckets
from fsmn_properties.runs.fuzz.corpus import Corpus
from fsmn_properties.runs.fuzz.examine import Examiner
from fsmn_properties.runs.fuzz.hunt import Hunt
from fsmn_properties.runs.fuzz.journal import Journal
from fsmn_properties.runs.fuzz.limits import memory
from fsmn_properties.runs.fuzz.messages import Found
from fsmn_properties.runs.fuzz.sources import Made, Origin, draw
from fsmn_properties.runs.fuzz.turns import Turns
from fsmn_properties.runs.run import Plan
from fsmn_properties.targets.target import Target, target_of


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311, no secret


# As in a worker: np.matrix warns, whoever makes one.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")

RIGHT = next(each for each in CATALOGUE if each.name == "uni_every_conjunction_is_right")
EQUALS = next(each for each in CATALOGUE if each.name == "uni_backward_equals_the_reference")


def target(change: Any, *functions: str) -> Target:
    """Return fsmn_vec with results that a function changes: `change(results, given)`."""

    def wrong(name: str) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            results = getattr(fsmn_vec, name)(*arguments, **named)
            names = ("hidden", "filter", "position") if name.endswith("forward") else ("dmemory", "hidden", "filter")
            return change(results, dict(zip(names, arguments, strict=False)) | named)

        return call

    plain = {name: getattr(fsmn_vec, name) for name in target_of(fsmn_vec).promises.functions}
    return target_of(SimpleNamespace(**plain | {name: wrong(name) for name in functions}, __name__="planted"))


def hunt(mine: Target, folder: Path) -> tuple[Hunt, list[Found]]:
    told: list[Found] = []
    return Hunt(mine, 100.0, Corpus(str(folder), "planted"), Journal(folder / "j"), told.append, "1"), told


def made(seed: int, source: str = "conjunctions", **wanted: str) -> Made:
    found = draw(Origin(source, "uni", 0, ()), target_of(fsmn_vec).promises, seeded(seed), wanted)
    assert found is not None
    return found


def test_two_bugs_of_one_statement_are_two_entries_with_their_smallest_cases(tmp_path: Path) -> None:
    def change(memory: Any, given: dict[str, Any]) -> Any:
        if memory.size and np.shape(given["filter"])[0] >= 5:
            memory[-1, -1] += 1
        if memory.size and not np.asarray(given["hidden"]).flags.c_contiguous:
            memory[0, 0] += 1
        return memory

    mine, _ = hunt(target(change, "compact_vfsmn_memory_forward"), tmp_path)
    for seed in range(300):
        mine.case(made(seed, values="whole"), [RIGHT])
        mine.examine()
    found = [bucket for bucket in mine.buckets.all.values() if bucket.kept.whole]
    taps = [each for each in found if each.regions[0].sizes["taps"] == 5]
    layouts = [each for each in found if "layout of hidden" in each.regions[0].levels]
    assert [each.kept.case for each in taps] == ["1 frames x 1 channels x 5 taps, float64"]
    assert 1 <= len(layouts) <= 3
    assert all(each.kept.facts["sizes"]["frames"] <= 2 for each in layouts)
    assert len(found) == len(taps) + len(layouts)
    assert sum(mine.news.seen.values()) > 40  # most failures are counted, not shrunk


def test_a_wrong_result_does_not_hide_what_is_wrong_with_another(tmp_path: Path) -> None:
    def change(results: Any, given: dict[str, Any]) -> Any:  # noqa: ARG001
        return results[0] + 1, results[1] * 2

    mine, told = hunt(target(change, "compact_vfsmn_memory_backward"), tmp_path)
    mine.case(made(3, "whole"), [EQUALS])
    assert {found.kept.result for found in told} == {"dhidden", "dfilter"}


def test_what_fails_at_times_is_one_entry_with_how_often(tmp_path: Path) -> None:
    calls = itertools.count(1)

    def change(memory: Any, given: dict[str, Any]) -> Any:  # noqa: ARG001
        if next(calls) % 50 == 0 and memory.size:
            memory[0, 0] += 1
        return memory

    mine, _ = hunt(target(change, "compact_vfsmn_memory_forward"), tmp_path)
    asked = [each for each in CATALOGUE if each.form.short == "uni" and each.source.name == "whole"]
    asked = [each for each in asked if not each.not_promised(target_of(fsmn_vec))]
    for seed in range(30):
        mine.case(made(seed, "whole"), asked)
    mine.examine()
    (bucket,) = [each for each in mine.buckets.all.values() if each.symptom.kind == AT_TIMES]
    failed, of = map(int, bucket.kept.flaky.removesuffix(" times when asked again").split(" of "))
    assert 0 < failed < of
    assert mine.news.seen[bucket.name] >= 2


def test_a_finding_is_in_the_corpus_before_it_is_examined(tmp_path: Path) -> None:
    mine, _ = hunt(target(lambda memory, given: memory + 1, "compact_vfsmn_memory_forward"), tmp_path)  # noqa: ARG005
    mine.case(made(3, "whole"), [next(each for each in CATALOGUE if each.name == "uni_forward_equals_the_reference")])
    (raw,) = Corpus(str(tmp_path), "planted").findings()
    assert not raw.whole
    mine.examine()
    (whole,) = Corpus(str(tmp_path), "planted").findings()
    assert whole.whole
    assert whole.facts["sizes"]["frames"] == 1


def test_a_case_is_not_shrunk_into_another_bug(tmp_path: Path) -> None:
    def change(memory: Any, given: dict[str, Any]) -> Any:
        wide, long = np.shape(given["hidden"])[1] >= 2, np.shape(given["filter"])[0] >= 4
        return memory + (wide or long)

    mine = target(change, "compact_vfsmn_memory_forward")
    buckets = Buckets()
    examiner = Examiner(mine, Asker(mine, Plan()), buckets)
    statement = next(each for each in CATALOGUE if each.name == "uni_forward_equals_the_reference")
    sizes = []
    for seed in range(60):
        case = made(seed, "whole")
        failure = examiner.asks.ask(statement, case.case)
        if failure is not None and case.case.channels >= 2 and case.case.taps[0] >= 4:
            smallest, _ = examiner.shrunk(statement, case, failure, 5.0)
            sizes.append((smallest.case.channels, smallest.case.taps[0]))
    assert {(2, 1)} & {*sizes} or {(1, 4)} & {*sizes}
    assert all(channels == 1 or taps < 4 for channels, taps in sizes)
    del tmp_path


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        ("memory[0, 0] is 1.0, should be 2.0 (1 of 1 elements differ)", "wrong"),
        ("memory[0, 0] is nan, should be 2.0 (1 of 1 elements differ)", "nan"),
        ("memory has shape (1, 2) and dtype float64, should have shape (2, 1) and dtype float64", "shape"),
        ("memory has shape (1, 2) and dtype float64, should have shape (1, 2) and dtype float32", "dtype"),
        ("f raised ValueError: no (kernel.py, line 3)", "raises ValueError"),
        ("f raised MemoryError: Unable to allocate", "out of memory"),
        ("accepted position[0] = 3", "accepts"),
        ("f changed hidden", "changes"),
        ("memory differs in a second call (again in between)", "remembers"),
    ],
)
def test_the_kind_of_a_failure_is_read_off_its_problem(problem: str, kind: str) -> None:
    assert kind_of(problem) == kind


def test_what_is_not_promised_is_not_drawn(tmp_path: Path) -> None:
    less = {"formats": "float32", "positions": "whole", "strides": "one", "layouts": "contiguous", "channels": (1, 8)}
    promised = target_of(fsmn_vec, {**less, "functions": "compact_vfsmn_memory_forward", "refusals": "none"})
    drawn: list[Made] = []
    turns = Turns(promised, seeded(1), ())
    for _ in range(80):
        turns.take(lambda each, statements: drawn.append(each))  # noqa: ARG005
    assert {each.origin.source for each in drawn} == {"conjunctions", "whole", "nonfinite", "floats"}
    for each in drawn:
        assert each.case.form.short == "uni"
        assert each.case["hidden"].dtype == np.float32
        assert each.case["position"].tolist() == [*range(each.case.frames)]
        assert each.case.channels <= 8
    del tmp_path


def test_nothing_is_kept_of_the_cases_that_hold(tmp_path: Path) -> None:
    mine, told = hunt(target_of(fsmn_vec), tmp_path)
    turns = Turns(target_of(fsmn_vec), seeded(2), ())
    before = covered.cache_info().currsize
    for _ in range(60):
        turns.take(mine.case)
    assert told == []
    assert mine.news.asked > 200
    assert covered.cache_info().currsize == before


@pytest.mark.long
def test_memory_does_not_grow_with_the_number_of_cases(tmp_path: Path) -> None:
    mine, _ = hunt(target_of(fsmn_vec), tmp_path)
    turns, grown = Turns(target_of(fsmn_vec), seeded(3), ()), []
    turns.news, turns.costs = mine.news, mine.costs
    for _ in range(6):
        before = memory()
        for _ in range(2500):
            turns.take(mine.case)
        mine.news.features.clear()  # told and forgotten in a worker
        grown.append(memory() - before)
    assert sorted(grown[2:])[1] <= 4, grown  # megabytes; the largest of all cases comes at any time
