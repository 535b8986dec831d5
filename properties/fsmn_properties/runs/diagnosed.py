"""The mistakes behind the failures of a run, looked for in a process that may die of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from fsmn_properties.findings.mistake import Mistake, Picture
from fsmn_properties.findings.verdict import Finding, Verdict
from fsmn_properties.runs.crashed import crash_of
from fsmn_properties.runs.isolated import MARK
from fsmn_properties.targets.target import Target

SECONDS = 30
"""A process that takes longer hangs in a call."""


def diagnosed(target: Target, verdicts: Sequence[Verdict], died: Sequence[str] = ()) -> tuple[Mistake, ...]:
    """Return the mistakes behind the failures of a run; none, and no time, if there are no failures.

    Parameters
    ----------
    target : Target
        What was verified. It is called in another process, if it can be reached there: what fails may crash as well.
    verdicts : sequence of Verdict
        What became of each statement.
    died : sequence of str
        Statements whose process died.
    """
    crash = crash_of(target, tuple(died)) if died and target.reachable else None
    return (*(() if crash is None else (crash,)), *_of_failures(target, verdicts))


def _of_failures(target: Target, verdicts: Sequence[Verdict]) -> tuple[Mistake, ...]:
    failures = [verdict for verdict in verdicts if verdict.fails and verdict.finding is not None]
    if not failures:
        return ()
    # What a run that holds does not need is imported now.
    from fsmn_properties.diagnosis.grouping import alike, mistakes_of  # noqa: PLC0415

    if not target.reachable:
        return mistakes_of(target, failures)
    found = _elsewhere(target, failures)
    return alike(failures) if found is None else found


def _elsewhere(target: Target, failures: Sequence[Verdict]) -> tuple[Mistake, ...] | None:
    order = {
        "name": target.name,
        "python": target.python,
        "promises": target.promises.narrowed,
        "task": "diagnose",
        "known": {},
        "verdicts": [verdict.as_data() for verdict in failures],
    }
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "fsmn_properties.runs.tasks"],
            input=json.dumps(order, default=str),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    for line in done.stdout.splitlines():
        if line.startswith(MARK):
            told = json.loads(line[len(MARK) :])
            if "result" in told:
                return tuple(_mistake(each) for each in told["result"]["mistakes"])
    return None


def _mistake(data: dict[str, Any]) -> Mistake:
    pictures = tuple(
        Picture(
            **{
                **each,
                "taps": tuple(each["taps"]),
                "found": tuple(map(tuple, each["found"])),
                "wanted": tuple(map(tuple, each["wanted"])),
            }
        )
        for each in data["pictures"]
    )
    finding = Finding(**data["finding"])
    return Mistake(finding, tuple(data["statements"]), tuple(data["sentences"]), data["known"], pictures)
