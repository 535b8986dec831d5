"""Asking one statement about one case in a child of this process, which may die of it."""

from __future__ import annotations

import json
import os
import select
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.checks.trial import Call, Trial, body
from fsmn_properties.contract.forms import NAMES
from fsmn_properties.runs.fuzz.asking import Asker, Failure, Symptom
from fsmn_properties.runs.fuzz.limits import end_with, memory, watched
from fsmn_properties.runs.run import LONGEST, Plan
from fsmn_properties.targets.target import Target

CAN_FORK = hasattr(os, "fork")

LEEWAY = 20.0
"""Seconds that a child has besides one call that takes as long as it may."""

SIGNALS = {
    "SIGSEGV": "segmentation fault",
    "SIGABRT": "abort",
    "SIGALRM": "hang",
    "SIGBUS": "bus error",
    "SIGFPE": "arithmetic error",
    "SIGILL": "illegal instruction",
    "SIGKILL": "killed",
}


def ending(status: int) -> str:
    """Return how a process ended, by its exit status or the signal's number, negative."""
    if status >= 0:
        return f"exit status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
    return SIGNALS.get(name, name)


def sentence(kind: str, seconds: float) -> str:
    """Return what became of a process whose end is of some kind, as a sentence about a call."""
    if kind == "hang":
        return f"did not return within {seconds:g} s"
    if kind.startswith("exit"):
        return f"ended the process with {kind}"
    return f"ended the process: {kind}"


class Often(NamedTuple):
    """How often a case was asked about and failed, and by how many megabytes memory grew."""

    times: int
    failed: int
    megabytes: int


class ForkingAsker:
    """Asks each time in a child of this process, which must not have called the target.

    Parameters
    ----------
    target : Target
        What is asked about.
    seconds : float
        How long a call may take.
    """

    def __init__(self, target: Target, seconds: float) -> None:
        self.seconds = seconds
        self._pipe = _Pipe()
        self._original, self._watched = target, watched(target, seconds, self._pipe)

    def ask(self, statement: Statement, case: Case) -> Failure | None:
        """Ask a statement about a case; what fails has no script yet."""
        return self._ask(statement, case, tells=False)

    def told(self, statement: Statement, case: Case) -> Failure | None:
        """Ask a statement about a case; what fails has a script, that of the call where the process ends."""
        return self._ask(statement, case, tells=True)

    def often(self, statement: Statement, case: Case, times: int, seconds: float) -> Often:
        """Ask a statement about a case many times in one child, and return how often it failed and what memory grew."""
        lines, _ = self._in_a_child(lambda: self._many(statement, case, times, seconds))
        last: dict[str, Any] = next((line for line in reversed(lines) if "count" in line), {})
        return Often(int(last.get("count", 0)), int(last.get("failed", 0)), int(last.get("megabytes", 0)))

    def _many(self, statement: Statement, case: Case, times: int, seconds: float) -> None:
        asker, failed, end = Asker(self._watched, Plan(), self._pipe), 0, time.monotonic() + seconds
        asker.ask(statement, case)  # what is taken once is taken before
        before = memory()
        for count in range(1, times + 1):
            failed += asker.ask(statement, case) is not None
            if count == times or time.monotonic() > end:
                self._pipe.write(count=count, failed=failed, megabytes=memory() - before)
                break

    def _ask(self, statement: Statement, case: Case, *, tells: bool) -> Failure | None:
        lines, end = self._in_a_child(lambda: self._once(statement, case, tells=tells))
        return self._failure(statement, case, lines, end)

    def _in_a_child(self, does: Callable[[], None]) -> tuple[list[dict[str, Any]], str]:
        """Do something in a child, and return the lines that it wrote and how it ended."""
        reading, writing = os.pipe()
        parent, child = os.getpid(), os.fork()
        if child == 0:
            try:
                end_with(parent)
                os.close(reading)
                self._pipe.file = writing
                does()
            finally:
                os._exit(0)
        os.close(writing)
        text, late = _until_the_end(reading, time.monotonic() + self.seconds + LEEWAY)
        os.close(reading)
        if late:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        lines = [json.loads(line) for line in text.splitlines() if line.endswith(b"}")]
        return lines, "hang" if late else ending(os.waitstatus_to_exitcode(status))

    def _once(self, statement: Statement, case: Case, *, tells: bool) -> None:
        asker = Asker(self._watched, Plan(), self._pipe)
        if tells:
            _ask_aloud(statement, self._watched, case, self._pipe)
        found = (asker.told if tells else asker.ask)(statement, case)
        self._pipe.write(**(asdict(found) | {"symptom": found.symptom._asdict()} if found else {"holds": True}))

    def _failure(self, statement: Statement, case: Case, lines: list[dict[str, Any]], end: str) -> Failure | None:
        last: dict[str, Any] = lines[-1] if lines else {}
        if "holds" in last:
            return None
        if "problem" in last:
            return Failure(Symptom(*last["symptom"].values()), last["problem"], last["script"])
        known: dict[str, Any] = {name: value for line in lines for name, value in line.items()}
        return death(statement, self._original, case, end, self.seconds, known)


class _Pipe:
    """What a child is doing, as lines in a pipe: takes the place of a journal."""

    file = -1

    def write(self, **line: Any) -> None:
        """Write a line."""
        os.write(self.file, json.dumps(line).encode() + b"\n")

    def enter(self, function: int) -> None:
        """Write down that a function is called."""
        self.write(calling=NAMES[function])

    def leave(self) -> None:
        """Leave it at that."""


def death(
    statement: Statement, target: Target, case: Case, kind: str, seconds: float, called: Mapping[str, Any]
) -> Failure:
    """Return the failure of a case that ended its process.

    Parameters
    ----------
    statement, target, case
        What was asked.
    kind : str
        How the process ended.
    seconds : float
        How long a call may take.
    called : mapping
        The function that was called, and the script of the call, as far as they are known.
    """
    function = str(called.get("calling") or "")
    problem = f"{function or 'a call'} {sentence(kind, seconds)}"
    text = str(called.get("script") or "")
    lines = ["import numpy as np"]
    if not text or len(text) > LONGEST:
        told = target.promises.told
        promises = f", promises={told!r}" if told else ""
        lines.append("from fsmn_properties import show")
        text = f"show(implementation, {statement.name!r}, {case.made}{promises})" if case.made else repr(case)
    if "made(" in text:
        lines.append("from fsmn_properties import made")
    script = "\n".join([*lines, target.python, "", text, ""])
    return Failure(Symptom(statement.name, function, "", kind), problem, script, dies=True)


def _ask_aloud(statement: Statement, target: Target, case: Case, pipe: _Pipe) -> None:
    """Ask a statement about a case, and write down the script of each call before it; what fails is told later."""

    class Aloud(Trial):
        def raw(self, case: Case, function: str, given: Mapping[str, Any] | None = None) -> Any:
            pipe.write(script=body(self.target, [Call(case, function)], ()))
            return super().raw(case, function, given)

    try:
        with np.errstate(all="ignore"):
            statement.check(Aloud(target, statement.form), case)
    except Exception:  # noqa: S110, it is asked again
        pass


def _until_the_end(reading: int, end: float) -> tuple[bytes, bool]:
    """Return what is written to a pipe until it is closed, and whether that takes too long."""
    text = b""
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return text, True
        more = os.read(reading, 1 << 16)
        if not more:
            return text, False
        text += more
