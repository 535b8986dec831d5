"""Orders given to a process of their own, and what it found."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsmn_properties.bench.controls import CONTROLS
from fsmn_properties.bench.settings import MOST_SECONDS, ONE_THREAD
from fsmn_properties.bench.sides import Place
from fsmn_properties.bench.verdict import Times, Verdict, judge
from fsmn_properties.bench.worker import Order
from fsmn_properties.bench.workload import Case


class MeasuringError(Exception):
    """The cases could not be timed; the message says why."""


@dataclass(frozen=True)
class Found:
    """What one case showed: a verdict, or why the base does not know the case."""

    case: str
    verdict: Verdict | None
    base_seconds: float = 0.0
    new: str = ""
    times: tuple[Times, Times] | None = None
    """Those of base and candidate."""


@dataclass(frozen=True)
class Comparison:
    """Two sides and the cases that they are compared by; `control` is the case of the controls."""

    candidate: Place
    base: Place
    cases: tuple[Case, ...]
    control: Case

    def measure(self, quads: int, only: Iterable[str] | None = None) -> list[Found]:
        """Time all cases and both controls, or only some of them, in a fresh process.

        Raises
        ------
        MeasuringError
            If a side does not load, or a case can't be timed; the message says why.
        """
        chosen = None if only is None else set(only)
        cases = tuple(case for case in self.cases if chosen is None or str(case) in chosen)
        controls = tuple(name for name in CONTROLS if chosen is None or name in chosen)
        order = Order("compare", self.candidate, self.base, cases, self.control, controls, quads)
        return [_found(line) for line in obeyed(order) if "case" in line]


def obeyed(order: Order) -> list[dict[str, Any]]:
    """Return what a process of its own writes down that is given the order.

    Raises
    ------
    MeasuringError
        If a side does not load, results are wrong, or the process dies or hangs.
    """
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "record")
        record.touch()
        environment = {**os.environ, **dict.fromkeys(ONE_THREAD, "1"), "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-W", "ignore", "-m", "fsmn_properties.bench.worker", str(record)]
        try:
            done = subprocess.run(  # noqa: S603
                command,
                input=pickle.dumps(order),
                capture_output=True,
                env=environment,
                timeout=MOST_SECONDS,
                check=False,
            )
            ending = "" if done.returncode == 0 else _ending(done.returncode, done.stderr.decode(errors="replace"))
        except subprocess.TimeoutExpired:
            ending = f"takes longer than {MOST_SECONDS} seconds"
        lines: list[dict[str, Any]] = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    last = next((line["begins"] for line in reversed(lines) if "begins" in line), order.task)
    if ending:
        raise MeasuringError(f"the process that times {order.candidate.name} {ending} (in {last})")
    for line in lines:
        if "cannot_load" in line:
            raise MeasuringError(line["cannot_load"])
        if line.get("wrong"):
            raise MeasuringError(f"{line['case']} is not timed, its results are wrong: {line['wrong']}")
    return lines


def _ending(status: int, said: str) -> str:
    told = said.strip().splitlines()[-1:] or ["it says nothing"]
    return f"ends with signal {-status}" if status < 0 else f"ends with status {status}: {told[0][:300]}"


def _found(line: dict[str, Any]) -> Found:
    if "new" in line:
        return Found(line["case"], None, new=line["new"])
    base, candidate = Times(**line["base"]), Times(**line["candidate"])
    return Found(
        line["case"], judge(base, candidate), sum(base.cpu) / len(base.cpu) / line["repeats"], times=(base, candidate)
    )
