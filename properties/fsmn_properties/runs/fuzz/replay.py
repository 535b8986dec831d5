"""Asking again about what is known: what the corpus has, and what a worker died of."""

from __future__ import annotations

from dataclasses import replace

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.checks.trial import Call, body
from fsmn_properties.runs.fuzz.asking import OUT_OF_MEMORY, Asker, Asks, Failure, Symptom
from fsmn_properties.runs.fuzz.buckets import Buckets, key_of
from fsmn_properties.runs.fuzz.corpus import SUSPECT, Kept
from fsmn_properties.runs.fuzz.examine import SHRINKING, Examiner, kept_of
from fsmn_properties.runs.fuzz.forking import CAN_FORK, ForkingAsker
from fsmn_properties.runs.fuzz.sources import Made, Origin, again
from fsmn_properties.runs.run import Plan
from fsmn_properties.targets.target import Target

SHRINKING_HANGS, HANGING = 4.0, 1.0
"""Seconds of shrinking what hangs, and of a call that hangs meanwhile."""

OFTEN, FOR = 1000, 2.0
"""Times and seconds of asking again about what fails at times, or takes memory."""

WARM = 20
"""After so many times, what memory grows by is not what a process takes once."""

LEAKING = 0.05
"""Megabytes a time by which memory grows if it is not given back."""


def replayed(target: Target, kept: Kept, seconds: float, buckets: Buckets) -> tuple[Kept, bool]:
    """Return what is to be kept of a finding, and whether it holds by now.

    Parameters
    ----------
    target : Target
        The target, which this process has not called yet.
    kept : Kept
        The finding.
    seconds : float
        How long a call may take.
    buckets : Buckets
        What is known besides.
    """
    statement = next((each for each in CATALOGUE if each.name == kept.statement), None)
    made = again(Origin.of_data(kept.origin), target.promises)
    if statement is None or made is None or statement.not_promised(target):
        return kept, True
    asks: Asks = ForkingAsker(target, seconds) if CAN_FORK else Asker(target, Plan())
    failure = asks.ask(statement, made.case)
    if failure is None:
        return _often(asks, statement, made, kept, target)
    if kept.whole and key_of(failure.symptom, dies=failure.dies)[-1] == kept.kind:
        return kept, False
    return _examined(target, asks, statement, made, failure, buckets), False


def _examined(target: Target, asks: Asks, statement: Statement, made: Made, failure: Failure, buckets: Buckets) -> Kept:
    longest = SHRINKING
    if failure.symptom.kind == "hang" and isinstance(asks, ForkingAsker):
        asks, longest = ForkingAsker(target, min(HANGING, asks.seconds)), SHRINKING_HANGS
    return Examiner(target, asks, buckets).examined(statement, made, failure, (), longest)


def _often(asks: Asks, statement: Statement, made: Made, kept: Kept, target: Target) -> tuple[Kept, bool]:
    """Return what is to be kept of a finding that did not fail when it was asked about once."""
    if not isinstance(asks, ForkingAsker):
        return kept, True
    often = asks.often(statement, made.case, OFTEN, FOR)
    if kept.kind == OUT_OF_MEMORY and often.times >= WARM and often.megabytes > LEAKING * often.times:
        return _leaking(target, statement, made, kept, often.megabytes / often.times), False
    # What ended a process once is not forgotten; a call that is slow once is no hang if the machine was busy.
    ended = kept.dies and not kept.whole and kept.kind not in {SUSPECT, "hang", OUT_OF_MEMORY}
    if often.failed or ended or not often.times:
        times = f"{often.failed} of {often.times} times" if often.times else "after a while"
        return replace(kept, flaky=f"{times} when asked again", whole=True), False
    return kept, True


def _leaking(target: Target, statement: Statement, made: Made, kept: Kept, megabytes: float) -> Kept:
    """Return the finding of calls that do not give their memory back."""
    form = statement.form
    calls = [Call(made.case, function) for function in target.functions_of(form)]
    lines = ["import numpy as np", "import resource", target.python, ""]
    lines += [body(target, calls[:1], ()), "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss"]
    lines += ["for _ in range(200):", *(f"    {line}" for line in body(target, calls, ()).splitlines())]
    lines += ["grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before"]
    lines += [f"assert grown < {int(megabytes * 100 * 1024)}, f'{{grown}} KiB more after 200 calls'"]
    text = "\n".join([*(["from fsmn_properties import made"] if any("made(" in x for x in lines) else []), *lines, ""])
    problem = f"memory grows by {megabytes:.2g} MB with each repetition: calls do not give theirs back"
    found = kept_of(made, Failure(Symptom(kept.statement, kept.function, "", OUT_OF_MEMORY), problem, text))
    return replace(found, whole=True)
