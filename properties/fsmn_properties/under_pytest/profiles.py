"""The Hypothesis profiles of this suite: how many examples, and whether they are the same in every run.

A pytest plugin of its own: other people's suites have profiles of the same names.
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
    replays = DirectoryBasedExampleDatabase(DATABASE)
    for name, examples, derandomize in (("dev", 50, False), ("ci", 200, True), ("nightly", 5000, False)):
        # A profile says everything that it relies on: Hypothesis starts a new one from the one that is loaded, and its
        # own `ci`, which it loads where CI is set, has no database.
        settings.register_profile(
            name,
            max_examples=examples,
            derandomize=derandomize,
            database=None if derandomize else replays,  # derandomized runs are all the same
            deadline=None,
            print_blob=False,
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.target, Phase.shrink),
            suppress_health_check=(),
            report_multiple_bugs=False,
        )
    settings.load_profile("ci" if "CI" in os.environ else "dev")
