"""What ran is counted, and does not shrink unnoticed: raise recorded_counts.json when the catalogue grows."""

from __future__ import annotations

import json
from math import factorial
from pathlib import Path

import pytest
from fsmn_properties.property import Property

import fsmn_vec
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.exhaustive import look_backs

RECORDED = json.loads(Path(__file__).with_name("recorded_counts.json").read_text(encoding="utf-8"))
SEQUENCES = {
    "uni_every_look_back_sequence": sum(factorial(frames) for frames in range(7)),
    "bi_every_pair_of_sequences": sum(factorial(frames) ** 2 for frames in range(5)),
}
FIXED = [each for each in CATALOGUE if each.cases is None]
DRAWN = [each for each in CATALOGUE if each.cases is not None]


def test_no_property_is_lost() -> None:
    assert len(CATALOGUE) >= RECORDED["properties"]
    assert len({each.name for each in CATALOGUE}) == len(CATALOGUE)
    assert {each.name for each in FIXED} == RECORDED.keys() - {"properties"}


@pytest.mark.parametrize("prop", FIXED, ids=lambda prop: prop.name)
def test_what_is_covered_without_drawing_does_not_shrink(prop: Property) -> None:
    outcome = prop.run(fsmn_vec)
    assert not outcome.failure
    assert outcome.cases >= RECORDED[prop.name]
    assert outcome.sequences == SEQUENCES.get(prop.name, 0)


@pytest.mark.parametrize("prop", DRAWN, ids=lambda prop: prop.name)
def test_as_many_cases_are_drawn_as_are_asked_for(prop: Property) -> None:
    assert prop.run(fsmn_vec, examples=20, seed=0).cases >= 20


@pytest.mark.parametrize("frames", range(7))
def test_the_exhaustive_sequences_are_all_there_are(frames: int) -> None:
    sequences = list(look_backs(frames))
    assert len({tuple(sequence) for sequence in sequences}) == len(sequences) == factorial(frames)
    assert all(0 <= position <= r for sequence in sequences for r, position in enumerate(sequence))


def test_every_property_says_in_a_line_what_is_true() -> None:
    for each in CATALOGUE:
        assert each.statement.endswith("."), each.name
        assert "\n" not in each.statement, each.name
