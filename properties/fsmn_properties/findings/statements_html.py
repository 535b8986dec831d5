"""The statements of a report as HTML: a line for each group of rules, which opens into a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fsmn_properties.checks.trial import clipped
from fsmn_properties.findings.account import OUTCOMES, UNASKED
from fsmn_properties.findings.document import Document
from fsmn_properties.findings.markup import html
from fsmn_properties.findings.rules import Group, grouped
from fsmn_properties.findings.verdict import EXPECTED, FAILS, GAVE_UP, HOLDS, NOT_APPLICABLE, NOT_PROMISED, Verdict

SIGNS = {HOLDS: "✓", FAILS: "✗", EXPECTED: "✗", GAVE_UP: "◐", NOT_PROMISED: "○", NOT_APPLICABLE: "○"}
KINDS = {
    HOLDS: "holds",
    FAILS: "fails",
    EXPECTED: "open",
    GAVE_UP: "open",
    NOT_PROMISED: "left",
    NOT_APPLICABLE: "left",
}
ORDER = (FAILS, EXPECTED, GAVE_UP, HOLDS, NOT_PROMISED, NOT_APPLICABLE)

HEAD = "".join(
    f'<th role="columnheader" scope="col"{kind}>{name}</th>'
    for name, kind in (
        ("Statement", ' class="what"'),
        ("Verdict", ""),
        ("Cases", ' class="number"'),
        ("Seconds", ' class="number"'),
        ("Worst error / bound", ' class="number last"'),
    )
)


def statements(document: Document) -> list[str]:
    """Return the section of the statements."""
    groups = grouped(document.account.verdicts)
    if not groups:
        return []
    heading = '<section aria-labelledby="statements"><h2 id="statements">Statements, by rule of the contract</h2>'
    return [heading, *(_group(group, document) for group in groups), "</section>"]


def worst_error(verdicts: Iterable[Verdict]) -> str:
    """Return the worst error in units of its bound, of statements that hold or fail because of it."""
    told = [v.worst for v in verdicts if v.worst is not None and (not v.fails or v.worst > 1)]
    if not told:
        return ""
    return f"{max(told):.2f}" if max(told) < 1000 else f"{max(told):.0e}"


def _group(group: Group, document: Document) -> str:
    counts = Counter(verdict.outcome for verdict in group.verdicts)
    sums = " · ".join(
        f'<span class="outcome {KINDS[outcome]}">{SIGNS[outcome]} {counts[outcome]} {OUTCOMES[outcome]}</span>'
        for outcome in ORDER
        if counts[outcome]
    )
    cases, seconds = sum(v.cases for v in group.verdicts), sum(v.seconds for v in group.verdicts)
    worst = worst_error(group.verdicts)
    told = f"{cases:,} cases, {seconds:.1f} s" if cases else ""
    told += f", worst error {worst} of its bound" if worst else ""
    rows = "".join(_row(verdict, document) for verdict in sorted(group.verdicts, key=lambda v: ORDER.index(v.outcome)))
    return (
        f'<details class="rule"><summary><span class="id">{html(group.rules)}</span>'
        f'<span>{html(group.title)} <span class="soft small">{told}</span></span>'
        f'<span class="sums small">{sums}</span></summary>\n<table role="table"><thead role="rowgroup">'
        f'<tr role="row">{HEAD}</tr></thead><tbody role="rowgroup">\n{rows}</tbody></table></details>'
    )


def _row(verdict: Verdict, document: Document) -> str:
    asked = verdict.outcome not in UNASKED
    told = verdict.why or verdict.note
    if verdict.fails and verdict.finding is not None:
        told = next(iter(verdict.finding.problem.splitlines()), "")
    says = f'<span class="says">{html(clipped(document.says.get(verdict.name, ""), 400))}</span>' if asked else ""
    worst = worst_error([verdict])
    gauge = f'<span class="gauge" style="--part:{_part(verdict.worst)}" aria-hidden="true"></span>' if worst else ""
    # The labels are for a phone, where a row is not laid out as one.
    numbers = (("cases", f"{verdict.cases:,}"), ("s", f"{verdict.seconds:.1f}"), ("of the bound", worst))
    cells = "".join(
        f'<td role="cell" class="number" data-label="{label}">{value}{gauge if label == "of the bound" else ""}</td>'
        if value and asked
        else '<td role="cell"></td>'
        for label, value in numbers
    )
    return (
        f'<tr role="row"><td role="cell"><code>{html(verdict.name)}</code> '
        f'<span class="soft small">{html(clipped(verdict.rule, 60))}</span>{says}</td>'
        f'<td role="cell"><span class="outcome {KINDS[verdict.outcome]}">{SIGNS[verdict.outcome]} '
        f"{verdict.outcome}</span>"
        f'<span class="says">{html(clipped(told, 160))}</span></td>{cells}</tr>\n'
    )


def _part(worst: float | None) -> str:
    return f"{min(1.0, max(0.0, worst or 0.0)):.0%}"
