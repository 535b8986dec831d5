"""Calls that kernels got wrong in what `check` does not ask each time, found by fuzzing planted bugs.

They are asked of whatever `--impl` names; what it does not promise is skipped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fsmn_properties import made, show
from fsmn_properties.cases.within import outside
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.targets.target import Target


def asked(implementation: Target, statement: str, **facts: Any) -> None:
    """Ask a statement about a case, if both are promised."""
    case = made(**facts)
    (mine,) = (each for each in CATALOGUE if each.name == statement)
    why = mine.not_promised(implementation) or outside(case, implementation.promises)
    if why:
        pytest.skip(f"not promised: {why}")
    show(implementation, statement, case)


def test_positions_of_more_than_ten_bits(implementation: Target) -> None:
    """positions_of_32_bits_packed_into_ten."""
    asked(
        implementation,
        "uni_every_conjunction_is_right",
        form="uni",
        frames=1025,
        channels=1,
        taps=(1,),
        position_types=("int32",),
    )


def test_positions_beyond_sixteen_bits_times_a_stride(implementation: Target) -> None:
    """distant_positions_of_strided_taps_turn_negative."""
    asked(
        implementation,
        "uni_every_conjunction_is_right",
        form="uni",
        frames=70_007,
        channels=3,
        taps=(2,),
        strides=(255,),
    )


def test_a_look_ahead_stride_of_its_own_in_whole_vectors(implementation: Target) -> None:
    """look_ahead_at_the_look_back_stride_in_whole_vectors."""
    asked(
        implementation,
        "bi_every_conjunction_is_right",
        form="bi",
        frames=2,
        channels=16,
        taps=(0, 1),
        strides=(1, 2),
    )


def test_a_stride_whose_multiples_do_not_fit_its_type(implementation: Target) -> None:
    """short_type_of_the_stride_wraps."""
    asked(
        implementation,
        "uni_every_conjunction_is_right",
        form="uni",
        frames=160,
        channels=1,
        taps=(14,),
        strides=(np.int8(20),),
    )


def test_two_utterances_whose_ends_look_like_those_of_one(implementation: Target) -> None:
    """long_inputs_taken_as_one_utterance_by_their_ends."""
    asked(
        implementation,
        "bi_every_conjunction_is_right",
        form="bi",
        frames=514,
        channels=1,
        taps=(6, 40),
        strides=(1, 1),
        positions=(("all but one row", 3), ("whole", 1)),
    )


def test_taps_that_only_the_first_channel_lacks(implementation: Target) -> None:
    """farthest_taps_trimmed_by_the_first_channel."""
    asked(
        implementation,
        "uni_every_conjunction_is_right",
        form="uni",
        frames=40,
        channels=12,
        taps=(30,),
        structure="first channel sparse",
    )
