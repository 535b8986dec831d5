"""The parts of the fuzzer: what it draws, counts, writes down and keeps."""

from __future__ import annotations

import io
from itertools import combinations, pairwise
from math import factorial
from pathlib import Path
from random import Random

import numpy as np
import pytest

from fsmn_properties.contract.forms import BI, FORMS, FUNCTIONS, UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.fuzz import told
from fsmn_properties.runs.fuzz.corpus import FOLDER, Corpus, CorpusError, Kept
from fsmn_properties.runs.fuzz.coverage import ATTEMPTS, Coverage
from fsmn_properties.runs.fuzz.families import WHY, table
from fsmn_properties.runs.fuzz.journal import Journal, read
from fsmn_properties.runs.fuzz.ledger import Ledger
from fsmn_properties.runs.fuzz.region import Facts, Region
from fsmn_properties.runs.fuzz.sequences import Block, blocks, cases_of_block, count
from fsmn_properties.runs.fuzz.sources import DEEPEST, SHARES, Origin, again, draw, extent, in_block
from fsmn_properties.targets.loading import load


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311, no secret


EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
KEPT = Kept("uni_inputs_are_not_changed", "f", "memory", "wrong", Origin("whole", "uni", 0, (1, 2)).as_data(), "wrong")


@pytest.mark.parametrize("source", SHARES)
@EACH_FORM
def test_a_case_is_made_again_from_its_origin(source: str, form: Form) -> None:
    for number in range(12):
        made = draw(Origin(source, form.short, number % (DEEPEST + 1), ()), Promises(), seeded(number), {})
        assert made is not None
        copy = again(Origin.of_data(made.origin.as_data()), Promises())
        assert copy is not None
        assert repr(copy.case) == repr(made.case)


def test_picks_of_another_version_make_no_case() -> None:
    assert again(Origin("whole", "uni", 0, (1,)), Promises()) is None
    assert again(Origin("no such source", "uni", 0, (1,)), Promises()) is None


def test_cases_grow_with_the_depth_and_nothing_exceeds_the_last() -> None:
    extents = [extent(depth) for depth in range(DEEPEST + 1)]
    for less, more in pairwise(extents):
        assert (less.work, less.frames, less.channels, less.taps, less.events) < (
            *(more.work, more.frames, more.channels, more.taps, more.events),
        )
    assert again(Origin("conjunctions", "uni", DEEPEST + 1, ()), Promises()) is None


@pytest.mark.parametrize(("form", "frames"), [(UNI, 7), (BI, 3)], ids=["uni", "bi"])
def test_blocks_enumerate_every_sequence_once(form: Form, frames: int) -> None:
    found = []
    for place in range(-(-count(form, frames) // 720)):
        for case in cases_of_block(Block(form.short, frames, place), Promises(), place):
            found.append(tuple(np.concatenate([case[name] for name in form.positions]).tolist()))
            rows = np.arange(frames)
            assert all((case[name] <= (rows[::-1] if name == "fposition" else rows)).all() for name in form.positions)
    assert len(found) == len({*found}) == factorial(frames) ** len(form.positions)


@EACH_FORM
def test_a_sequence_of_a_block_is_made_again_and_has_the_results_of_the_oracle(form: Form) -> None:
    block = [*blocks(form, Promises())][5]
    assert block.frames == (7 if form is UNI else 5)
    for column, case in enumerate(cases_of_block(block, Promises(), 99)):
        if column % 179 == 3:
            made = again(in_block(block, 99, column), Promises())
            assert made is not None
            assert {name: value.tolist() for name, value in made.case.want.items()} == {
                name: value.tolist() for name, value in case.want.items()
            }
            assert all(np.array_equal(made.case[name], case[name]) for name in case.plain)


def test_pairs_and_triples_are_counted_once() -> None:
    rng, coverage, pairs, triples = seeded(1), Coverage(), set(), set()
    for _ in range(200):
        features = {name: rng.choice("0123") for name in "abcdef"}
        new = {*combinations(sorted(features.items()), 3)} - triples
        pairs |= {*combinations(sorted(features.items()), 2)}
        triples |= new
        assert coverage.add(features) == bool(new)
    assert (coverage.pairs, coverage.triples) == (len(pairs), len(triples))


def test_a_triple_that_is_missing_is_asked_for_and_given_up_after_some_attempts() -> None:
    coverage, asked = Coverage(), []
    for levels in ("000", "011", "101", "110"):
        coverage.add(dict(zip("abc", levels, strict=True)))
    while missing := coverage.missing(seeded(len(asked))):
        asked.append("".join(missing[name] for name in "abc"))
    assert {*asked} == {"001", "010", "100", "111"}
    assert max(map(asked.count, asked)) == ATTEMPTS


def test_a_journal_says_what_was_asked_and_called_last(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "1.journal")
    assert read(tmp_path / "1.journal") is None
    journal.case('{"source": "whole", "picks": [1, 2, 3]}')
    assert read(tmp_path / "1.journal") is None
    journal.statement("uni_inputs_are_not_changed")
    entry = read(tmp_path / "1.journal")
    assert entry is not None
    assert (entry.statement, entry.function, entry.case["picks"]) == ("uni_inputs_are_not_changed", "", [1, 2, 3])
    journal.enter(2)
    entry = read(tmp_path / "1.journal")
    assert entry is not None
    assert entry.function == FUNCTIONS[2]
    journal.leave()
    journal.idle()
    assert read(tmp_path / "1.journal") is None
    (tmp_path / "2.journal").write_bytes(b"half")
    assert read(tmp_path / "2.journal") is None


def test_the_corpus_keeps_replaces_and_counts(tmp_path: Path) -> None:
    corpus, other = Corpus(str(tmp_path), "some/kernel.py"), Corpus(str(tmp_path), "another.py")
    corpus.save(KEPT)
    better = Kept(*("uni_inputs_are_not_changed", "f", "memory", "wrong"), KEPT.origin, "wrong", whole=True)
    corpus.replace(KEPT, better)
    assert Corpus(str(tmp_path), "elsewhere/kernel.py").findings() == [better]
    assert other.findings() == []
    corpus.drop(better)
    assert corpus.findings() == []
    corpus.finish("uni 7 3")
    assert (corpus.done(), other.done()) == ({"uni 7 3"}, set())
    corpus.took("run", 1.5)
    corpus.took("run", 2.5, 1.5)
    corpus.took("another run", 1.0)
    assert corpus.minutes() == 3.5


def test_what_is_half_written_or_of_another_version_is_left_out(tmp_path: Path) -> None:
    corpus = Corpus(str(tmp_path), "kernel.py")
    for value in (b'{"statement": "half', b"[]", b'{"statement": "x", "unknown": 1}', KEPT.encoded()):
        corpus._save("findings", value)
    assert corpus.findings() == [KEPT]


def test_a_corpus_that_cannot_be_reached_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CorpusError, match="corpus must be a folder that can be written to, got"):
        Corpus(str(tmp_path / "file"), "kernel.py")
    with pytest.raises(CorpusError, match=r"corpus (must be a server that answers|in Redis needs its client)"):
        Corpus("redis://127.0.0.1:1", "kernel.py")
    assert not FOLDER.exists()


def test_a_region_holds_what_has_all_that_a_bug_needs() -> None:
    region = Region({"frames": 3}, {"layout of hidden": ("reversed", "strided")})
    assert Region.of_data(region.as_data()) == region
    assert region.holds(Facts({"frames": 9}, {"layout of hidden": "strided", "by name": "True"}))
    assert not region.holds(Facts({"frames": 2}, {"layout of hidden": "strided"}))
    assert not region.holds(Facts({"frames": 3}, {"layout of hidden": ""}))


def test_every_family_is_counted_and_explained() -> None:
    lines = [*table(Promises(), 150)]
    assert [line.split("|")[1].strip() for line in lines[2 : 2 + len(WHY)]] == [*WHY]
    assert "4,037,914 look-back sequences" in lines[-2]
    assert [*table(Promises(positions="whole"), 20)][2].endswith("| 100.0% | 100.0% |")


def test_a_log_has_a_line_a_minute_and_a_terminal_a_live_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    ledger, clock = Ledger(Corpus(str(tmp_path), "kernel.py"), load("fsmn_vec"), 10.0), [0.0]
    monkeypatch.setattr(told.time, "monotonic", lambda: clock[0])
    log, terminal = io.StringIO(), Terminal()
    both = told.Progress(log), told.Progress(terminal)
    for second in range(180):
        clock[0] = float(second)
        for progress in both:
            progress.tell(ledger, second / 60, 0)
    assert log.getvalue().count("\n") == 2
    assert "0 pairs and 0 triples of features, depth 0, 0 findings" in log.getvalue()
    assert terminal.getvalue().count("\r") > 100
    assert "\n" not in terminal.getvalue()
