"""What pytest gets from this package: `--impl`, the `implementation` fixture, and the summary of the properties."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.implementation import CannotLoadError, Implementation, load
from fsmn_properties.property import Outcome
from fsmn_properties.verify import table

IMPLEMENTATION = pytest.StashKey[Implementation]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--impl`."""
    parser.getgroup("fsmn").addoption(
        "--impl",
        metavar="NAME",
        help="verify this implementation of the FSMN memory block: package.module, path/to/file.py, or either with "
        ":attribute (default: fsmn_vec)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load the implementation before anything is collected, so that a wrong name is one clear line."""
    name = config.getoption("--impl")
    if name is not None:
        try:
            config.stash[IMPLEMENTATION] = load(name)
        except CannotLoadError as error:
            raise pytest.UsageError(f"can't load {name!r}: {error}") from error


@pytest.fixture(scope="session")
def implementation(pytestconfig: pytest.Config) -> Implementation:
    """The implementation under verification."""
    return pytestconfig.stash[IMPLEMENTATION] if IMPLEMENTATION in pytestconfig.stash else load("fsmn_vec")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say for each property how many cases ran and whether it holds, and close with the totals."""
    order = {each.name: place for place, each in enumerate(CATALOGUE)}
    outcomes = sorted(_outcomes(terminalreporter), key=lambda outcome: order[outcome.name])
    if outcomes:
        terminalreporter.section("properties")
        for line in table(outcomes):
            terminalreporter.write_line(line)


def _outcomes(terminalreporter: pytest.TerminalReporter) -> Iterator[Outcome]:
    for verdict in ("passed", "failed"):
        for report in terminalreporter.getreports(verdict):
            facts = dict(report.user_properties)
            if "fsmn_name" in facts:
                failure = report.longreprtext if report.failed else ""
                known = {key.removeprefix("fsmn_"): value for key, value in facts.items() if key.startswith("fsmn_")}
                yield Outcome(failure=failure, **known)
