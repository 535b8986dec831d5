"""A run of the fuzzer: workers for so many minutes, their deaths, and the books."""

from __future__ import annotations

import math
import os
import re
import secrets
import shutil
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from fsmn_properties.runs.fuzz.corpus import FOLDER, SUSPECT, Corpus, Kept
from fsmn_properties.runs.fuzz.crew import GRACE, Crew, Death, killed, left_behind
from fsmn_properties.runs.fuzz.forking import ending, sentence
from fsmn_properties.runs.fuzz.journal import Entry
from fsmn_properties.runs.fuzz.ledger import KEPT, Ledger
from fsmn_properties.runs.fuzz.messages import Examined, Found, News, Order, Stop
from fsmn_properties.runs.fuzz.sources import DEEPEST
from fsmn_properties.runs.fuzz.told import Progress
from fsmn_properties.runs.fuzz.worker import REPLACE_ME
from fsmn_properties.targets.target import Target

LISTENS_FOR, EXAMINES_FOR = 0.5, 15.0
"""Seconds between two looks at everything, and for examining what is left in the end."""

ATTEMPTS = 2
"""So many workers may die of examining a finding; then it is left as it was found."""

MOST_FALSE_STARTS = 6
"""So many workers in a row may end before they asked anything."""

MOST_REPLAYING = 10.0
"""Minutes after which a run ends even if it has not asked again about everything that was found before."""

LATE = 10.0
"""Seconds after which a call that should have ended its process is ended from outside."""


class FuzzError(Exception):
    """A run that can't go on; the message says why."""


@dataclass(frozen=True)
class Settings:
    """What a run is told.

    Parameters
    ----------
    name : str
        The target.
    promises : mapping
        What it promises, where that replaces what it declares.
    minutes : float
        How long the run takes.
    workers : int
        How many processes call the target.
    corpus : str
        A folder, or the address of a server.
    seconds, gigabytes : float
        How long a call may take, and how much memory a worker; 0 gigabytes is no limit.
    first : bool
        Whether the run ends with its first finding.
    """

    name: str
    promises: Mapping[str, Any] = field(default_factory=dict)
    minutes: float = 10.0
    workers: int = 2
    corpus: str = str(FOLDER)
    seconds: float = 10.0
    gigabytes: float = 2.0
    first: bool = False


class Campaign:
    """One run.

    Parameters
    ----------
    settings : Settings
        What it is told.
    target : Target
        What the name leads to.
    progress : Progress
        Where it tells how far it is.
    """

    def __init__(self, settings: Settings, target: Target, progress: Progress) -> None:
        self.settings, self.progress = settings, progress
        self.corpus = Corpus(settings.corpus, settings.name)
        self.ledger = Ledger(self.corpus, target, settings.seconds)
        self.run_name, self.begun, self.took = secrets.token_hex(8), time.monotonic(), 0.0
        self.earlier = self.corpus.minutes()
        self.interrupted = False
        self._waiting: dict[str, tuple[Kept, int]] = {}
        self._false_starts = self._depth = self._count = 0

    @property
    def minutes(self) -> float:
        """How long the run took so far."""
        return (time.monotonic() - self.begun) / 60

    def run(self) -> None:
        """Run until the time is over or the user interrupts."""
        signal.signal(signal.SIGTERM, _interrupt)
        self._take_up()
        self.crew = Crew(FOLDER)
        try:
            for _ in range(self.settings.workers):
                self._start()
            while (self.minutes < self.settings.minutes and not self._is_enough()) or self._replays():
                self._listen(LISTENS_FOR)
                self._look_after()
        except KeyboardInterrupt:
            self.interrupted = True
        finally:
            self._end()

    def _is_enough(self) -> bool:
        """Return whether the run ends with its first finding, and has one."""
        return self.settings.first and any(each.kept.whole for each in self.ledger.buckets.all.values())

    def _replays(self) -> bool:
        """Return whether what was found before is still being asked about again."""
        begun = [(name, member) for member in self.crew.members for name, _, _ in member.order.examine]
        left = [*self._waiting, *(name for name, member in begun if name not in member.examined)]
        return self.minutes < MOST_REPLAYING and any(name.startswith(KEPT) for name in left)

    def _take_up(self) -> None:
        """Take up what the corpus has, and what runs that were killed were doing."""
        for folder, entries in left_behind(FOLDER):
            for entry in entries:
                self.corpus.save(_kept_of(entry, SUSPECT, "was called when the run was killed"))
            shutil.rmtree(folder, ignore_errors=True)
        for number, kept in enumerate(self.corpus.findings()):
            name = f"{KEPT}{number}"
            self._waiting[name] = kept, 0
            if kept.kind != SUSPECT:
                self.ledger.replay(name, kept)

    def _start(self) -> None:
        """Start a worker, with its share of what waits to be examined."""
        self._count += 1
        left = self.settings.workers - len(self.crew.members)
        share = [*self._waiting][:: max(1, left)]
        examine = tuple((name, *self._waiting.pop(name)) for name in share)
        settings = self.settings
        self.crew.start(
            Order(
                settings.name,
                settings.promises,
                settings.corpus,
                str(self.crew.folder),
                os.getpid(),
                self._count,
                f"{self.run_name} {self._count}",
                settings.seconds,
                settings.gigabytes,
                self.ledger.known(self._depth),
                examine,
                tuple(self.corpus.done()),
            )
        )

    def _listen(self, seconds: float) -> None:
        for member, message in self.crew.heard(seconds):
            if isinstance(message, Death):
                self._died(message)
            elif isinstance(message, News):
                self._false_starts = 0
                self.ledger.news(message)
            elif isinstance(message, Found):
                self.ledger.found(message)
            elif isinstance(message, Examined):
                member.examined.add(message.name)
                self.ledger.examined(message)

    def _look_after(self) -> None:
        """Tell workers what is new, end those that hang, and say how far the run is."""
        depth = min(DEEPEST, int(math.log2(1 + self.earlier + self.minutes)))
        if self.ledger.changed or depth != self._depth:
            self._depth, self.ledger.changed = depth, False
            self.crew.tell(self.ledger.known(depth))
        for member in self.crew.hanging(self.settings.seconds + LATE):
            member.hangs = True
            member.process.kill()
        if self.progress.tell(self.ledger, self.minutes, self._depth):
            self._clock()

    def _clock(self) -> None:
        before, self.took = self.took, self.minutes
        self.corpus.took(self.run_name, self.took, before or None)

    def _died(self, death: Death) -> None:
        """Enter what a worker died of, and replace it."""
        self.ledger.totals.replaced += 1
        self._false_starts += 1
        if self._false_starts > MOST_FALSE_STARTS:
            raise FuzzError(f"workers end before they ask anything: {_last_line(death.words) or ending(death.status)}")
        member = death.member
        if death.status == 1:
            self.ledger.remark(f"a worker failed: {_last_line(death.words)}")
        for name, kept, attempts in member.order.examine:
            if name not in member.examined and attempts + 1 < ATTEMPTS:
                self._waiting[name] = kept, attempts + 1
        if death.entry is not None and death.status != REPLACE_ME:
            self._enter(death, death.entry)
        for name, bucket in self.ledger.buckets.all.items():
            if bucket.kept.dies and not bucket.kept.whole and name.startswith(f"{member.number}."):
                self._waiting[name] = bucket.kept, 0
        self._start()

    def _enter(self, death: Death, entry: Entry) -> None:
        from_outside = killed(death.status) and not death.member.hangs
        of_ours = death.status == 1 and not entry.function  # an error in what asks, not in what is asked
        kind = SUSPECT if from_outside or of_ours else "hang" if death.member.hangs else ending(death.status)
        where = _where(death.words)
        problem = f"{entry.function or 'a call'} {sentence(kind, self.settings.seconds)}{where}"
        kept = _kept_of(entry, kind, problem)
        name = f"died.{death.member.number}"
        if self.ledger.died(name, kept):
            entered = self.ledger.buckets.all.get(name)
            self._waiting[name] = entered.kept if entered else kept, 0

    def _end(self) -> None:
        """End all workers, and keep what they were doing."""
        try:
            seconds = 0.0 if self.interrupted else EXAMINES_FOR
            self.crew.tell(Stop(seconds))
            end = time.monotonic() + seconds + GRACE
            while self.crew.members and time.monotonic() < end:
                self._last(end - time.monotonic())
        except KeyboardInterrupt:
            self.interrupted = True
        for member in self.crew.members:
            entry = self.crew.doing(member)
            if entry is not None and entry.function:
                self.corpus.save(_kept_of(entry, SUSPECT, "had not returned when the run ended"))
        self.crew.kill()
        self.crew.close()
        self._clock()

    def _last(self, seconds: float) -> None:
        """Listen to workers that were told to end."""
        for _, message in self.crew.heard(seconds):
            if isinstance(message, News):
                self.ledger.news(message)
            elif isinstance(message, Found):
                self.ledger.found(message)
            elif isinstance(message, Examined):
                self.ledger.examined(message)
            elif isinstance(message, Death) and message.entry is not None and message.status not in {0, REPLACE_ME}:
                self._enter(message, message.entry)


def _kept_of(entry: Entry, kind: str, problem: str) -> Kept:
    return Kept(entry.statement, entry.function, "", kind, entry.case, problem, dies=True)


def _last_line(words: str) -> str:
    lines = [line for line in words.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _where(words: str) -> str:
    """Return the place in the target's Python where it died, as faulthandler wrote it."""
    places = re.findall(r'File "(.*?)", line (\d+) in', words)
    return next((f" ({path}, line {line})" for path, line in places if "fsmn_properties" not in path), "")


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001, the signature of a handler
    raise KeyboardInterrupt
