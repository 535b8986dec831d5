"""Examining a failure: whether it fails each time, its smallest case, where round that it shows, and a script."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from hypothesis.errors import Flaky, FlakyFailure

from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.checks.trial import Call, Violation
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import Drawn, shrink
from fsmn_properties.runs.fresh import shown_in_a_fresh_process
from fsmn_properties.runs.fuzz.asking import Asks, Failure
from fsmn_properties.runs.fuzz.buckets import AT_TIMES, Buckets, key_of
from fsmn_properties.runs.fuzz.corpus import Kept
from fsmn_properties.runs.fuzz.region import facts_of, region_of
from fsmn_properties.runs.fuzz.sources import IN_BLOCK, Made, again, form_named, source_of
from fsmn_properties.targets.target import Target

SHRINKING = 2.0
"""Seconds of shrinking."""

AGAIN = 3
"""So often must a case fail that is taken to fail always."""

MANY, MEASURING = 1500, 2.0
"""Times and seconds of asking again about what fails at times."""


class Examiner:
    """Examines failures of one target.

    Parameters
    ----------
    target : Target
        The target, as scripts get hold of it.
    asks : Asks
        What asks about it.
    buckets : Buckets
        What is known: a case is not shrunk into another bug.
    """

    def __init__(self, target: Target, asks: Asks, buckets: Buckets) -> None:
        self.target, self.asks, self.buckets = target, asks, buckets
        self.promises: Promises = target.promises

    def fails_each_time(self, statement: Statement, made: Made, failure: Failure) -> bool:
        """Return whether a case fails again and again in the same way."""
        found = (self.asks.ask(statement, made.case) for _ in range(AGAIN))
        return all(each is not None and each.symptom == failure.symptom for each in found)

    def examined(
        self,
        statement: Statement,
        made: Made,
        failure: Failure,
        before: Sequence[Call] = (),
        seconds: float = SHRINKING,
    ) -> Kept:
        """Return what is kept of a failure that occurs each time."""
        smallest, failure = self.shrunk(statement, made, failure, seconds)
        region = region_of(self.asks, statement, smallest, failure.symptom, self.promises)
        told = self.asks.told(statement, smallest.case)
        if told is not None and told.symptom == failure.symptom:
            failure = told
        note = ""
        if failure.script and self.target.reachable and not failure.dies:
            script, note = shown_in_a_fresh_process(self.target, failure.script, failure.script, before)
            failure = replace(failure, script=script)
        kept = kept_of(smallest, replace(failure, problem=failure.problem + note))
        return replace(kept, region=region.as_data(), whole=True)

    def at_times(self, statement: Statement, made: Made, failure: Failure, before: Sequence[Call]) -> Kept:
        """Return what is kept of a failure that does not occur each time, with how often it does."""
        end, count, failed, told = time.monotonic() + MEASURING, 0, 0, None
        while count < MANY and time.monotonic() < end:
            found = self.asks.told(statement, made.case) if failed < 1 else self.asks.ask(statement, made.case)
            count += 1
            if found is not None:
                failed, told = failed + 1, told or found
        failure = told or failure
        script, note = failure.script, ""
        if failed == 0 and self.target.reachable and script:
            script, note = shown_in_a_fresh_process(self.target, script, script, before)
        kept = kept_of(made, replace(failure, script=script, problem=failure.problem + note))
        return replace(kept, kind=AT_TIMES, flaky=f"{failed} of {count} times when asked again", whole=True)

    def shrunk(self, statement: Statement, made: Made, failure: Failure, seconds: float) -> tuple[Made, Failure]:
        """Return the smallest case found that fails in the same way and is in no other bucket."""
        if made.origin.source == IN_BLOCK:
            made = again(made.origin, self.promises) or made
        source, form = source_of(made.origin), form_named(made.origin.form)
        smallest, end = (made, failure), time.monotonic() + seconds
        if source is None:
            return smallest
        key = key_of(failure.symptom, dies=failure.dies)

        def fails(drawn: Drawn) -> None:
            nonlocal smallest
            if time.monotonic() > end or drawn.picks is None:
                return
            smaller = again(made.origin._replace(picks=drawn.picks), self.promises)
            if smaller is None or self.buckets.of(key, facts_of(smaller)) is not None:
                return
            found = self.asks.ask(statement, smaller.case)
            if found is not None and key_of(found.symptom, dies=found.dies) == key:
                smallest = smaller, found
                raise Violation(found.problem)

        _quietly(lambda: shrink(source, form, self.promises, made.origin.picks, fails))
        return smallest


def kept_of(made: Made, failure: Failure) -> Kept:
    """Return what the corpus keeps of a failure."""
    symptom = failure.symptom
    return Kept(
        *(symptom.statement, symptom.function, symptom.result, symptom.kind),
        origin=made.origin.as_data(),
        problem=failure.problem,
        case=made.case.outline(),
        script=failure.script,
        dies=failure.dies,
        facts=facts_of(made).as_data(),
    )


def _quietly(shrinks: Callable[[], None]) -> None:
    with suppress(Violation, Flaky, FlakyFailure):  # what counts is the last case that failed
        shrinks()
