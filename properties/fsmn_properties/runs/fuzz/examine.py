"""Examining a failure: whether it fails each time, its smallest case, where round that it shows, and a script."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from hypothesis.errors import Flaky, FlakyFailure

from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.within import outside
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.checks.trial import Call
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import Drawn, shrink
from fsmn_properties.runs.fresh import shown_in_a_fresh_process
from fsmn_properties.runs.fuzz.asking import Asks, Failure
from fsmn_properties.runs.fuzz.buckets import AT_TIMES, Buckets, key_of
from fsmn_properties.runs.fuzz.corpus import Kept
from fsmn_properties.runs.fuzz.limits import timer
from fsmn_properties.runs.fuzz.region import facts_of, region_of
from fsmn_properties.runs.fuzz.shrinking import shrunk
from fsmn_properties.runs.fuzz.sources import IN_BLOCK, Made, Origin, again, form_named, source_of
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
        return replace(kept, regions=[region.as_data()], whole=True)

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
        smallest, over = (made, failure), timer(seconds)
        key = key_of(failure.symptom, dies=failure.dies)

        def fails(smaller: Made | None) -> bool:
            nonlocal smallest
            if smaller is None or self.buckets.of(key, facts_of(smaller)) is not None:
                return False
            found = self.asks.ask(statement, smaller.case)
            if found is None or key_of(found.symptom, dies=found.dies) != key:
                return False
            smallest = smaller, found
            return True

        if made.recipe is not None:
            shrunk(made.recipe, lambda recipe: fails(self._made(recipe, made.origin)), over)
        else:
            self._by_hypothesis(made.origin, fails, over)
        return smallest

    def _made(self, recipe: Recipe, origin: Origin) -> Made | None:
        made = again(origin._replace(made=repr(recipe)), self.promises)
        if made is None or (not self.promises.is_whole and outside(made.case, self.promises)):
            return None
        return made

    def _by_hypothesis(self, origin: Origin, fails: Callable[[Made | None], bool], over: Callable[[], bool]) -> None:
        source = source_of(origin)
        if source is None or not origin.picks:
            return

        def asked(drawn: Drawn) -> None:
            if drawn.picks is not None and not over():
                assert not fails(again(origin._replace(picks=drawn.picks), self.promises))

        # What counts is the last case that failed.
        with suppress(AssertionError, Flaky, FlakyFailure):
            shrink(source, form_named(origin.form), self.promises, origin.picks, asked)


def kept_of(made: Made, failure: Failure) -> Kept:
    """Return what the corpus keeps of a failure."""
    symptom = failure.symptom
    return Kept(
        *(symptom.statement, symptom.function, symptom.result, symptom.kind),
        origin=made.origin._replace(made=repr(made.recipe) if made.recipe else "").as_data(),
        problem=failure.problem,
        case=made.case.outline(),
        script=failure.script,
        dies=failure.dies,
        facts=facts_of(made).as_data(),
    )
