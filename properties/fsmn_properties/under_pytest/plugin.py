"""What pytest gets from this package: options, the `implementation` fixture, and the account of the run."""

from __future__ import annotations

import hashlib
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any

import pytest

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.checks.trial import UserInterrupt, clipped
from fsmn_properties.contract.promises import PromiseError, parsed
from fsmn_properties.findings.account import Account
from fsmn_properties.findings.verdict import Verdict
from fsmn_properties.runs.diagnosed import diagnosed
from fsmn_properties.runs.run import Plan
from fsmn_properties.runs.verify import known, plan_of
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.process import PREFIX
from fsmn_properties.targets.target import CannotLoadError, Target
from fsmn_properties.under_pytest import reports
from fsmn_properties.under_pytest.results import beyond_of, reports_of, verdicts_of

TARGET = pytest.StashKey[Target]()
REASONS = pytest.StashKey[dict[str, str]]()
STANDALONE = "standalone.ini"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the suite."""
    group = parser.getgroup("fsmn")
    group.addoption(
        "--impl",
        metavar="NAME",
        help="verify this implementation of the FSMN memory block: package.module, path/to/file.py, or either with "
        ":attribute (default: fsmn_vec)",
    )
    group.addoption(
        "--command",
        metavar="COMMAND",
        help="verify a program that answers through a pipe, in any language; docs/other_languages.md",
    )
    group.addoption(
        "--promise",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="replace one declared promise, as in positions=utterances",
    )
    group.addoption(
        "--expect-failure",
        action="append",
        default=[],
        metavar="STATEMENT=REASON",
        help="accept a known failure, with its reason; it fails if the statement holds after all",
    )
    group.addoption("--most-seconds", type=float, metavar="S", help="end the run after S seconds")
    group.addoption(
        "--report",
        action="append",
        default=[],
        metavar="FILE",
        help="write a report, whose format is the file's ending: .html, .md, .json, or .xml for JUnit",
    )


@pytest.hookimpl(tryfirst=True)  # before pytest's own JUnit is configured
def pytest_configure(config: pytest.Config) -> None:
    """Load the target before anything is collected, so that a wrong name or promise is one clear line."""
    reports.prepare(config)
    _during.clear()
    _interrupted.clear()
    name, program = config.getoption("--impl"), config.getoption("--command")
    if name is not None and program is not None:
        raise pytest.UsageError(f"a command must come alone, got {program!r} and the implementation {name!r}")
    name = name if program is None else f"{PREFIX}{program}"
    promises = config.getoption("--promise")
    if name is None and not promises:
        return
    name = name or "fsmn_vec"
    try:
        config.stash[TARGET] = load(name, parsed(promises))
    except (CannotLoadError, PromiseError) as error:
        raise pytest.UsageError(f"can't load {name!r}: {error}") from error
    pairs = [text.partition("=") for text in config.getoption("--expect-failure")]
    try:
        config.stash[REASONS] = known({name: reason or "no reason given" for name, _, reason in pairs})
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, _interrupt)
    if _is_main_program(config) and sys.stdout.isatty():
        config.pluginmanager.register(_Progress(config), "fsmn_progress")


def _is_main_program(config: pytest.Config) -> bool:
    return config.inipath is not None and config.inipath.name == STANDALONE


class _Progress:
    """A line that says on a terminal which statement is asked about, in place of dots."""

    def __init__(self, config: pytest.Config) -> None:
        self._config, self._begun = config, 0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Rewrite the line."""
        self._begun += 1
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        name = nodeid.partition("[")[2].rstrip("]") or nodeid.rpartition("::")[2]
        if reporter is not None:
            reporter.rewrite(f"{self._begun} of {len(CATALOGUE) + 1}: {name}", erase=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str]:
        """Show no letter for a test."""
        return report.outcome if report.when == "call" or report.failed else "", "", ""


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001, the signature of a handler
    raise UserInterrupt


@pytest.fixture(scope="session")
def implementation(pytestconfig: pytest.Config) -> Target:
    """The target under verification."""
    return pytestconfig.stash[TARGET] if TARGET in pytestconfig.stash else load("fsmn_vec")


@pytest.fixture(scope="session")
def fsmn_plan(request: pytest.FixtureRequest, implementation: Target) -> Plan:
    """The plan of this run."""
    seed = request.config.getoption("--hypothesis-seed", None)
    plan = plan_of(implementation, None if seed is None else _number(seed), request.config.getoption("--most-seconds"))
    workers = getattr(request.config, "workerinput", {}).get("workercount", 1)
    plan.statements_left = max(1, len(request.session.items) // workers)
    return plan


def _number(seed: Any) -> int:
    text = str(seed)
    return int(text) if text.lstrip("-").isdigit() else int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


@pytest.fixture(scope="session")
def fsmn_reasons(pytestconfig: pytest.Config) -> dict[str, str]:
    """The reasons of expected failures."""
    return pytestconfig.stash.get(REASONS, {})


def pytest_keyboard_interrupt(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Remember in which statement, and in which call, the run was interrupted."""
    _interrupted[:] = _last or ["no statement"]
    if isinstance(excinfo.value, UserInterrupt) and excinfo.value.during:
        _during.append(excinfo.value.during)


_during: list[str] = []
_interrupted: list[str] = []


@pytest.hookimpl(trylast=True)
def pytest_runtest_logstart(nodeid: str) -> None:
    """Remember which statement is asked about."""
    _last[:] = [nodeid.partition("[")[2].rstrip("]") or nodeid]


_last: list[str] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Give the account of the run, where the results of all workers arrive."""
    account = None if hasattr(config, "workerinput") else _account(terminalreporter, config)
    if account is None:
        return
    terminalreporter.section("statements")
    ordinary = -2 if _is_main_program(config) else 0  # which is called with -qq
    for line in account.lines(everything=config.option.verbose > ordinary):
        terminalreporter.write_line(line)
    written = "".join(report.capstdout for report in reports_of(terminalreporter))
    if written:
        start = clipped(written.strip().splitlines()[0] if written.strip() else "", 60)
        terminalreporter.write_line(
            f"{account.target} writes to standard output: {len(written):,} characters ({start})"
        )
    if _is_main_program(config):
        for line in _failed_besides(terminalreporter):
            terminalreporter.write_line(line)
    if _during:
        terminalreporter.write_line(f"\ninterrupted in {_last[0]}, during this call:\n\n{_during[0]}")
    for line in reports.written(config, account, "".join(_interrupted), "".join(_during)):
        terminalreporter.write_line(line)


def _failed_besides(terminalreporter: pytest.TerminalReporter) -> Iterator[str]:
    """Yield a line for each test that fails and is about no statement: regressions, which may be run besides."""
    for report in terminalreporter.getreports("failed"):
        if isinstance(report, pytest.TestReport) and all(key != "fsmn_verdict" for key, _ in report.user_properties):
            crash = getattr(report.longrepr, "reprcrash", None)
            why = str(getattr(crash, "message", "") or report.longrepr).splitlines() or [""]
            yield f"{report.nodeid} fails: {clipped(why[0], 200)}"


def _account(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> Account | None:
    verdicts = verdicts_of(terminalreporter)
    if not verdicts and not _during and not config.stash[reports.PATHS]:
        return None
    target = config.stash[TARGET] if TARGET in config.stash else load("fsmn_vec")
    beyond, unasked = beyond_of(terminalreporter), len(CATALOGUE) - len(verdicts)
    mistakes = () if _during else diagnosed(target, verdicts, _died(terminalreporter, verdicts))
    return Account(target.name, target.stated, tuple(verdicts), tuple(beyond), unasked, mistakes)


def _died(terminalreporter: pytest.TerminalReporter, verdicts: Sequence[Verdict]) -> list[str]:
    """Return the statements that failed without a verdict: whose worker died."""
    names = {verdict.name for verdict in verdicts}
    failed = [report.nodeid.partition("[")[2].rstrip("]") for report in terminalreporter.getreports("failed")]
    return [name for name in failed if name in {each.name for each in CATALOGUE} - names]
