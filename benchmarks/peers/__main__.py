"""`python -m benchmarks.peers`: the same job by other libraries, as a table and pictures in docs."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers.pictures import draw
from benchmarks.peers.timing import PRODUCTION, SWEEPS, Time
from fsmn_properties.bench.limits import Limits

ROOT = Path(__file__).parents[2]
HUGE = {"THP_MEM_ALLOC_ENABLE": "1"}
COLUMNS: dict[str, tuple[int, dict[str, str]]] = {
    "1 thread": (1, {}),
    "1 thread, huge pages": (1, HUGE),
    "2 threads": (2, {}),
}


def timed(threads: int, environment: dict[str, str], which: str) -> tuple[list[Time], Limits]:
    """Return the times of a process with so many threads, and what the machine can do with them."""
    command = [sys.executable, "-m", "benchmarks.peers.timing", str(threads), which]
    one = {name: str(threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")}
    done = subprocess.run(  # noqa: S603
        command, cwd=ROOT, env={**os.environ, **one, **environment}, stdout=subprocess.PIPE, text=True, check=True
    )
    record = json.loads(done.stdout.splitlines()[-1])
    return [Time(**each) for each in record["times"]], Limits(**record["limits"])


def table(found: dict[str, list[Time]]) -> list[str]:
    """Return the production sizes as Markdown: milliseconds, and as multiples of ours with one thread."""
    lines = [f"| frames x channels x taps | | | {' | '.join(found)} |", f"|---|---|---|{'---|' * len(found)}"]
    first = next(iter(found.values()))
    ours = {(each.size, each.part): each.seconds for each in first if each.peer == "fsmn_vec"}
    for size in PRODUCTION:
        for each in (each for each in first if each.size == size):
            cells = []
            for times in found.values():
                (same,) = (t for t in times if (t.peer, t.part, t.size) == (each.peer, each.part, each.size))
                cells.append(f"{same.seconds * 1e3:.2f} ({same.seconds / ours[size, each.part]:.1f})")
            frames, channels, taps, dtype = size
            what = f"{frames} x {channels} x {taps} {dtype}"
            lines.append(f"| {what} | {each.part} | {each.peer} | {' | '.join(cells)} |")
    return lines


def page(found: dict[str, list[Time]]) -> str:
    """Return the page."""
    return "\n".join(
        [
            "# Beside other libraries",
            "",
            "The unidirectional memory block on utterances of 300 frames, frames in and out as (T, D). Median",
            "milliseconds, and in brackets how many times as long as `fsmn_vec` on one thread. All peers of a column",
            "run in turn in one process; each was verified by our production check at each size before it was timed.",
            "Huge pages: with `THP_MEM_ALLOC_ENABLE=1`, which PyTorch heeds. `fsmn_vec` and SciPy always use one",
            "thread. PyTorch in its own layout gets frames as (utterances, D, frames), already padded, and leaves them",
            "so, which no caller with frames as (T, D) has. Its gradients are autograd's, the graph kept. Made by",
            "`python -m tox -e peers`.",
            "",
            *(f"![time against {along}](peers_{along}.svg)" for along in SWEEPS),
            "",
            *table(found),
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Time everything, draw the pictures and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="folder for peers.md and the pictures")
    folder = parser.parse_args(arguments).out
    sweeps, limit = timed(1, {}, "sweeps")
    for along in SWEEPS:
        draw(sweeps, limit, along, folder / f"peers_{along}.svg")
    text = page({name: timed(*how, "production")[0] for name, how in COLUMNS.items()})
    (folder / "peers.md").write_text(text, encoding="utf-8")
    print(text)  # noqa: T201, the page is what this makes


if __name__ == "__main__":
    main()
