"""A worker: a process that draws cases and asks about them, and may die of it."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import time
import warnings
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from fsmn_properties.runs.fuzz.buckets import Bucket
from fsmn_properties.runs.fuzz.corpus import Corpus
from fsmn_properties.runs.fuzz.hunt import Hunt, OutOfMemoryError
from fsmn_properties.runs.fuzz.journal import Journal
from fsmn_properties.runs.fuzz.limits import end_with, limit_memory, memory, unlimit_memory
from fsmn_properties.runs.fuzz.messages import Examined, Known, News, Order, Stop
from fsmn_properties.runs.fuzz.replay import replayed
from fsmn_properties.runs.fuzz.turns import Turns
from fsmn_properties.targets.loading import load

TELLS_EVERY = 0.25
"""Seconds between two messages."""

REPLACE_ME = 75
"""The exit status of a worker that has no memory left."""

MOST_WRITTEN = 1 << 20
"""Bytes of what the target writes to standard error that are kept."""


def work(connection: Connection, order: Order) -> None:
    """Do what the order says until told to stop."""
    _alone(Path(order.folder) / f"{order.number}.err", order.parent)
    worker = _Worker(connection, order)
    try:
        worker.run()
    except OutOfMemoryError:
        unlimit_memory()
        worker.tell()
        os._exit(REPLACE_ME)


def _alone(errors: Path, parent: int) -> None:
    """Separate the process from the terminal and from what interrupts the main process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore")
    end_with(parent)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(errors, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644), 2)
    sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w", buffering=1)
    faulthandler.enable(sys.stderr)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        faulthandler.register(signal.SIGALRM, sys.stderr, chain=True)


class _Worker:
    def __init__(self, connection: Connection, order: Order) -> None:
        self.connection, self.order, self.stopped = connection, order, False
        self.target = load(order.name, dict(order.promises))
        limit_memory(order.gigabytes)
        journal = Journal(Path(order.folder) / f"{order.number}.journal")
        corpus = Corpus(order.corpus, order.name)
        self.hunt = Hunt(self.target, order.seconds, corpus, journal, connection.send, str(order.number))
        self.turns = Turns(self.target, Random(order.seed), order.blocks)  # noqa: S311, no secret
        self.turns.news, self.turns.costs = self.hunt.news, self.hunt.costs
        self.told = self.ends = time.monotonic()
        self._learn(order.known)

    def run(self) -> None:
        """Examine what was found before, then draw until told to stop."""
        for name, kept, _ in self.order.examine:
            if not self.stopped:
                if name in self.hunt.buckets.all:  # it is not in its own way
                    self.hunt.buckets.drop(name)
                result, holds = replayed(self.target, kept, self.order.seconds, self.hunt.buckets)
                if not holds:
                    self.hunt.buckets.add(Bucket(name, result))
                self.connection.send(Examined(name, kept, result, holds))
                self._listen()
        while not self.stopped:
            self.turns.take(self.hunt.case)
            self.hunt.examine()
            if time.monotonic() > self.told + TELLS_EVERY:
                self.tell()
                self._listen()
        self.hunt.examine(self.ends)
        self.tell()

    def tell(self) -> None:
        """Tell the main process what happened since the last time."""
        self.told, news = time.monotonic(), self.hunt.news
        news.megabytes = memory()
        self.connection.send(news)
        self.hunt.news = self.turns.news = News()
        if os.fstat(2).st_size > MOST_WRITTEN:
            os.ftruncate(2, 0)

    def _listen(self) -> None:
        while self.connection.poll():
            message = self.connection.recv()
            if isinstance(message, Known):
                self._learn(message)
            elif isinstance(message, Stop):
                self.stopped, self.ends = True, time.monotonic() + message.seconds

    def _learn(self, known: Known) -> None:
        """Take over what the main process knows; what it has not heard of yet stays."""
        hunt, theirs = self.hunt, dict(known.buckets)
        hunt.unknown -= theirs.keys() | known.merged.keys()
        waiting = {left.bucket.name for left in hunt.left}
        for name in list(hunt.buckets.all):
            if name not in hunt.unknown | waiting:
                hunt.buckets.drop(name)
        for name, kept in theirs.items():
            if name not in hunt.buckets.all:
                hunt.buckets.add(Bucket(name, kept))
        hunt.silent, self.turns.depth = known.silent, known.depth
