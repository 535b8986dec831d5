"""Planted bugs are caught through a pipe as in this process, but for those that need one address space."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from fsmn_properties.runs.verify import first_failure
from planted_bugs.bank import BANK, called
from planted_bugs.one_address_space import NEEDS_ONE_ADDRESS_SPACE, THROUGH_A_PIPE
from planted_bugs.targets import target_of_served_bug


@pytest.fixture(autouse=True)
def _deterministic() -> Iterator[None]:
    before = settings.get_current_profile_name()
    settings.load_profile("ci")
    yield
    settings.load_profile(before)


# In every run of the tests; all others are caught in `tox -e pipe`.
SAMPLE = {"dffilter_one_row_late", "index_error_for_a_position", "cache_one_frame_short"}
BUGS = [
    pytest.param(bug.name, id=bug.name, marks=[] if bug.name in SAMPLE else [pytest.mark.long])
    for bug in THROUGH_A_PIPE
]


def test_what_needs_one_address_space_is_of_the_bank() -> None:
    names = {bug.name for bug in BANK}
    assert names >= NEEDS_ONE_ADDRESS_SPACE.keys() | SAMPLE
    assert len(THROUGH_A_PIPE) > 4 * len(NEEDS_ONE_ADDRESS_SPACE)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_caught_through_a_pipe(name: str) -> None:
    assert first_failure(target_of_served_bug(name)) is not None, called(name).what
