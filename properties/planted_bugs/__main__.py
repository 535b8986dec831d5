"""`python -m planted_bugs`: every statement against every planted bug, and every correct implementation.

Prints the kill matrix, and writes it as Markdown and JSON. Exit status 1 if a bug survives or a correct implementation
is accused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from planted_bugs.bank import BANK
from planted_bugs.innocent import accused
from planted_bugs.matrix import Row, hunt_all, kill_matrix, seconds_to_first_failure, survivors
from planted_bugs.report import artifact, markdown


def main(arguments: list[str] | None = None) -> int:
    """Run what the options ask for and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("docs"),
        help="folder for planted_bugs.md; the rest goes to build beside it",
    )
    parser.add_argument("--examples", type=int, default=25, help="cases of each statement in the matrix")
    parser.add_argument("--seeds", type=int, default=0, help="only hunt each bug, on this many random seeds")
    parser.add_argument("--innocent", type=int, default=0, help="only verify correct implementations on so many seeds")
    options = parser.parse_args(arguments)
    if options.seeds:
        survived = {seed: survivors(_told(hunt_all(BANK, seed))) for seed in range(options.seeds)}
        return _fail([f"survived seed {seed}: {bug}" for seed, bugs in survived.items() for bug in bugs])
    if options.innocent:
        return _fail(accused(range(options.innocent)))
    rows = kill_matrix(_told(hunt_all(BANK)), options.examples)
    _write(rows, options.out)
    print(markdown(rows))  # noqa: T201, the matrix is what this prints
    return _fail([f"survived: {bug}" for bug in survivors(rows)])


def _told(rows: Iterable[Row]) -> list[Row]:
    """Print each row as it comes, since they take a while, and return all."""
    told = []
    for row in rows:
        print(f"{row.seconds:6.2f} s  {row.bug:50}  {row.first or 'SURVIVED'}", flush=True)  # noqa: T201
        told.append(row)
    median, late = seconds_to_first_failure(told)
    print(f"seconds to the first failure: median {median:.2f}, 95th percentile {late:.2f}\n")  # noqa: T201
    return told


def _write(rows: list[Row], folder: Path) -> None:
    (folder / "planted_bugs.md").write_text(markdown(rows), encoding="utf-8")
    build = folder.parent / "build"
    build.mkdir(exist_ok=True)
    (build / "planted_bugs.md").write_text(artifact(rows), encoding="utf-8")
    (build / "planted_bugs.json").write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")


def _fail(problems: list[str]) -> int:
    print("\n".join(problems) or "nothing survived, nobody was accused")  # noqa: T201
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
