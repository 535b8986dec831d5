"""The smallest case in which a target crashes or hangs its process, of those that it is probed at."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from fsmn_properties.checks.trial import Call, Trial, body, quietly
from fsmn_properties.contract.forms import FORMS
from fsmn_properties.findings.mistake import Mistake
from fsmn_properties.findings.verdict import Finding
from fsmn_properties.runs.isolated import MARK
from fsmn_properties.targets.target import Target

SECONDS = 25
"""A process that takes longer hangs in a call."""


def crash_of(target: Target, statements: tuple[str, ...]) -> Mistake | None:
    """Return the smallest call that ends its process, if a small one does; statements are those that died of one.

    Parameters
    ----------
    target : Target
        What was verified, if it can be reached in another process.
    statements : tuple of str
        The statements whose process died.
    """
    order = {
        "name": target.name,
        "python": target.python,
        "promises": target.promises.narrowed,
        "task": "crash",
        "known": {},
    }
    ended = "ends its process"
    try:
        output = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "fsmn_properties.runs.tasks"],
            input=json.dumps(order),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout.decode() if isinstance(late.stdout, bytes) else late.stdout or ""
        ended = f"does not end within {SECONDS} seconds"
    lines = [json.loads(line[len(MARK) :]) for line in output.splitlines() if line.startswith(MARK)]
    if not lines or "result" in lines[-1]:
        return None
    last = lines[-1]
    problem = f"{last['function']} {ended} with {last['case']}"
    says = "Every call returns or raises."
    finding = Finding(statements[0], says, "F1, F2", problem, last["case"], last["script"])
    return Mistake(finding, statements, (f"{problem}: the smallest of the cases tried",))


def try_every_case(target: Target, tell: Callable[[dict[str, Any]], None]) -> None:
    """Call every function with every case, the smallest first, and tell which before each call."""
    for call in _calls(target):
        script = body(target, [call], ())
        text = "\n".join(["import numpy as np", target.python, "", script, ""])
        tell({"function": call.function, "case": call.case.outline(), "script": text})
        with quietly():
            Trial(target, call.case.form).raw(call.case, call.function)
    tell({"result": {}})


def _calls(target: Target) -> Iterator[Call]:
    from fsmn_properties.diagnosis.settings import probes  # noqa: PLC0415, not needed by runs that hold

    cases = [case for form in FORMS for case in probes(form, target.promises)]
    cases.sort(key=lambda case: case.frames * case.channels * (1 + sum(case.taps)))
    for case in cases:
        for function in target.functions_of(case.form):
            yield Call(case, function)
