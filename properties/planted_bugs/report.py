"""The kill matrix as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from fsmn_properties.catalogue import CATALOGUE
from planted_bugs.bank import BANK
from planted_bugs.matrix import Row, family, rarest, seconds_to_first_failure, survivors


def markdown(rows: Sequence[Row]) -> str:
    """Return the statements with what each catches, and the bugs: the same for every run that finds the same."""
    families = list(dict.fromkeys(family(each.name) for each in CATALOGUE))
    return "\n".join(
        [
            "# Planted bugs",
            "",
            f"{len(rows) - len(survivors(rows))} of {len(rows)} planted bugs are caught. "
            "Made by `python -m tox -e planted`, which writes the matrix and all scripts to build/planted_bugs.md.",
            "",
            "## Statements",
            "",
            *_statements(rows, families),
            "",
            "## Bugs",
            "",
            *_bugs(rows),
            "",
        ]
    )


def artifact(rows: Sequence[Row]) -> str:
    """Return what differs from run to run, and what is long: seconds, the matrix, and a script for each bug."""
    families = list(dict.fromkeys(family(each.name) for each in CATALOGUE))
    middle, late = seconds_to_first_failure(rows)
    return "\n".join(
        [
            f"Seconds to the first failure: median {middle:.2f}, 95th percentile {late:.2f}.",
            "",
            "Columns are the statements in the order of docs/planted_bugs.md.",
            "",
            "```text",
            *_matrix(rows, families),
            "```",
            "",
            *(line for row in rows for line in _shown(row)),
        ]
    )


def _shown(row: Row) -> list[str]:
    return [f"## {row.bug} ({row.seconds:.2f} s)", "", row.problem, "", "```python", row.script, "```", ""]


def _statements(rows: Sequence[Row], families: Sequence[str]) -> list[str]:
    rare, elsewhere = rarest(rows), "none: a kernel of `properties/tests/test_each_statement.py`"
    lines = ["| | statement | bugs caught | among them the one that the fewest others catch |", "|---|---|---|---|"]
    for number, name in enumerate(families):
        caught = sum(name in row.caught_by for row in rows)
        lines.append(f"| {number} | {name} | {caught} | {rare.get(name, elsewhere)} |")
    return lines


def _bugs(rows: Sequence[Row]) -> list[str]:
    what = {bug.name: bug for bug in BANK}
    lines = ["| bug | what is wrong | row of known_bugs.md | first caught by |", "|---|---|---|---|"]
    for row in rows:
        bug = what[row.bug]
        lines.append(f"| {bug.name} | {bug.what} | {bug.row or ''} | {row.first or 'SURVIVED'} |")
    return lines


def _matrix(rows: Sequence[Row], families: Sequence[str]) -> list[str]:
    width = max(len(row.bug) for row in rows)
    tens = " " * width + " " + "".join(str(i // 10) for i in range(len(families)))
    ones = " " * width + " " + "".join(str(i % 10) for i in range(len(families)))
    return [
        tens,
        ones,
        *(f"{row.bug:{width}} " + "".join("#" if name in row.caught_by else "." for name in families) for row in rows),
    ]
