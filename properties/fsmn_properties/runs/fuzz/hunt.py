"""Asking statements about cases, and what becomes of those that fail."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.checks.trial import Call
from fsmn_properties.runs.fuzz.asking import OUT_OF_MEMORY, Asker, Failure, of_stream
from fsmn_properties.runs.fuzz.buckets import AT_TIMES, Bucket, Buckets, key_of
from fsmn_properties.runs.fuzz.corpus import Corpus, Kept
from fsmn_properties.runs.fuzz.examine import SHRINKING, Examiner, kept_of
from fsmn_properties.runs.fuzz.journal import Journal
from fsmn_properties.runs.fuzz.limits import watched
from fsmn_properties.runs.fuzz.masks import Masks
from fsmn_properties.runs.fuzz.messages import Found, News
from fsmn_properties.runs.fuzz.region import facts_of
from fsmn_properties.runs.fuzz.sources import Made, text_of
from fsmn_properties.runs.run import Plan
from fsmn_properties.targets.target import Target

EXAMINING = 0.5
"""The share of its time that a worker examines failures for, at most."""

AVERAGED = 50
"""Over so many cases it is averaged how long a statement takes."""

HURRIED = 0.2
"""Seconds of shrinking if the same function fails for such cases in another statement."""


class OutOfMemoryError(Exception):
    """The process has no memory left, and should be replaced."""


@dataclass
class Left:
    """A failure that is left to be examined."""

    bucket: Bucket
    statement: Statement
    made: Made
    failure: Failure
    before: Sequence[Call]
    seconds: float


class Hunt:
    """Asks about cases of one target, and keeps what fails.

    Parameters
    ----------
    target : Target
        The target.
    seconds : float
        How long a call may take.
    corpus : Corpus
        Where everything is kept at once.
    journal : Journal
        Where it is written down what is asked next.
    tell : callable
        Takes what was found.
    name : str
        How the names of buckets begin.
    """

    def __init__(
        self,
        target: Target,
        seconds: float,
        corpus: Corpus,
        journal: Journal,
        tell: Callable[[Found], None],
        name: str,
    ) -> None:
        self.buckets, self.news, self.left = Buckets(), News(), deque[Left]()
        self.silent, self.costs = frozenset[str](), dict[str, float]()
        self.unknown: set[str] = set()
        self._corpus, self._journal, self._tell, self._name = corpus, journal, tell, name
        self._plan = Plan()
        self._masks = Masks(watched(target, seconds, self))
        self._asker = Asker(self._masks.whole, self._plan, self)
        self._examiner = Examiner(target, self._asker, self.buckets)
        self._begun, self._spent, self._count = time.monotonic(), 0.0, 0

    def enter(self, function: int) -> None:
        """Write down that a function is called."""
        self.news.calls += 1
        self._journal.enter(function)

    def leave(self) -> None:
        """Write down that it returned."""
        self._journal.leave()

    def case(self, made: Made, statements: Sequence[Statement]) -> None:
        """Ask statements about a case."""
        self.news.cases += 1
        self.news.sequences += made.case.sequences
        self._journal.case(text_of(made.origin))
        deadly = self.buckets.deadly(lambda: facts_of(made))
        for statement in statements:
            if statement.name not in self.silent:
                started = time.perf_counter()
                self._ask(statement, made, deadly)
                cost = self.costs.get(statement.name, 0.0)
                self.costs[statement.name] = cost + (time.perf_counter() - started - cost) / AVERAGED
        self._journal.idle()

    def _ask(self, statement: Statement, made: Made, left_out: frozenset[str]) -> None:
        """Ask a statement, and again without what failed: a wrong result does not hide what is wrong with another."""
        while (target := self._masks.without(left_out, statement)) is not None:
            self._asker.target, before = target, tuple(self._plan.recent)
            self._journal.statement(statement.name)
            self.news.asked += 1
            failure = self._asker.ask(statement, made.case)
            if failure is None:
                break
            self._failed(statement, made, failure, before)
            fails = failure.symptom.result or failure.symptom.function
            if not fails or fails in left_out or of_stream(statement):
                break
            left_out |= {fails}
        self._asker.target = self._masks.whole

    def _failed(self, statement: Statement, made: Made, failure: Failure, before: Sequence[Call]) -> None:
        facts = facts_of(made)
        known = self.buckets.of(key_of(failure.symptom, dies=False), facts)
        if failure.symptom.kind == OUT_OF_MEMORY:
            if known is None:
                self._keep(replace(kept_of(made, failure), dies=True))
            raise OutOfMemoryError
        at_times = known is None and not self._examiner.fails_each_time(statement, made, failure)
        if at_times:
            known = self.buckets.of((failure.symptom.function, AT_TIMES), facts)
        if known is not None:
            self.news.seen[known.name] = self.news.seen.get(known.name, 0) + 1
            return
        explained = self.buckets.explains(failure.symptom, facts)
        raw = kept_of(made, failure)
        bucket = self._keep(replace(raw, kind=AT_TIMES) if at_times else raw)
        seconds = HURRIED if explained else SHRINKING
        self.left.append(Left(bucket, statement, made, failure, before, seconds))

    def _keep(self, kept: Kept) -> Bucket:
        """Keep a failure before anything else happens."""
        self._corpus.save(kept)
        self._count += 1
        bucket = Bucket(f"{self._name}.{self._count}", kept)
        self.buckets.add(bucket)
        self.unknown.add(bucket.name)
        self._tell(Found(bucket.name, kept))
        self.news.seen[bucket.name] = 1
        return bucket

    def examine(self, until: float | None = None) -> None:
        """Examine what is left: while that does not take too much of the time, or in any case until some moment."""
        while self.left and (self._may_examine() if until is None else time.monotonic() < until):
            started, left = time.monotonic(), self.left.popleft()
            self._journal.case(text_of(left.made.origin))
            self._journal.statement(left.statement.name)
            self.buckets.drop(left.bucket.name)  # it is not in its own way
            if left.bucket.kept.kind == AT_TIMES:
                kept = self._examiner.at_times(left.statement, left.made, left.failure, left.before)
            else:
                kept = self._examiner.examined(left.statement, left.made, left.failure, left.before, left.seconds)
            self._corpus.replace(left.bucket.kept, kept)
            left.bucket.change(kept)
            self.buckets.add(left.bucket)
            self._tell(Found(left.bucket.name, kept))
            self._journal.idle()
            self._spent += time.monotonic() - started

    def _may_examine(self) -> bool:
        return self._spent < EXAMINING * (time.monotonic() - self._begun) + SHRINKING
