"""A report as Markdown, short enough for the summary of a CI job."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fsmn_properties.checks.trial import clipped
from fsmn_properties.findings.document import Document
from fsmn_properties.findings.markup import visible
from fsmn_properties.findings.mistake import Mistake
from fsmn_properties.findings.verdict import EXPECTED, FAILS, GAVE_UP, HOLDS

LONGEST = 8_000
"""Characters; what does not fit is left out and counted."""

MOST_FINDINGS = 5
LONGEST_SCRIPT = 2_500
SIGNS = {HOLDS: "✅", FAILS: "❌", "incomplete": "⚠️"}


def to_markdown(document: Document) -> str:
    """Return a report as Markdown."""
    account = document.account
    head = [
        f"## {SIGNS[document.outcome]} {code(clipped(account.target, 120))}: {document.headline}",
        account.totals,
        f"Promise: {code(clipped(account.promises, 300))}",
    ]
    if document.interrupted:
        head.append(f"Interrupted in {code(document.interrupted)}.")
    text, left = "\n\n".join(head), 0
    for block in [*_findings(document), *_rest(document)]:
        if len(text) + len(block) > LONGEST:
            left += 1
        else:
            text += f"\n\n{block}"
    if left:
        text += "\n\nShortened; a report in .html or .json has the rest."
    return text + "\n"


def _findings(document: Document) -> Iterator[str]:
    mistakes = document.account.found
    for number, mistake in enumerate(mistakes[:MOST_FINDINGS], 1):
        yield _finding(mistake, number)
    more = [mistake.finding for mistake in mistakes[MOST_FINDINGS:]]
    if more:
        lines = [f"- {code(each.statement)}: {code(clipped(each.problem, 120))}" for each in more]
        shown = lines[:20]
        more_still = [f"- and {len(lines) - len(shown)} more"] if len(shown) < len(lines) else []
        yield "\n".join(["### Further findings", "", *shown, *more_still])


def _finding(mistake: Mistake, number: int) -> str:
    found = mistake.finding
    heading = mistake.sentences[0] if mistake.sentences else found.statement
    lines = [f"### {number}. {plain(clipped(heading, 300))}"]
    lines += [plain(clipped(sentence, 300)) for sentence in mistake.sentences[1:4]]
    lines.append(code(clipped(found.problem, 300)))
    lines.append(f"{plain(clipped(found.says, 300))} (contract, {plain(found.rule)})")
    if mistake.known:
        lines.append(f"Known: {plain(clipped(mistake.known, 300))}")
    if len(mistake.statements) > 1:
        first = ", ".join(code(name) for name in mistake.statements[:3])
        more = len(mistake.statements) - 3
        lines.append(f"Seen by {len(mistake.statements)} statements: {first}{f' and {more} more' if more > 0 else ''}.")
    if found.script and len(found.script) <= LONGEST_SCRIPT:
        # Without its blank lines before and after, the fence is part of the HTML and no fence.
        lines.append(f"<details><summary>Script</summary>\n\n{fenced(found.script)}\n\n</details>")
    return "\n\n".join(lines)


def _rest(document: Document) -> Iterator[str]:
    account = document.account
    for outcome, title in ((EXPECTED, "Failures that are expected"), (GAVE_UP, "Gave up")):
        some = [verdict for verdict in account.verdicts if verdict.outcome == outcome]
        if some:
            lines = [f"- {code(each.name)}: {plain(clipped(each.why, 120))}" for each in some[:10]]
            lines += [f"- and {len(some) - 10} more"] if len(some) > 10 else []
            yield "\n".join([f"### {title}", "", *lines])
    left_out = document.left_out
    if left_out:
        lines = [f"- {n}: {code(clipped(why, 100))}" for why, n in left_out.items()]
        summary = f"{sum(left_out.values())} statements were not asked"
        yield "\n".join([f"<details><summary>{summary}</summary>", "", *lines[:30], "", "</details>"])
    if account.beyond:
        yield "\n".join(f"- Beyond the promise, it {plain(clipped(each, 150))}" for each in account.beyond[:12])


def plain(text: object) -> str:
    """Return a text as Markdown that is nothing but text."""
    return re.sub(
        r"[\\`*{}\[\]<>#|~&$]|(?<!\w)_|_(?!\w)|^[-+]|^\d+(?=[.)])", lambda mark: _escaped(mark[0]), _line(text)
    )


def _escaped(mark: str) -> str:
    return f"{mark}\u200b" if mark.isdigit() else f"\\{mark}"


def code(text: object) -> str:
    """Return a text as code within a line."""
    told = _line(text) or " "
    ticks = "`" * (1 + max(map(len, re.findall("`+", told)), default=0))
    room = " " if told.startswith("`") or told.endswith("`") else ""
    return f"{ticks}{room}{told}{room}{ticks}"


def fenced(text: str) -> str:
    """Return a text as a block of Python."""
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}python\n{visible(text).rstrip()}\n{ticks}"


def _line(text: object) -> str:
    return " ".join(visible(text).split())
