"""What there is does not shrink unnoticed: renew recorded_counts.json when the catalogue changes."""

from __future__ import annotations

import json
import re
from math import factorial
from pathlib import Path

import pytest

import fsmn_vec
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.exhaustive import BI_FRAMES, UNI_FRAMES, look_backs
from fsmn_properties.catalogue.statement import Source, Statement
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import target_of

RECORDED = json.loads(Path(__file__).with_name("recorded_counts.json").read_text(encoding="utf-8"))
CONTRACT = Path(__file__).parents[2] / "docs" / "contract.md"
SEQUENCES = {
    "uni_every_look_back_sequence": sum(factorial(frames) for frames in range(7)),
    "bi_every_pair_of_sequences": sum(factorial(frames) ** 2 for frames in range(5)),
}
EACH = pytest.mark.parametrize("each", CATALOGUE, ids=lambda each: each.name)
LISTED = {f"{each.form.short} {each.source.name}": (each.form, each.source) for each in CATALOGUE if each.source.listed}
RULES = {
    *(f"F{n}" for n in range(1, 5)),
    *(f"D{n}" for n in range(1, 8)),
    *(f"R{n}" for n in range(1, 7)),
    *(f"S{n}" for n in range(1, 5)),
    *(f"P{n}" for n in range(1, 11)),
}


def test_no_statement_is_lost_or_renamed_or_there_twice() -> None:
    assert [each.name for each in CATALOGUE] == RECORDED["statements"]
    assert len({each.name for each in CATALOGUE}) == len(CATALOGUE)


def test_a_source_has_one_name_and_either_draws_or_lists() -> None:
    sources = {id(each.source): each.source for each in CATALOGUE}.values()
    assert len({source.name for source in sources}) == len(sources)
    assert all((source.draw is None) != (source.listed is None) for source in sources)
    assert LISTED.keys() == RECORDED["cases"].keys()


@pytest.mark.parametrize(("form", "source"), LISTED.values(), ids=LISTED)
def test_a_list_has_as_many_cases_as_recorded(form: Form, source: Source) -> None:
    assert source.listed is not None
    assert sum(1 for _ in source.listed(form, Promises())) == RECORDED["cases"][f"{form.short} {source.name}"]


@EACH
def test_a_statement_says_in_a_line_what_is_true(each: Statement) -> None:
    assert re.fullmatch(r"[A-Z<][^\n]*[^.\n]\.", each.says), each.says
    assert each.says.count(". ") == 0


@EACH
def test_a_statement_names_rules_of_the_contract(each: Statement) -> None:
    rules = each.rule.split(", ")
    assert {*rules} <= RULES
    assert len({*rules}) == len(rules)
    if CONTRACT.exists():
        assert {*rules} <= {*re.findall(r"\b[FDRSP]\d+\b", CONTRACT.read_text(encoding="utf-8"))}


def test_every_rule_about_results_and_arguments_has_a_statement() -> None:
    asked = {rule for each in CATALOGUE for rule in each.rule.split(", ")}
    assert {rule for rule in RULES if rule[0] in "FDR"} - asked == set()


def test_the_contract_has_every_rule() -> None:
    assert {*re.findall(r"\b[FDRSP]\d+\b", CONTRACT.read_text(encoding="utf-8"))} >= RULES


DRAWN = [each for each in CATALOGUE if each.source.draw and not each.source.covers]


@pytest.mark.parametrize("each", DRAWN, ids=lambda each: each.name)
def test_as_many_cases_are_drawn_as_are_asked_for(each: Statement) -> None:
    verdict = run(each, target_of(fsmn_vec, {"seconds_per_call": 9}), Plan(seed=0, examples=20))
    assert verdict.outcome == "holds"
    # Of one case, the domain table makes many; and some have no part in a relation.
    at_least = {"a_stride_is_zero_taps_between": 10}.get(each.name.partition("_")[2], 20)
    assert verdict.cases > 200 if "domain" in each.name else at_least <= verdict.cases <= 20


@pytest.mark.parametrize("name", SEQUENCES)
def test_the_exhaustive_statements_enumerate_every_sequence(name: str) -> None:
    (each,) = (each for each in CATALOGUE if each.name == name)
    verdict = run(each, target_of(fsmn_vec), Plan(seed=0))
    assert (verdict.outcome, verdict.sequences) == ("holds", SEQUENCES[name])
    assert verdict.cases == RECORDED["cases"][f"{each.form.short} {each.source.name}"]


@pytest.mark.parametrize("frames", range(7))
def test_the_exhaustive_sequences_are_all_there_are(frames: int) -> None:
    sequences = list(look_backs(frames))
    assert len({tuple(sequence) for sequence in sequences}) == len(sequences) == factorial(frames)
    assert all(0 <= position <= r for sequence in sequences for r, position in enumerate(sequence))


def test_sequences_are_enumerated_up_to_the_frames_that_are_said() -> None:
    assert SEQUENCES["uni_every_look_back_sequence"] == sum(len([*look_backs(n)]) for n in range(UNI_FRAMES + 1))
    assert SEQUENCES["bi_every_pair_of_sequences"] == sum(len([*look_backs(n)]) ** 2 for n in range(BI_FRAMES + 1))
