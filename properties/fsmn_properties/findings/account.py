"""The account of a run as text: what holds, what fails and how it shows, what was not asked, and what works besides."""

from __future__ import annotations

from dataclasses import dataclass

from fsmn_properties.checks.trial import clipped
from fsmn_properties.contract.promises import Promises
from fsmn_properties.findings.mistake import Mistake
from fsmn_properties.findings.verdict import (
    EXPECTED,
    FAILS,
    GAVE_UP,
    HOLDS,
    NOT_APPLICABLE,
    NOT_PROMISED,
    Finding,
    Verdict,
)

NOT_CHECKED = (
    "payloads of NaN and signs of zero, which the contract leaves open",
    "calls from several threads, about which the contract says nothing",
    "more than 70,000 frames, 2049 channels or 260 taps, which would take too long",
)
SHOWN = 4
"""So many mistakes are shown with their scripts, unless all are asked for."""

LISTED = 12
"""So many are told at all."""

WIDEST = 110


@dataclass(frozen=True)
class Beyond:
    """What was tried beyond the promise.

    Parameters
    ----------
    what : str
        What is not promised, as in `float64`.
    works : bool
        Whether it works all the same.
    why : str
        What speaks against it, if it does not.
    """

    what: str
    works: bool
    why: str = ""

    def __str__(self) -> str:
        return f"works: {self.what}" if self.works else f"fails: {self.what} ({self.why})"


@dataclass(frozen=True)
class Account:
    """The verdicts of a run, and what they are about.

    Parameters
    ----------
    target : str
        The name of the target.
    promises : Promises
        What it promises.
    verdicts : tuple of Verdict
        What became of each statement.
    beyond : tuple of Beyond
        What was tried beyond the promise.
    unasked : int
        How many statements were neither selected nor reached.
    mistakes : tuple of Mistake
        The findings of the verdicts, those with the same reason as one.
    """

    target: str
    promises: Promises
    verdicts: tuple[Verdict, ...]
    beyond: tuple[Beyond, ...] = ()
    unasked: int = 0
    mistakes: tuple[Mistake, ...] = ()

    def __post_init__(self) -> None:
        # A statement about an effort that nobody promised is about nothing.
        asked = tuple(v for v in self.verdicts if v.why != "seconds_per_call=None")
        object.__setattr__(self, "verdicts", asked)

    def lines(self, *, everything: bool = False) -> list[str]:
        """Return the account; `everything` shows the table beside failures, and the scripts of all of them."""
        # What fails fits on a screen: beside it, statements that hold say little.
        folded = bool(self.found) and not everything
        table = [] if folded else self._table()
        return [*table, *self._findings(everything=everything), *self._summary(everything=everything, folded=folded)]

    @property
    def counts(self) -> dict[str, int]:
        """How many statements have each outcome; those that hold and fail even if there are none."""
        counts = {outcome: sum(v.outcome == outcome for v in self.verdicts) for outcome in OUTCOMES}
        return {outcome: n for outcome, n in counts.items() if n or outcome in {HOLDS, FAILS}}

    @property
    def totals(self) -> str:
        """The counts, cases and seconds in a line."""
        told = ", ".join(f"{n} {outcome if n == 1 else OUTCOMES[outcome]}" for outcome, n in self.counts.items())
        cases, seconds = sum(v.cases for v in self.verdicts), sum(v.seconds for v in self.verdicts)
        sequences = sum(v.sequences for v in self.verdicts)
        enumerated = f", {sequences:,} position sequences enumerated" if sequences else ""
        return f"{len(self.verdicts)} statements: {told}; {cases:,} cases{enumerated} in {seconds:.1f} s"

    def _table(self) -> list[str]:
        asked = [v for v in self.verdicts if v.outcome not in UNASKED]
        width = max((len(verdict.name) for verdict in asked), default=0)
        return [_row(verdict, width) for verdict in asked]

    def _findings(self, *, everything: bool) -> list[str]:
        lines: list[str] = []
        of = f" of {len(self.found)}" if len(self.found) > 1 else ""
        for number, mistake in enumerate(self.found, 1):
            shown = everything or number <= SHOWN
            head = [f"mistake {number}{of}"] if of else []
            if shown:
                lines += ["", *head, *told(mistake, everything=everything)]
            elif number <= LISTED:
                lines += ["", f"{head[0]}: {clipped(_headline(mistake), WIDEST)}, seen by {_statements(mistake)}"]
        if len(self.found) > SHOWN and not everything:
            hidden = len(self.found) - LISTED
            more = f" {hidden} more mistakes;" if hidden > 0 else ""
            lines += ["", f"not shown:{more} scripts of all but the first {SHOWN} (-v shows all)"]
        return lines

    @property
    def found(self) -> tuple[Mistake, ...]:
        """The mistakes; each failure is one, if nobody looked for its reason."""
        seen = {name for each in self.mistakes for name in each.statements}
        alone = [v.finding for v in self.verdicts if v.fails and v.finding is not None and v.name not in seen]
        # The smallest scripts first: they say most.
        alone.sort(key=lambda finding: len(finding.script))
        return (*self.mistakes, *(Mistake(finding, (finding.statement,)) for finding in alone))

    def _summary(self, *, everything: bool, folded: bool) -> list[str]:
        lines = ["", f"{self.target} promises {self.promises}"]
        reasons = list(dict.fromkeys((v.outcome, v.why) for v in self.verdicts if v.outcome in UNASKED))
        unpromised = [reason for reason in reasons if reason[0] == NOT_PROMISED]
        if folded and len(unpromised) > 1:
            asked = sum(v.outcome == NOT_PROMISED for v in self.verdicts)
            lines.append(f"not asked: {asked} statements, for {len(unpromised)} reasons (-v lists them)")
            reasons = [reason for reason in reasons if reason not in unpromised]
        for outcome, why in reasons:
            names = [v.name for v in self.verdicts if (v.outcome, v.why) == (outcome, why)]
            told = ", ".join(names if everything or len(names) < 4 else [*names[:3], f"{len(names) - 3} more"])
            lines.append(f"{UNASKED[outcome]} ({why}): {told}")
        if folded and self.beyond:
            works = sum(each.works for each in self.beyond)
            lines.append(f"beyond the promise: {works} works, {len(self.beyond) - works} fails (-v lists them)")
        else:
            lines += [f"beyond the promise, it {each}" for each in self.beyond]
        if self.unasked:
            total = self.unasked + len(self.verdicts)
            lines.append(f"not selected or not reached: {self.unasked} of {total} statements")
        lines += [] if folded else [f"not checked: {what}" for what in NOT_CHECKED]
        lines.append(self.totals)
        return lines


UNASKED = {NOT_PROMISED: "not asked", NOT_APPLICABLE: "not applicable"}
"""Outcomes of statements about which no question was put, as the account says it."""

OUTCOMES = {
    HOLDS: "hold",
    FAILS: "fail",
    EXPECTED: "fail as expected",
    NOT_PROMISED: "not promised",
    NOT_APPLICABLE: "not applicable",
    GAVE_UP: "gave up",
}
"""Outcomes, as they are said of several statements."""


def _row(verdict: Verdict, width: int) -> str:
    word = FAILS.upper() if verdict.fails else verdict.outcome
    told = verdict.why or verdict.note
    if verdict.fails and verdict.finding is not None:
        told = verdict.finding.problem.splitlines()[0]
    told = f": {clipped(told, WIDEST)}" if told else ""
    return f"{verdict.name:{width}}  {verdict.cases:7,} cases  {verdict.seconds:6.1f} s  {word}{told}"


def text(finding: Finding) -> list[str]:
    """Return a finding as lines: the statement, the rule, what is wrong, and the script."""
    head = f"{finding.statement} fails (contract, {finding.rule})"
    lines = [head, finding.says, clipped(finding.problem, 600)]
    if finding.case:
        lines.append(f"Case: {finding.case}")
    return [*lines, "", *finding.script.rstrip().splitlines()] if finding.script else lines


def told(mistake: Mistake, *, everything: bool = False) -> list[str]:
    """Return a mistake as lines: what the target does instead, and what shows it."""
    count = len(mistake.statements)
    seen = [] if count == 1 else [f"seen by {_statements(mistake)}{'' if everything else ' (-v lists them)'}"]
    if everything and count > 1:
        seen += [f"  {name}" for name in mistake.statements]
    sentences = [clipped(sentence, 400) for sentence in mistake.sentences]
    known = [f"known: {mistake.known}"] if mistake.known else []
    return [*sentences, *known, *text(mistake.finding), *([""] if mistake.finding.script else []), *seen]


def _statements(mistake: Mistake) -> str:
    count = len(mistake.statements)
    return mistake.statements[0] if count == 1 else f"{count} statements"


def _headline(mistake: Mistake) -> str:
    return mistake.sentences[0] if mistake.sentences else mistake.finding.problem.splitlines()[0]
