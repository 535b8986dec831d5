"""Each Hypothesis profile is what it is said to be, wherever it is loaded from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

from fsmn_properties.under_pytest import profiles


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = settings.get_current_profile_name()
    # The worst place to start from: Hypothesis's own profile for CI is derandomized and has no database.
    monkeypatch.delenv("CI", raising=False)
    settings.load_profile("ci")
    profiles.register()
    yield
    settings.load_profile(before)


@pytest.mark.parametrize(
    ("name", "examples", "derandomize"), [("dev", 50, False), ("ci", 200, True), ("nightly", 5000, False)]
)
def test_a_profile_has_its_examples_and_its_randomness(name: str, examples: int, *, derandomize: bool) -> None:
    profile = settings.get_profile(name)
    assert profile.max_examples == examples
    assert profile.derandomize is derandomize
    assert profile.deadline is None
    assert profile.suppress_health_check == ()
    assert {Phase.reuse, Phase.generate, Phase.shrink} <= set(profile.phases)


@pytest.mark.parametrize("name", ["dev", "nightly"])
def test_a_random_profile_replays_failures_from_a_database(name: str) -> None:
    database = settings.get_profile(name).database
    assert isinstance(database, DirectoryBasedExampleDatabase)
    database.save(b"key", b"value")
    assert set(settings.get_profile(name).database.fetch(b"key")) == {b"value"}  # type: ignore[union-attr]
    database.delete(b"key", b"value")


def test_the_deterministic_profile_has_no_database() -> None:
    assert settings.get_profile("ci").database is None


@pytest.mark.parametrize(("variables", "loaded"), [({}, "dev"), ({"CI": "true"}, "ci")])
def test_ci_is_loaded_where_the_variable_is_set(
    variables: dict[str, str], loaded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    profiles.register()
    assert settings.get_current_profile_name() == loaded
