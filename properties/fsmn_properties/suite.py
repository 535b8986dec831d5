"""The catalogue as tests of the implementation that `--impl` names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.implementation import Implementation
from fsmn_properties.property import Property


@pytest.mark.parametrize("prop", CATALOGUE, ids=lambda prop: prop.name)
def test_property(
    prop: Property,
    implementation: Implementation,
    record_property: Callable[[str, object], None],
    pytestconfig: pytest.Config,
) -> None:
    """The property holds."""
    # Hypothesis itself would give all properties the same cases, and none where runs are derandomized.
    outcome = prop.run(implementation, seed=pytestconfig.getoption("--hypothesis-seed", None))
    for key in ("name", "cases", "seconds", "note", "sequences"):
        record_property(f"fsmn_{key}", getattr(outcome, key))
    if outcome.failure:
        pytest.fail(outcome.failure, pytrace=False)
