"""`python -m benchmarks.gate.drift`: whether the gate sees small steps that add up, and accuses no history without any.

A revision after the other is held by the gate against its base and against the anchor. Its times are simulated: quads
of the packages against themselves, as processes measured them on this machine, quiet and loaded, of which the
candidate's are multiplied by what was planted. Everything from the times on is the gate's own. Writes
docs/drift_proof.md.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import mul
from pathlib import Path
from random import Random

from benchmarks.gate.proof import ROOT, loaded
from benchmarks.suite import CONTROL, quick
from fsmn_properties.bench.controls import CONTROLS, SLOWED
from fsmn_properties.bench.decision import INCONCLUSIVE, SLOWER
from fsmn_properties.bench.gate import gate, together
from fsmn_properties.bench.measure import Comparison, Found
from fsmn_properties.bench.settings import CONFIRM, DRIFT, HISTORIES, NOISE, SCREEN, SLOWDOWN, SLOWED_BY, STEPS
from fsmn_properties.bench.sides import Place
from fsmn_properties.bench.verdict import Times, judge

CASES = ("uni_backward-1000x128x20-float32", "uni_forward-1000x128x20-float64")

Noise = dict[str, list[tuple[Times, Times]]]
"""Of each case, the times of both sides in each process that measured them; both sides are the same code."""


@dataclass(frozen=True)
class Simulated:
    """Times of a candidate that is slower in one case, drawn from noise."""

    noise: Noise
    case: str
    slowdown: float
    random: Random

    def measure(self, quads: int, only: Iterable[str] | None = None) -> list[Found]:
        """Return what so many quads show, all of a case taken from one process, one after another."""
        chosen = None if only is None else set(only)
        names = [*self.noise, SLOWED]
        return [self._found(name, quads) for name in names if chosen is None or name in chosen]

    def _found(self, name: str, quads: int) -> Found:
        base, candidate = self.random.choice(self.noise[CONTROLS[0] if name == SLOWED else name])
        begin = 2 * self.random.randint(0, len(base.cpu) // 2 - quads)
        some = slice(begin, begin + 2 * quads)
        factor = 1 + (self.slowdown if name == self.case else SLOWED_BY if name == SLOWED else 0)
        one = Times(base.cpu[some], base.wall[some])
        other = Times([factor * t for t in candidate.cpu[some]], [factor * t for t in candidate.wall[some]])
        return Found(name, judge(one, other), 1.0)


def history(noise: Noise, steps: Sequence[float], random: Random) -> list[int]:
    """Return the exit status of the gate at each revision, of which each is slower than the one before by its step."""
    case = random.choice([name for name in noise if name not in CONTROLS])
    statuses = []
    for step, total in zip(steps, accumulate((1 + step for step in steps), mul), strict=True):
        against_base = gate(Simulated(noise, case, step, random).measure, SLOWDOWN)
        against_anchor = gate(Simulated(noise, case, total - 1, random).measure, DRIFT, other="the anchor")
        statuses.append(together([against_base.status, against_anchor.status]))
    return statuses


def measured(busy: Sequence[bool]) -> Noise:
    """Return quads of the packages against themselves, from one process for each entry of `busy`."""
    place = Place("fsmn_vec", ROOT, ROOT)
    cases = tuple(workload for workload in quick() if str(workload) in CASES)
    noise: Noise = {name: [] for name in (*CASES, CONTROLS[0])}
    for other_processes in busy:
        with loaded(other_processes):
            for found in Comparison(place, place, cases, CONTROL).measure(SCREEN + CONFIRM, noise):
                assert found.times is not None
                noise[found.case].append(found.times)
    return noise


def table(noise: Noise, busy: Sequence[bool]) -> str:
    """Return what the gate says of the histories, as Markdown."""
    lines = [
        "# How often the gate sees a drift",
        "",
        f"Histories of {len(STEPS[0])} revisions, simulated from times of {len(busy)} processes, {sum(busy)} of them",
        f"on a loaded machine. Each revision is held against its base (limit {SLOWDOWN:.0%}) and against the anchor",
        f"(limit {DRIFT:.0%}) by the gate's own decision. Made by `python -m tox -e drift`.",
        "",
        "| steps | histories | found slower | at the latest at revision | runs without a verdict |",
        "|---|---|---|---|---|",
    ]
    for steps in STEPS:
        random = Random(0)  # noqa: S311, no secret
        runs = [history(noise, steps, random) for _ in range(HISTORIES)]
        caught = [1 + statuses.index(SLOWER) for statuses in runs if SLOWER in statuses]
        silent = sum(statuses.count(INCONCLUSIVE) for statuses in runs)
        told = ", ".join(f"{step:.0%}" for step in steps)
        lines.append(f"| {told} | {HISTORIES} | {len(caught)} | {max(caught, default='')} | {silent} |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure the noise, simulate the histories and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs/drift_proof.md")
    options = parser.parse_args()
    busy = [number % 2 == 1 for number in range(NOISE)]
    text = table(measured(busy), busy)
    options.out.write_text(text, encoding="utf-8")
    print(text)  # noqa: T201, the table is what this makes


if __name__ == "__main__":
    main()
