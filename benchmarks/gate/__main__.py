"""`python -m benchmarks.gate`: says whether the work tree is slower than its base, or in sum than the anchor.

This is `python -m fsmn_properties bench fsmn_vec --base`, with the workloads of this project. Exit status: 0 if no
slowdown is confirmed, 1 if one is, 2 if there is nothing to compare with, 3 if a control failed and the run therefore
says nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.suite import CONTROL, quick
from benchmarks.suite_speed import suite_speed
from fsmn_properties.bench.accepted import read_baseline
from fsmn_properties.bench.decision import NO_BASE
from fsmn_properties.bench.flows import compared, earlier
from fsmn_properties.bench.measure import MeasuringError
from fsmn_properties.bench.revisions import NoBaseError, root_of
from fsmn_properties.bench.settings import SLOWDOWN
from fsmn_properties.bench.sides import Place
from fsmn_properties.bench.workload import Case

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT / "benchmarks/history.jsonl"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", metavar="REV", help="the revision to compare with")
    parser.add_argument(
        "--limit", type=float, default=100 * SLOWDOWN, help="percent of slowdown that fail (default: 5)"
    )
    parser.add_argument("-k", dest="only", default="", metavar="TEXT", help="time the cases whose names contain this")
    parser.add_argument("--record", action="store_true", help="append the slowdowns to the history, and draw it")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        status = run(options.base, options.limit / 100, options.only, HISTORY if options.record else None)
    except (NoBaseError, MeasuringError, ValueError) as error:
        _say(f"no verdict: {error}")
        return NO_BASE
    _say(f"{time.perf_counter() - started:.0f} s")
    return status


def run(asked: str | None, limit: float, only: str = "", history: Path | None = None) -> int:
    """Compare the work tree with its base and its anchor."""
    baseline = read_baseline(ROOT / "benchmarks/baseline.toml")
    if root_of(ROOT).resolve() != ROOT:
        raise NoBaseError(f"{ROOT} is no git repository, and the base comes from its history")
    with earlier(ROOT, asked, baseline, limit, _say) as revisions:
        _say(*_differences(revisions[0].tree))
        cases = tuple(case for case in gated() if only in str(case))
        return compared(Place("fsmn_vec", ROOT, ROOT), revisions, cases, CONTROL, baseline, history, _say)


def gated() -> tuple[Case, ...]:
    """Return the cases of the gate."""
    return (*quick(), *suite_speed())


def _differences(tree: Path) -> list[str]:
    """Say which cases only one side lists: a case that is renamed must not pass in silence."""
    listing = "from benchmarks.gate.__main__ import gated\nprint(*gated(), sep='\\n')"
    paths = os.pathsep.join([str(tree), str(tree / "properties")])
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", listing],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return ["the base lists no cases: nothing can be said of cases that went missing"]
    theirs, ours = done.stdout.splitlines(), [str(case) for case in gated()]
    missing = [f"missing: {case}, which the base lists" for case in theirs if case not in ours]
    return missing + [f"new: {case}, which the base does not list" for case in ours if case not in theirs]


def _say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201, this is what the gate is for


if __name__ == "__main__":
    sys.exit(main())
