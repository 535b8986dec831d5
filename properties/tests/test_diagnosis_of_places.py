"""A map that is followed in some places alone is named with these places, which is said of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import fsmn_vec
from fsmn_properties.contract.forms import BI, UNI
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.difference import right_map
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.places.cellread import read_cells
from fsmn_properties.diagnosis.places.features import Places
from fsmn_properties.diagnosis.places.learning import learned
from fsmn_properties.diagnosis.reasons import reasons
from fsmn_properties.diagnosis.settings import settings
from fsmn_properties.targets.target import Target, target_of
from fsmn_ref.arguments import Array


def taps_left_out(where: Callable[[Any], Any]) -> Target:
    """Return a target that leaves out taps in some places."""

    def forward(hidden: Any, filter: Any, position: Any, *, stride: int = 1) -> Array:
        hidden, filter = np.asarray(hidden, float), np.asarray(filter, float)
        memory = hidden.copy()
        for i in range(len(filter)):
            for r in np.flatnonzero((i + 1) * stride <= np.asarray(position)):
                read, channels = hidden[r - (i + 1) * stride], np.arange(hidden.shape[1])
                at = {"row": r, "tap": i, "channels": channels, "position": position, "read": read}
                left_out = where(SimpleNamespace(**at, frames=len(hidden), taps=len(filter)))
                memory[r] += np.where(left_out, 0, filter[i] * read)
        return memory

    functions = SimpleNamespace(compact_vfsmn_memory_forward=forward)
    return target_of(functions, {"refusals": "none", "formats": ("float64",)})


PLACES: dict[str, Callable[[Any], Any]] = {
    "in every 4th row, row 3 first": lambda at: at.row % 4 == 3,
    "in the last 2 rows": lambda at: at.row >= at.frames - 2,
    "in channels from 2 on": lambda at: at.channels >= 2,
    "2 at a time": lambda at: at.channels >= len(at.channels) // 2 * 2,
    "in row 5 and the last of the taps": lambda at: at.tap == at.taps - 1 and at.row == 5,
    "those beyond the last whole group": lambda at: at.tap >= at.taps // 3 * 3,
    "from 9 frames on": lambda at: at.frames >= 9,
    "where hidden[the frame that is read, 0] is negative": lambda at: at.read[0] < 0,
    "where position[row] is less than that of the row before": lambda at: (
        at.row > 0 and at.position[at.row] < at.position[at.row - 1]
    ),
}


SAMPLE = "in channels from 2 on"


@pytest.mark.parametrize(
    "says", [pytest.param(says, marks=[] if says == SAMPLE else [pytest.mark.long]) for says in PLACES]
)
def test_the_places_of_a_mistake_are_named(says: str) -> None:
    (reason,) = reasons(taps_left_out(PLACES[says]), UNI)
    assert all(each in reason.sentences[0] for each in says.split(" and ")), reason.sentences


@pytest.mark.long
def test_without_a_rule_no_place_is_named() -> None:
    (reason,) = reasons(
        taps_left_out(lambda at: (at.row * at.row * 7 + at.tap * 5 + at.row * at.tap) % 11 in {2, 3, 7}), UNI
    )
    assert not reason.model


def test_the_map_of_each_channel_of_a_correct_target_is_read_off() -> None:
    target = target_of(fsmn_vec)
    for case in settings(BI, target.promises)[:4]:
        for result in ("memory", *BI.gradients):
            found = read_cells(target, case, result, Deadline(9))
            assert found is not None
            assert (found[0] == right_map(Facts(case), result)[..., None]).all()


def test_of_conditions_that_tell_wrong_from_right_the_simplest_is_learned() -> None:
    facts = Facts(settings(UNI, target_of(fsmn_vec).promises)[0])
    values = {name: facts.case[name] for name in UNI.matrices}

    def places(*rows: int) -> Places:
        return Places(facts, "rows", np.array(rows), np.zeros(len(rows), int), np.zeros(len(rows), int), values)

    found = learned(UNI, "rows", [places(3, 7)], [places(0, 1, 2, 4, 5, 6, 8)])
    assert found is not None
    assert found.says == "in every 4th row, row 3 first"
    assert learned(UNI, "rows", [places(3)], [places(3)]) is None
