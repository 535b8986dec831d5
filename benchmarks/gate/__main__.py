"""`python -m benchmarks.gate`: says whether the work tree is slower than its base.

Exit status: 0 if no slowdown is confirmed, 1 if one is, 2 if there is nothing to compare with, 3 if a control failed
and the run therefore says nothing.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.gate.accepted import read_baseline
from benchmarks.gate.decision import NO_BASE, decide, to_confirm
from benchmarks.gate.measure import ROOT, MeasuringError, measure
from benchmarks.gate.revisions import NoBaseError, find_base, is_dirty, work_tree
from benchmarks.gate.sides import CannotLoadError, load_side
from benchmarks.gate.verdict import SLOWDOWN
from benchmarks.suite import quick

SCREEN, CONFIRM = 30, 60


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", metavar="REV", help="the revision to compare with")
    parser.add_argument(
        "--limit", type=float, default=100 * SLOWDOWN, help="percent of slowdown that fail (default: 5)"
    )
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        status = run(options.base, options.limit / 100)
    except (NoBaseError, MeasuringError, ValueError) as error:
        _say(f"no verdict: {error}")
        return NO_BASE
    _say(f"{time.perf_counter() - started:.0f} s")
    return status


def run(asked: str | None, limit: float) -> int:
    """Compare the work tree with its base."""
    baseline = read_baseline(ROOT / "benchmarks/baseline.toml")
    base, why = find_base(ROOT, asked, baseline.revision)
    _say(f"base: {base} ({why})")
    if is_dirty(ROOT):
        _say("the work tree has uncommitted changes: they are part of the candidate")
    with work_tree(ROOT, base) as tree:
        try:
            load_side(tree)
        except CannotLoadError as error:
            raise NoBaseError(f"the base can't be compared with: {error}") from None
        _say(*_differences(tree))
        screened = measure(ROOT, tree, SCREEN)
        confirmed = {found.case: found for found in measure(ROOT, tree, CONFIRM, to_confirm(screened))}
    status, lines = decide(screened, confirmed, limit, lambda case: baseline.reason(base, case))
    _say(*lines)
    return status


def _differences(tree: Path) -> list[str]:
    """Say which cases only one side lists: a case that is renamed must not pass in silence."""
    listing = "from benchmarks.suite import quick\nprint(*quick(), sep='\\n')"
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
    theirs, ours = done.stdout.splitlines(), [str(workload) for workload in quick()]
    missing = [f"missing: {case}, which the base lists" for case in theirs if case not in ours]
    return missing + [f"new: {case}, which the base does not list" for case in ours if case not in theirs]


def _say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201, this is what the gate is for


if __name__ == "__main__":
    sys.exit(main())
