"""How a run of the fuzzer tells of itself: a live line on a terminal, a line a minute in a log, and the summary."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TextIO

from fsmn_properties.checks.trial import clipped
from fsmn_properties.runs.fuzz.buckets import Bucket
from fsmn_properties.runs.fuzz.ledger import Ledger

LIVE, LOGGED = 0.5, 60.0
"""Seconds between two lines, on a terminal and in a log."""

SHOWN = 8
"""So many findings are shown with their scripts, unless all are asked for."""


def line(ledger: Ledger, minutes: float, depth: int) -> str:
    """Return how far a run is, in a line."""
    rate = ledger.totals.asked / max(minutes * 60, 1e-9)
    return (
        f"{minutes:.1f} min: {rate:,.0f} statement-cases a second, {ledger.pairs:,} pairs and {ledger.triples:,} "
        f"triples of features, depth {depth}, {_findings(len(ledger.entries))}"
    )


def _findings(count: int) -> str:
    return f"{count} finding{'' if count == 1 else 's'}"


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


class Progress:
    """Tells how far a run is.

    Parameters
    ----------
    stream : TextIO
        Where to.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._live = stream, stream.isatty()
        self._last, self._minute = time.monotonic(), time.monotonic()

    def tell(self, ledger: Ledger, minutes: float, depth: int) -> bool:
        """Write a line if it is time to, and return whether a minute is over."""
        now = time.monotonic()
        over = now >= self._minute + LOGGED
        if self._live and now >= self._last + LIVE:
            self._last = now
            self._stream.write(f"\r\x1b[K{clipped(line(ledger, minutes, depth), 150)}")
            self._stream.flush()
        elif over and not self._live:
            self._stream.write(f"{line(ledger, minutes, depth)}\n")
            self._stream.flush()
        if over:
            self._minute = now
        return over

    def end(self) -> None:
        """Leave the live line."""
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def summary(ledger: Ledger, name: str, minutes: float, workers: int, corpus: str, *, everything: bool) -> Iterator[str]:
    """Yield the account of a run.

    Parameters
    ----------
    ledger : Ledger
        Its books.
    name, minutes, workers, corpus
        What was fuzzed, how long, by how many processes, and where findings are kept.
    everything : bool
        Whether all scripts are shown.
    """
    entries = ledger.entries
    for place, (bucket, others) in enumerate(entries):
        yield from _entry(bucket, others, ledger.totals.calls, script=everything or place < SHOWN)
    if len(entries) > SHOWN and not everything:
        yield f"findings shown without a script: {len(entries) - SHOWN} (-v prints all scripts)\n"
    for statement in sorted(ledger.silent):
        yield f"not asked to the end: {statement}, which ended too many processes"
    yield from ledger.remarks
    totals = ledger.totals
    if totals.replayed:
        yield f"replayed from the corpus: {totals.replayed}, of which {totals.holding} hold by now"
    if totals.replaced:
        yield f"workers replaced: {totals.replaced}"
    rate = totals.asked / max(minutes * 60, 1e-9)
    yield (
        f"{name}: {_findings(len(entries))} in {minutes:.1f} min; {totals.cases:,} cases, {totals.asked:,} "
        f"statement-cases, {rate:,.0f} a second ({rate / max(1, workers):,.0f} a process), {totals.calls:,} calls; "
        f"{ledger.pairs:,} pairs and {ledger.triples:,} triples of features; {totals.sequences:,} position "
        f"sequences enumerated; corpus: {corpus}"
    )


def _entry(bucket: Bucket, others: list[Bucket], calls: int, *, script: bool) -> Iterator[str]:
    kept = bucket.kept
    yield f"{kept.statement} fails"
    yield clipped(kept.problem, 600)
    seen = sum(each.seen for each in (bucket, *others))
    times = f"Seen {seen:,} times in {calls:,} calls" if seen else "Replayed from the corpus"
    yield times + (f"; fails {kept.flaky}" if kept.flaky else "")
    if others:
        names = [*dict.fromkeys(each.symptom.statement for each in others)]
        yield f"Also fails, for such cases: {', '.join(names[:SHOWN])}{_more(len(names) - SHOWN)}"
    if not kept.whole:
        yield "Not examined before the run ended; the next run asks again"
    if kept.case:
        yield f"Case: {kept.case}"
    if script and kept.script:
        yield from ("", *kept.script.rstrip().splitlines())
    yield ""
