"""Running one statement on a target: ask about each case, and shrink the first that fails."""

from __future__ import annotations

import time
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

import hypothesis
import numpy as np
from hypothesis.errors import Flaky, FlakyFailure

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.statement import CATALOGUE, Statement
from fsmn_properties.checks.trial import Call, Trial, UserInterrupt, Violation
from fsmn_properties.findings.verdict import FAILS, GAVE_UP, HOLDS, NOT_APPLICABLE, NOT_PROMISED, Finding, Verdict
from fsmn_properties.runs.drawing import Drawn, cases_of, covered, forget, random_seed, replayed, save, saved, shrink
from fsmn_properties.runs.fresh import shown_in_a_fresh_process
from fsmn_properties.targets.target import Target

THOROUGH = 4
"""So many failures of a run are shrunk with time to spare and tried in a fresh process; the rest are told in a line."""

SHRINKING = 3.0
HURRIED = 0.1
"""Seconds of shrinking for the first failures, and for those after them."""

LONGEST_STATEMENT = 40.0
"""Seconds of the processor that a statement takes at most: of a kernel of loops, the large cases take minutes."""

WAITING = 4
"""How many times as long it takes at most on the clock: kernels wait for other processes and devices."""

LONGEST = 3500
"""Characters of calls in a script: if there are more, the statement is asked by name."""

REMEMBERED = 64
"""How many of the calls before a failure are remembered, for those that need earlier ones."""


@dataclass
class Plan:
    """How much is asked in a run.

    Parameters
    ----------
    seed : int, optional
        Where Hypothesis starts; otherwise its profile decides.
    examples : int, optional
        How many cases are drawn for a statement; otherwise the profile and its effort decide.
    first_look : bool
        Whether only a few cases of each statement are asked about.
    until : float, optional
        When the run ends, on the clock `time.monotonic`.
    statements_left : int
        How many statements share the time that is left.
    thorough : int
        How many further failures are shrunk with time to spare.
    shrinks : bool
        Whether failures are shrunk at all.
    """

    seed: int | None = None
    examples: int | None = None
    first_look: bool = False
    until: float | None = None
    statements_left: int = 1
    thorough: int = THOROUGH
    shrinks: bool = True
    recent: deque[Call] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _random: str = field(default_factory=random_seed)

    def seed_of_cases(self) -> str:
        """Return where Hypothesis starts."""
        if self.seed is not None:
            return str(self.seed)
        return "" if hypothesis.settings().derandomize else self._random

    def examples_of(self, statement: Statement) -> int:
        """Return how many cases are drawn for a statement."""
        if self.examples is not None:
            return self.examples
        return statement.effort * hypothesis.settings().max_examples

    def share(self) -> _Share:
        """Return the time at which the next statement should end."""
        now = time.monotonic()
        longest = WAITING * LONGEST_STATEMENT
        if self.until is not None:
            longest = min(longest, max(0.0, self.until - now) / max(1, self.statements_left))
        return _Share(now + longest, time.process_time() + LONGEST_STATEMENT)


class _Share(NamedTuple):
    """When a statement ends, on the clock and in processor time: a busy machine is no slow kernel."""

    clock: float
    processor: float

    def is_over(self) -> bool:
        return time.monotonic() > self.clock or time.process_time() > self.processor


def run(statement: Statement, target: Target, plan: Plan | None = None) -> Verdict:
    """Ask one statement about a target, and return what became of it."""
    plan = plan or Plan()
    started = time.monotonic()
    why = statement.not_applicable(target)
    if why:
        return Verdict(statement.name, statement.rule, NOT_APPLICABLE, why)
    why = statement.not_promised(target)
    if why:
        return Verdict(statement.name, statement.rule, NOT_PROMISED, why)
    if plan.until is not None and started >= plan.until:
        return Verdict(statement.name, statement.rule, GAVE_UP, "time limit reached before its first case")
    asked = Asked(statement, target, plan)
    finding = asked.first_failure()
    seconds = time.monotonic() - started
    if finding is not None:
        return Verdict(
            statement.name, statement.rule, FAILS, "", asked.count, 0, seconds, finding=finding, worst=asked.worst
        )
    if asked.count == 0:
        why = "no case lies within the promises"
        return Verdict(statement.name, statement.rule, NOT_PROMISED, why, seconds=seconds)
    note = "" if plan.first_look else _note(statement, target, plan, asked.count)
    if asked.cut_short:
        note = "cut short by the time limit"
    return Verdict(
        statement.name, statement.rule, HOLDS, "", asked.count, asked.sequences, seconds, note, worst=asked.worst
    )


def _note(statement: Statement, target: Target, plan: Plan, cases: int) -> str:
    """Return what the cases of a statement cover."""
    if not statement.source.covers:
        return statement.source.note
    if statement.about:
        return f"every pair of {statement.about} and another feature"
    found = covered(statement.source, statement.form, target.promises, plan.seed_of_cases())
    return f"{found.occurring(2, cases):,} pairs of features, {found.occurring(3, cases):,} triples"


class Asked:
    """The cases that a statement was asked about."""

    def __init__(self, statement: Statement, target: Target, plan: Plan) -> None:
        self.statement, self.target, self.plan = statement, target, plan
        self.count = self.sequences = 0
        self.cut_short = False
        self.worst: float | None = None

    def first_failure(self) -> Finding | None:
        """Ask about every case, and return what the first failure shows."""
        statement, plan = self.statement, self.plan
        database = None if plan.first_look or plan.seed is not None else hypothesis.settings().database
        end = plan.share()
        for drawn in chain(self._from(database), self._cases()):
            if self.count and end.is_over():
                self.cut_short = True
                break
            before = tuple(plan.recent)
            violation = self.ask(drawn.case)
            if violation is not None:
                if drawn.picks is not None:
                    save(database, statement.name, drawn.picks)
                return self._told(drawn, violation, before)
        return None

    def _cases(self) -> Iterable[Drawn]:
        statement, plan, promises = self.statement, self.plan, self.target.promises
        source, examples = statement.source, plan.examples_of(statement)
        few: int | None = statement.few
        if source.draw and not source.covers:
            few = statement.few * statement.effort if plan.first_look else examples
            # Of a source the most that any statement asks for is drawn, once.
            most = max(each.effort for each in CATALOGUE if each.source is source)
            examples = examples * most // statement.effort
        elif not plan.first_look:
            few = None
        drawn = cases_of(source, statement.form, promises, examples, plan.seed_of_cases(), statement.about)
        return islice(drawn, few)

    def _from(self, database: hypothesis.database.ExampleDatabase | None) -> Iterator[Drawn]:
        """Yield what failed in an earlier run, and forget what does not fail any more."""
        statement = self.statement
        for picks in saved(database, statement.name):
            case = replayed(statement.source, statement.form, self.target.promises, picks)
            if case is not None:
                yield Drawn(case, picks)
            forget(database, statement.name, picks)

    def ask(self, case: Case) -> Violation | None:
        """Ask about one case, and return what is wrong."""
        trial = Trial(self.target, self.statement.form)
        try:
            with np.errstate(all="ignore"):
                asked = self.statement.check(trial, case)
            self.count += 1 if asked is None else asked
        except Violation as violation:
            return violation
        except UserInterrupt:
            raise
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            problem = f"The results can't be compared: {type(error).__name__}: {error} ({place.name})"
            return Violation(problem, trial.calls[-1:], by_name=True)
        finally:
            self.plan.recent.extend(call for call in trial.calls if not call.case.is_large)
            self.sequences += case.sequences
            if trial.worst is not None:
                self.worst = max(self.worst or 0.0, trial.worst)
        return None

    def _told(self, drawn: Drawn, violation: Violation, before: tuple[Call, ...]) -> Finding:
        thorough = self.plan.thorough > 0
        self.plan.thorough -= 1
        case, shrunk = drawn.case, violation
        if drawn.picks is not None and self.plan.shrinks:
            case, shrunk = self._shrunk(drawn, violation, SHRINKING if thorough else HURRIED)
        script = self.script(shrunk, case)
        note = ""
        if thorough and self.target.reachable:
            unshrunk = self.script(violation, drawn.case)
            script, note = shown_in_a_fresh_process(self.target, script, unshrunk, before)
        statement = self.statement
        problem = shrunk.problem + note
        return Finding(
            statement.name, statement.says, statement.rule, problem, case.outline(), script, dict(shrunk.facts)
        )

    def script(self, violation: Violation, case: Case) -> str:
        """Return Python that shows a violation in a fresh process."""
        lines = ["import numpy as np"]
        text = violation.body(self.target)
        if (violation.by_name or len(text) > LONGEST) and case.made:
            told = self.target.promises.told
            promises = f", promises={told!r}" if told else ""
            lines.append("from fsmn_properties import show")
            text = f"show(implementation, {self.statement.name!r}, {case.made}{promises})"
        if "made(" in text:
            lines.append("from fsmn_properties import made")
        return "\n".join([*lines, self.target.python, "", text, ""])

    def _shrunk(self, drawn: Drawn, violation: Violation, seconds: float) -> tuple[Case, Violation]:
        """Return the smallest case that fails, and what is wrong with it."""
        end, count, worst = time.monotonic() + seconds, self.count, self.worst
        smallest = drawn.case, violation

        def fails(again: Drawn) -> None:
            nonlocal smallest
            if time.monotonic() > end:
                return
            found = self.ask(again.case)
            if found is not None:
                smallest = again.case, found
                raise found

        try:
            assert drawn.picks is not None
            shrink(self.statement.source, self.statement.form, self.target.promises, drawn.picks, fails)
        except (Violation, Flaky, FlakyFailure):
            pass  # what counts is the last case that failed
        self.count, self.worst = count, worst
        return smallest
