"""The reports of a run under pytest: which files were asked for, and the summary of a CI job."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fsmn_properties.findings.account import Account
from fsmn_properties.findings.document import document_of
from fsmn_properties.findings.report_markdown import to_markdown
from fsmn_properties.findings.write import FORMATS, write

SUMMARY = "GITHUB_STEP_SUMMARY"
PATHS = pytest.StashKey[list[Path]]()


def prepare(config: pytest.Config) -> None:
    """Check the names of the files before anything runs; a kernel may change the folder later.

    Raises
    ------
    UsageError
        If a file can't be written, or its ending names no format.
    """
    config.stash[PATHS] = []
    if hasattr(config, "workerinput"):
        return
    for name in config.getoption("--report"):
        path = Path(name).absolute()
        if path.suffix == ".xml" and config.option.xmlpath in (None, str(path)):
            config.option.xmlpath = str(path)  # pytest's own, as by --junitxml
            continue
        if path.suffix == ".xml":
            raise pytest.UsageError(f"--report must name one .xml file at most, got {name!r} as well")
        if path.suffix not in FORMATS:
            raise pytest.UsageError(f"--report must end in .html, .md, .json or .xml, got {name!r}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise pytest.UsageError(f"--report must name a file that can be written, got {name!r}: {error}") from error
        if path.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            raise pytest.UsageError(f"--report must name a file that can be written, got {name!r}")
        config.stash[PATHS].append(path)


def written(config: pytest.Config, account: Account, interrupted: str, call: str) -> list[str]:
    """Write what was asked for, and return a line for each file."""
    document = document_of(account, interrupted, call)
    lines = []
    for path in config.stash[PATHS]:
        try:
            write(document, path)
            lines.append(f"report: {path}")
        except OSError as error:
            lines.append(f"the report can't be written: {error}")
    summary = os.environ.get(SUMMARY)
    if summary:
        try:
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(to_markdown(document))
        except OSError as error:
            lines.append(f"the job's summary can't be written: {error}")
    return lines
