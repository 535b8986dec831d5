"""The catalogue as tests of the implementation that `--impl` names."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.implementation import Implementation
from fsmn_properties.property import Property


@pytest.mark.parametrize("prop", CATALOGUE, ids=lambda prop: prop.name)
def test_property(
    prop: Property, implementation: Implementation, record_property: Callable[[str, object], None]
) -> None:
    """The property holds."""
    outcome = prop.run(implementation)
    for key in ("name", "cases", "seconds", "note", "sequences"):
        record_property(f"fsmn_{key}", getattr(outcome, key))
    if outcome.failure:
        pytest.fail(outcome.failure, pytrace=False)
