"""What may kill the process runs in another: what is not promised is free to crash.

The other process writes a line before it tries something and a line after. If it dies in between, that is known, and
another one goes on after it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from fsmn_properties.targets.target import Target

SECONDS = 20
"""After so long, nothing more is tried."""

HANGS = 45
"""A process that takes longer hangs in a call."""

MOST_SECONDS = 120
"""How long all processes of a task may take together."""


class Journal:
    """What was tried and what spoke against it, told as it happens.

    Parameters
    ----------
    known : mapping of str to str
        What speaks against things that are not to be tried again.
    tell : callable
        Takes each line.
    """

    def __init__(self, known: dict[str, str], tell: Callable[[dict[str, Any]], None]) -> None:
        self.known, self._tell = known, tell
        self._end = time.monotonic() + SECONDS

    def tried(self, what: str, against: Callable[[], str]) -> str:
        """Return what speaks against something, or nothing."""
        if what in self.known:
            return self.known[what]
        if time.monotonic() > self._end:
            return NOT_TRIED
        self._tell({"begins": what})
        why = against()
        self._tell({"ends": what, "why": why})
        return why


def in_another_process(target: Target, task: str) -> dict[str, Any]:
    """Run a task of `fsmn_properties.runs.tasks` on a target that has a name, and return its result.

    Parameters
    ----------
    target : Target
        What it is about.
    task : str
        The name of the task.
    """
    known: dict[str, str] = {}
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        begun = ""
        for line in _lines(target, task, known):
            if "result" in line:
                result: dict[str, Any] = line["result"]
                return result
            begun = line.get("begins", "" if line.get("ends") == begun else begun)
        if not begun or begun in known:
            break
        known[begun] = "the process died or exceeded the time limit"
    return {}


def _lines(target: Target, task: str, known: dict[str, str]) -> Iterator[dict[str, Any]]:
    order = json.dumps({"name": target.name, "promises": target.promises.narrowed, "task": task, "known": known})
    command = [sys.executable, "-W", "ignore", "-m", "fsmn_properties.runs.tasks"]
    try:
        done = subprocess.run(  # noqa: S603, the command is ours
            command, input=order, capture_output=True, text=True, timeout=HANGS, check=False
        )
        output = done.stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    for line in output.splitlines():
        if line.startswith(MARK):
            yield json.loads(line[len(MARK) :])


NOT_TRIED = "not tried: time limit reached"

MARK = "fsmn> "
"""Before each of our lines: the target may print as well."""
