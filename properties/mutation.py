"""`python -m mutation`: mutmut on fsmn_ref and fsmn_vec, and what is said of the mutants that survive.

Exit status 1 if a mutant survives that equivalent_mutants.toml does not explain, or if an explanation there explains no
survivor any more.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

EXPLAINED = Path(__file__).with_name("equivalent_mutants.toml")


def survivors() -> Iterator[tuple[str, str]]:
    """Yield the name of each mutant that survived, and what it changes."""
    for line in _mutmut("results").splitlines():
        name, _, status = line.strip().partition(": ")
        if status == "survived":
            yield name, _change(_mutmut("show", name))


def _mutmut(*arguments: str) -> str:
    command = [str(Path(sys.executable).with_name("mutmut")), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def _change(diff: str) -> str:
    changed = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join(changed)


def main() -> int:
    """Run mutmut on what has changed since its last run, and return the exit status."""
    run = [str(Path(sys.executable).with_name("mutmut")), "run", *sys.argv[1:]]
    subprocess.run(run, check=True)  # noqa: S603
    reasons = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["equivalent"]
    unused, unexplained = list(reasons), []
    for name, change in survivors():
        matching = [each for each in reasons if re.search(each["change"], change)]
        unused = [each for each in unused if each not in matching]
        if not matching:
            unexplained.append(name)
        why = matching[0]["reason"] if matching else "NOT EXPLAINED"
        print(f"{name}: {why}\n{change}\n")  # noqa: T201
    for each in unused:
        print(f"explains no survivor: {each['change']}")  # noqa: T201
    print(f"{len(unexplained)} survivors are not explained: {', '.join(unexplained) or 'none'}")  # noqa: T201
    return 1 if unexplained or (unused and not sys.argv[1:]) else 0


if __name__ == "__main__":
    sys.exit(main())
