"""The Hypothesis profiles of this suite: how many examples, and whether they are the same in every run.

A pytest plugin of its own, `-p fsmn_properties.profiles`: other people's suites have profiles of the same names.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import Phase, settings
from hypothesis.database import DirectoryBasedExampleDatabase

DATABASE = ".hypothesis/examples"


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Register the profiles before Hypothesis looks for the one that `--hypothesis-profile` names."""
    register()


def register() -> None:
    """Register `dev`, `ci` and `nightly` with Hypothesis, and load `ci` where the variable CI is set, else `dev`.

    They replace other profiles of these names.
    """
    # Each profile says everything: Hypothesis starts a new one from the loaded one, and its own `ci`, which it loads
    # where CI is set, has no database.
    everything = {
        "deadline": None,
        "print_blob": False,
        "phases": (Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink),
        "suppress_health_check": (),
        "stateful_step_count": 50,
    }
    replays = DirectoryBasedExampleDatabase(DATABASE)
    for name, examples, derandomize in (("dev", 50, False), ("ci", 200, True), ("nightly", 5000, False)):
        # Derandomized runs would ignore a database: every run is the same.
        database = None if derandomize else replays
        settings.register_profile(name, max_examples=examples, derandomize=derandomize, database=database, **everything)
    settings.load_profile("ci" if "CI" in os.environ else "dev")
