"""A report as one page of HTML that needs nothing else: no network, no font, no script of others."""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from hashlib import sha256
from importlib.resources import files

from fsmn_properties.checks.trial import clipped
from fsmn_properties.findings.account import OUTCOMES, UNASKED
from fsmn_properties.findings.document import Document
from fsmn_properties.findings.finding_html import finding
from fsmn_properties.findings.markup import html
from fsmn_properties.findings.picture import style
from fsmn_properties.findings.rules import Group, grouped
from fsmn_properties.findings.verdict import EXPECTED, FAILS, GAVE_UP, HOLDS, NOT_APPLICABLE, NOT_PROMISED, Verdict

MOST_FINDINGS = 12
"""So many findings are shown; the table of statements names the problems of all."""

SIGNS = {HOLDS: "✓", FAILS: "✗", EXPECTED: "✗", GAVE_UP: "◐", NOT_PROMISED: "○", NOT_APPLICABLE: "○", "incomplete": "◐"}
KINDS = {
    HOLDS: "holds",
    FAILS: "fails",
    EXPECTED: "open",
    GAVE_UP: "open",
    NOT_PROMISED: "left",
    NOT_APPLICABLE: "left",
}


def to_html(document: Document) -> str:
    """Return a report as a page."""
    account = document.account
    styles, script = _part("page.css") + style(), _part("page.js")
    # Text of others could do nothing even if it were taken for markup: only this script runs, and nothing is fetched.
    allowed = b64encode(sha256(script.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{allowed}'; base-uri 'none'"
    target = html(clipped(account.target, 200))
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="color-scheme" content="light dark">',
            f"<title>{target}: {html(document.headline)}</title>",
            f"<style>\n{styles}</style>\n</head>\n<body>\n<header>",
            f'<p class="kicker">FSMN memory block · verification</p>\n<h1 class="mono">{target}</h1>',
            f'<p class="verdict {document.outcome}"><span aria-hidden="true">{SIGNS[document.outcome]}</span>'
            f"<span>{html(document.headline)}</span></p>",
            _tiles(document),
            _facts(document),
            "</header>\n<main>",
            *_findings(document),
            *_statements(document),
            *_limits(document),
            f"</main>\n{_footer(document)}\n<script>{script}</script>\n</body>\n</html>\n",
        ]
    )


def _part(name: str) -> str:
    return (files("fsmn_properties.findings") / name).read_text(encoding="utf-8")


def _tiles(document: Document) -> str:
    verdicts = document.account.verdicts
    tiles = [
        (KINDS[outcome] if n else "", f"{n:,}", OUTCOMES[outcome]) for outcome, n in document.account.counts.items()
    ]
    tiles.append(("", f"{sum(v.cases for v in verdicts):,}", "cases"))
    tiles.append(("", f"{sum(v.seconds for v in verdicts):,.1f} s", "time"))
    bounded = [v.worst for v in verdicts if v.worst is not None]
    if bounded:
        tiles.append(("fails" if max(bounded) > 1 else "", _number(max(bounded)), "worst error / its bound"))
    told = "".join(f'<div class="{kind}"><dt>{label}</dt><dd>{value}</dd></div>' for kind, value, label in tiles)
    return f'<dl class="tiles">{told}</dl>'


def _facts(document: Document) -> str:
    account = document.account
    facts = [("Promise", html(clipped(account.promises, 1000)))]
    if document.interrupted:
        call = f"<pre>{html(clipped(document.call, 2000))}</pre>" if document.call else ""
        facts.append(("Interrupted", f"in <code>{html(document.interrupted)}</code>{call}"))
    left_out = document.left_out
    if left_out:
        told = "".join(f"<li>{n}: <code>{html(clipped(why, 200))}</code></li>" for why, n in left_out.items())
        summary = f"{sum(left_out.values())} statements, for {len(left_out)} reason{'s' * (len(left_out) != 1)}"
        facts.append(("Not asked", f"<details><summary>{summary}</summary><ul>{told}</ul></details>"))
    if account.unasked:
        facts.append(("Not reached", f"{account.unasked} statements were neither selected nor reached"))
    if account.beyond:
        works = sum(each.works for each in account.beyond)
        told = "".join(
            f"<li>{html(clipped(each, 300))}</li>" for each in sorted(account.beyond, key=lambda b: not b.works)
        )
        summary = f"{works} of {len(account.beyond)} things that are not promised work"
        facts.append(("Beyond", f"<details><summary>{summary}</summary><ul>{told}</ul></details>"))
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    return f'<dl class="facts">{rows}</dl>'


def _findings(document: Document) -> list[str]:
    mistakes = document.account.found
    if not mistakes:
        return []
    shown = mistakes[:MOST_FINDINGS]
    parts = ['<section aria-labelledby="findings"><h2 id="findings">Findings</h2>']
    parts += [finding(each, number, len(mistakes)) for number, each in enumerate(shown, 1)]
    if len(shown) < len(mistakes):
        parts.append(f'<p class="soft">Findings that are not shown: {len(mistakes) - len(shown)}.</p>')
    return [*parts, "</section>"]


def _statements(document: Document) -> list[str]:
    groups = grouped(document.account.verdicts)
    if not groups:
        return []
    heading = '<section aria-labelledby="statements"><h2 id="statements">Statements, by rule of the contract</h2>'
    return [heading, *(_group(group, document) for group in groups), "</section>"]


def _group(group: Group, document: Document) -> str:
    counts = Counter(verdict.outcome for verdict in group.verdicts)
    order = [outcome for outcome in (FAILS, EXPECTED, GAVE_UP, HOLDS, NOT_PROMISED, NOT_APPLICABLE) if counts[outcome]]
    sums = " · ".join(
        f'<span class="outcome {KINDS[outcome]}">{SIGNS[outcome]} {counts[outcome]} {OUTCOMES[outcome]}</span>'
        for outcome in order
    )
    cases, seconds = sum(v.cases for v in group.verdicts), sum(v.seconds for v in group.verdicts)
    told = f"{cases:,} cases, {seconds:.1f} s" if cases else ""
    bounded = [v.worst for v in group.verdicts if v.worst is not None]
    told += f", worst error {_number(max(bounded))} of its bound" if bounded else ""
    rows = "".join(_row(verdict, document) for verdict in sorted(group.verdicts, key=lambda v: order.index(v.outcome)))
    return (
        f'<details class="rule"><summary><span class="id">{html(group.rules)}</span>'
        f'<span>{html(group.title)} <span class="soft small">{told}</span></span>'
        f'<span class="sums small">{sums}</span></summary>\n<table><thead><tr><th scope="col">Statement</th>'
        '<th scope="col">Verdict</th><th scope="col" class="wide number">Cases</th>'
        '<th scope="col" class="wide number">Seconds</th>'
        '<th scope="col" class="wide number">Worst error / bound</th></tr>'
        f"</thead><tbody>\n{rows}</tbody></table></details>"
    )


def _row(verdict: Verdict, document: Document) -> str:
    told = verdict.why or verdict.note
    if verdict.fails and verdict.finding is not None:
        told = next(iter(verdict.finding.problem.splitlines()), "")
    says = html(clipped(document.says.get(verdict.name, ""), 400))
    asked = verdict.outcome not in UNASKED
    cases, seconds = (f"{verdict.cases:,}", f"{verdict.seconds:.1f}") if asked else ("", "")
    meta = f"{cases} cases · {seconds} s" + (
        f" · worst error {_number(verdict.worst)} of its bound" if verdict.worst is not None else ""
    )
    worst = "" if verdict.worst is None else f"{_number(verdict.worst)}{_gauge(verdict.worst)}"
    return (
        f'<tr><td><code>{html(verdict.name)}</code> <span class="soft small">{html(verdict.rule)}</span>'
        f'<span class="says">{says}</span>{f"<span class=meta>{meta}</span>" if asked else ""}</td>'
        f'<td><span class="outcome {KINDS[verdict.outcome]}">{SIGNS[verdict.outcome]} {verdict.outcome}</span>'
        f'<span class="says">{html(clipped(told, 160))}</span></td>'
        f'<td class="wide number">{cases}</td><td class="wide number">{seconds}</td>'
        f'<td class="wide number">{worst}</td></tr>\n'
    )


def _number(worst: float) -> str:
    return f"{worst:.2f}" if worst < 1000 else f"{worst:.0e}"


def _gauge(worst: float) -> str:
    return f'<span class="worst" style="--part:{min(1.0, max(0.0, worst)):.0%}" aria-hidden="true"></span>'


def _limits(document: Document) -> list[str]:
    limits = "".join(f"<li>{html(each)}</li>" for each in document.not_checked)
    heading = '<section aria-labelledby="limits"><h2 id="limits">Not checked in any run</h2>'
    return [heading, f"<ul>{limits}</ul></section>"]


def _footer(document: Document) -> str:
    told = " · ".join(f"{name} {value}" for name, value in document.versions.items())
    return f"<footer><p>{html(document.written)} · {html(clipped(told, 300))}</p></footer>"
