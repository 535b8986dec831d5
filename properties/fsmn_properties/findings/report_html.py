"""A report as one page of HTML that needs nothing else: no network, no font, no script of others."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from fsmn_properties.checks.trial import clipped
from fsmn_properties.findings.account import OUTCOMES
from fsmn_properties.findings.document import Document
from fsmn_properties.findings.finding_html import finding
from fsmn_properties.findings.markup import html
from fsmn_properties.findings.picture import style
from fsmn_properties.findings.statements_html import KINDS, SIGNS, statements, worst_error

MOST_FINDINGS = 12
"""So many findings are shown; the table of statements names the problems of all."""


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
            f'<p class="verdict {document.outcome}"><span aria-hidden="true">{SIGNS.get(document.outcome, "◐")}</span>'
            f"<span>{html(document.headline)}</span></p>",
            _tiles(document),
            _facts(document),
            "</header>\n<main>",
            *_findings(document),
            *statements(document),
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
    worst = worst_error(verdicts)
    if worst:
        tiles.append(("fails" if float(worst) > 1 else "", worst, "worst error / its bound"))
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


def _limits(document: Document) -> list[str]:
    limits = "".join(f"<li>{html(each)}</li>" for each in document.not_checked)
    heading = '<section aria-labelledby="limits"><h2 id="limits">Not checked in any run</h2>'
    return [heading, f"<ul>{limits}</ul></section>"]


def _footer(document: Document) -> str:
    told = " · ".join(f"{name} {value}" for name, value in document.versions.items())
    return f"<footer><p>{html(document.written)} · {html(clipped(told, 300))}</p></footer>"
