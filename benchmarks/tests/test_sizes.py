"""The calls that are timed of a target: within its promises, and each of the others named."""

from __future__ import annotations

from typing import Any

import pytest

import fsmn_vec
from fsmn_properties.bench.shared import shared
from fsmn_properties.bench.sizes import promised
from fsmn_properties.cases.within import outside
from fsmn_properties.contract.promises import WHOLE, PromiseError, Promises
from fsmn_properties.targets.target import target_of

FEW: list[dict[str, Any]] = [
    {"positions": "whole", "strides": "one", "frames": (2, 300)},
    {"positions": "utterances", "short": False, "channels_multiple_of": 16, "taps": (1, 12)},
    {"functions": "compact_vfsmn_memory_forward", "position_types": "int16"},
]


@pytest.mark.parametrize("promises", FEW, ids=str)
def test_every_call_lies_within_the_promises(promises: dict[str, Any]) -> None:
    target = target_of(fsmn_vec, promises)
    cases, left = promised(target)
    assert cases
    assert [outside(case.case, target.promises) for case in cases] == [""] * len(cases)
    assert {case.function for case in cases} <= set(target.promises.functions)
    assert bool(left) == any(key in promises for key in ("positions", "functions"))


def test_no_more_shapes_are_timed_than_are_promised() -> None:
    cases, left = promised(target_of(fsmn_vec, {"most_shapes": 2}))
    assert len({case.case["hidden"].shape for case in cases}) == 2
    assert any("most_shapes=2" in line for line in left)


def test_two_share_what_both_promise() -> None:
    assert shared(WHOLE, WHOLE) == WHOLE
    one = Promises(positions="utterances", frames=(2, 300), channels_multiple_of=4, nonfinite=False, most_stride=3)
    other = Promises(positions="whole", frames=(1, None), channels_multiple_of=6, refusals="none", formats=("float32",))
    both = shared(one, other)
    assert both == shared(other, one)
    assert (both.positions, both.frames, both.channels_multiple_of, both.most_stride) == ("whole", (2, 300), 12, 3)
    assert (both.nonfinite, both.refusals, both.formats) == (False, "none", ("float32",))


def test_two_without_a_format_in_common_are_told_so() -> None:
    with pytest.raises(PromiseError, match="the two have no format in common"):
        shared(Promises(formats=("float32",)), Promises(formats=("float64",)))
