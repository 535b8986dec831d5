"""What workers tell the main process, and what it tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fsmn_properties.runs.fuzz.corpus import Kept


@dataclass(frozen=True)
class Order:
    """What a worker is to do.

    Parameters
    ----------
    name : str
        The target.
    promises : mapping
        What it promises, as far as that is less than it declares.
    corpus : str
        Where the corpus is.
    folder : str
        Where the worker keeps its journal.
    parent : int
        The main process.
    number : int
        The number of the worker in this run.
    seed : str
        Where random numbers start.
    seconds, gigabytes : float
        How long a call may take, and how much memory.
    known : Known
        What is known.
    examine : tuple of (str, Kept, int)
        What to examine before anything is drawn, and how many workers died of that.
    blocks : tuple of str
        The blocks of sequences that are done.
    """

    name: str
    promises: Mapping[str, Any]
    corpus: str
    folder: str
    parent: int
    number: int
    seed: str
    seconds: float
    gigabytes: float
    known: Known
    examine: tuple[tuple[str, Kept, int], ...] = ()
    blocks: tuple[str, ...] = ()


@dataclass
class News:
    """What happened since a worker told last.

    Parameters
    ----------
    cases, asked : int
        Cases drawn, and statements asked about them.
    calls : int
        Calls of the target.
    seen : dict of str to int
        How often each bucket was seen.
    features : list of (str, dict)
        The form and the features of cases that had triples which the worker had not seen.
    blocks : list of str
        Blocks of sequences done.
    sequences : int
        Position sequences enumerated.
    megabytes : int
        The memory of the worker.
    """

    cases: int = 0
    asked: int = 0
    calls: int = 0
    seen: dict[str, int] = field(default_factory=dict)
    features: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    sequences: int = 0
    megabytes: int = 0


@dataclass(frozen=True)
class Found:
    """A bucket that a worker found, or that it has examined since.

    Parameters
    ----------
    name : str
        The name of the bucket.
    kept : Kept
        What was found.
    """

    name: str
    kept: Kept


@dataclass(frozen=True)
class Examined:
    """What became of something that was to be examined.

    Parameters
    ----------
    name : str
        The name of the bucket.
    before, kept : Kept
        What was to be examined, and what is to be kept of it.
    holds : bool
        Whether it holds by now.
    """

    name: str
    before: Kept
    kept: Kept
    holds: bool


@dataclass(frozen=True)
class Known:
    """The buckets that are known, and how deep to draw.

    Parameters
    ----------
    buckets : tuple of (str, Kept)
        The buckets, each with its name.
    merged : dict of str to str
        The names of buckets that turned out to be another one.
    silent : frozenset of str
        Statements that are not asked any more.
    depth : int
        The depth.
    """

    buckets: tuple[tuple[str, Kept], ...]
    merged: Mapping[str, str]
    silent: frozenset[str]
    depth: int


@dataclass(frozen=True)
class Stop:
    """A worker is to end, and has so many seconds to examine what is left."""

    seconds: float
