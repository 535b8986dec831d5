"""A run of quads in a process of its own, and what it found."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.gate.verdict import Times, Verdict, judge

ROOT = Path(__file__).parents[2]


class MeasuringError(Exception):
    """The cases could not be timed; the message says why."""


@dataclass(frozen=True)
class Found:
    """What one case showed: a verdict, or why the base does not know the case."""

    case: str
    verdict: Verdict | None
    base_seconds: float = 0.0
    new: str = ""


def measure(candidate: Path, base: Path, quads: int, only: Iterable[str] = ()) -> list[Found]:
    """Time all cases and both controls, or only some of them, in a fresh process.

    Raises
    ------
    MeasuringError
        If the process fails: a side that does not import, results that are wrong, no such case.
    """
    tests = [f"::{'test_control' if case.startswith('the_base') else 'test_case'}[{case}]" for case in only] or [""]
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder, "quads.json")
        command = [
            *(sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=short", "-p", "no:cacheprovider"),
            *("--benchmark-timer=time.thread_time", "--benchmark-disable-gc", "--benchmark-quiet"),
            *(f"--benchmark-json={record}", f"--quads={quads}", f"--base-root={base}", f"--candidate-root={candidate}"),
            *(f"{ROOT / 'benchmarks/gate/quads.py'}{test}" for test in tests),
        ]
        one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env={**os.environ, **one_thread}, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise MeasuringError(f"the cases could not be timed:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
        return [_found(each) for each in json.loads(record.read_text(encoding="utf-8"))["benchmarks"]]


def _found(record: dict[str, object]) -> Found:
    case, extra, stats = str(record["param"]), record["extra_info"], record["stats"]
    assert isinstance(extra, dict)
    assert isinstance(stats, dict)
    if "new" in extra:
        return Found(case, None, new=extra["new"])
    base, candidate = Times(extra["base_cpu"], extra["base_wall"]), Times(stats["data"], extra["candidate_wall"])
    return Found(case, judge(base, candidate), sum(base.cpu) / len(base.cpu))
