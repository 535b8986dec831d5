"""`python -m benchmarks.gate.proof`: how often the gate is right, over trials whose answer is known.

Each trial is a run of the gate with one case and both controls. The candidate is a copy of the packages, as it is or
with a slowdown planted: its functions pass over part of their first argument once more, or over all of it several
times. How much slower it really is, is measured with many quads. In half of the trials other processes load the
machine. Writes docs/gate_proof.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median

from benchmarks.suite import CONTROL, quick
from fsmn_properties.bench.decision import PASSED, SLOWER
from fsmn_properties.bench.gate import gate
from fsmn_properties.bench.measure import Comparison
from fsmn_properties.bench.settings import CALIBRATE, LOADS, SLOWDOWN, TRIALS
from fsmn_properties.bench.sides import Place

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("fsmn_ref", "fsmn_vec")

CASES = (
    "uni_forward-3000x512x11-float32-out",
    "uni_backward-1000x128x20-float32",
    "uni_forward-3000x250x20-float32-out",
    "uni_forward-1000x128x20-float64",
)

PLANT = """

import numpy as np


def _passing(function):
    def slower(*arguments, **options):
        frames = arguments[0]
        rows = int({passes} * len(frames))
        for passed in range(0, rows, len(frames)):
            some = frames[: rows - passed]
            np.einsum("td,td->d", some, some)
        return function(*arguments, **options)
    return slower


compact_vfsmn_memory_forward = _passing(compact_vfsmn_memory_forward)
compact_vfsmn_memory_backward = _passing(compact_vfsmn_memory_backward)
"""

SAID = {PASSED: "not slower", SLOWER: "slower"}

LOAD = "import numpy as np\na = np.ones((3000, 512), 'f')\nwhile True: a += np.sqrt(a)"


@dataclass
class Tally:
    """Exit statuses of the trials with one slowdown, on a quiet machine and on a loaded one."""

    real: list[float] = field(default_factory=list)
    statuses: dict[bool, list[int]] = field(default_factory=lambda: {False: [], True: []})


def plant(folder: Path, passes: float) -> Path:
    """Copy the packages to a folder, with a slowdown unless `passes` is 0."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    if passes:
        with (folder / "fsmn_vec/__init__.py").open("a", encoding="utf-8") as file:
            file.write(PLANT.format(passes=passes))
    return folder


def comparison(candidate: Path, case: str) -> Comparison:
    """Return the comparison of a candidate with the packages here, by one case."""
    (chosen,) = (workload for workload in quick() if str(workload) == case)
    return Comparison(Place("fsmn_vec", candidate, candidate), Place("fsmn_vec", ROOT, ROOT), (chosen,), CONTROL)


def slowdown(candidate: Path, case: str) -> float:
    """Return how much slower the candidate is than the packages here."""
    (found,) = comparison(candidate, case).measure(CALIBRATE, [case])
    assert found.verdict is not None
    return found.verdict.slowdown


@contextmanager
def loaded(busy: bool) -> Iterator[None]:
    """Keep every core busy with other processes, if asked to."""
    count = LOADS * (os.cpu_count() or 1) if busy else 0
    processes = [subprocess.Popen([sys.executable, "-c", LOAD]) for _ in range(count)]  # noqa: S603
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def candidates(folder: Path, case: str) -> dict[float, tuple[Path, float]]:
    """Return, for each slowdown, a candidate and how much slower it really is."""
    of_one = slowdown(plant(folder / f"{case}-one", 1), case)
    made = {}
    for wanted in TRIALS:
        passes = wanted / of_one
        if wanted:
            passes *= wanted / slowdown(plant(folder / f"{case}-nearly-{wanted}", passes), case)
        candidate = plant(folder / f"{case}-{wanted}", passes)
        made[wanted] = (candidate, slowdown(candidate, case))
    return made


def prove(scale: float) -> dict[float, Tally]:
    """Run the trials, or a part of them, and return what came of them."""
    tallies = {wanted: Tally() for wanted in TRIALS}
    with tempfile.TemporaryDirectory() as folder:
        made = {case: candidates(Path(folder), case) for case in CASES}
        for wanted, trials in TRIALS.items():
            tally = tallies[wanted]
            tally.real = [made[case][wanted][1] for case in CASES]
            for trial, case in zip(range(max(1, round(trials * scale))), cycle(CASES), strict=False):
                busy = trial // len(CASES) % 2 == 1
                with loaded(busy):
                    status = gate(comparison(made[case][wanted][0], case).measure, SLOWDOWN).status
                tally.statuses[busy].append(status)
                _say(f"{wanted:6.1%} {'loaded' if busy else 'quiet':6} {case:40} {SAID.get(status, 'no verdict')}")
    return tallies


def table(tallies: dict[float, Tally]) -> str:
    """Return the trials as Markdown."""
    lines = [
        "# How often the performance gate is right",
        "",
        f"Trials of the gate on {len(CASES)} cases. The difference of base and candidate is known: the same code, or a",
        "slowdown planted in the kernel. In half of the trials other processes kept every core busy. A trial is a",
        "whole run of the gate, whose controls must hold. Made by `python -m tox -e proof`.",
        "",
        "| planted | really, median and range over the cases | found slower, quiet | found slower, loaded |",
        "|---|---|---|---|",
    ]
    for wanted, tally in tallies.items():
        real = f"{median(tally.real):.1%} ({min(tally.real):.1%} to {max(tally.real):.1%})"
        lines.append(f"| {wanted:.1%} | {real} | {_told(tally.statuses[False])} | {_told(tally.statuses[True])} |")
    return "\n".join([*lines, ""])


def _told(statuses: list[int]) -> str:
    silent = sum(status not in SAID for status in statuses)
    return f"{statuses.count(SLOWER)} of {len(statuses)}" + f", {silent} without a verdict" * bool(silent)


def main() -> None:
    """Run the trials and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0, help="the part of the trials to run")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/gate_proof.md")
    options = parser.parse_args()
    text = table(prove(options.scale))
    options.out.write_text(text, encoding="utf-8")
    _say(text)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
