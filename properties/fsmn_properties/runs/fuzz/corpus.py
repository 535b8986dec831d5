"""The corpus: what was found, and what was done, in a database of Hypothesis that several machines may share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase, MultiplexedDatabase

FOLDER = Path(".fsmn-fuzz")
"""Where a run keeps its corpus, unless told otherwise; and always what its workers are doing."""

SUSPECT = "in progress"
"""The kind of what was asked when a worker was killed from outside: it is asked about again."""

KEPT_FOR = timedelta(days=3650)
"""How long Redis keeps what was found."""


class CorpusError(Exception):
    """A corpus that can't be reached; the message says why."""


def opened(where: str) -> ExampleDatabase:
    """Open a corpus: a folder, or `redis://host:port/number`, which needs the extra `redis`.

    Raises
    ------
    CorpusError
        If it can't be reached or written to.
    """
    if not where.startswith(("redis://", "rediss://", "unix://")):
        return _checked(DirectoryBasedExampleDatabase(Path(where) / "examples"), where)
    try:
        from hypothesis.extra.redis import RedisExampleDatabase  # noqa: PLC0415, an extra
        from redis import Redis  # noqa: PLC0415
    except ImportError as error:
        needs = "a corpus in Redis needs its client: pip install 'fsmn-properties[redis]'"
        raise CorpusError(f"{needs} ({error})") from error
    try:
        client = Redis.from_url(where)
        client.ping()
        shared = RedisExampleDatabase(client, expire_after=KEPT_FOR)
    except Exception as error:
        raise CorpusError(f"corpus must be a server that answers, got {where} ({error})") from error
    # The folder keeps what is found while the server is away.
    return MultiplexedDatabase(DirectoryBasedExampleDatabase(FOLDER / "examples"), shared)


def _checked(database: ExampleDatabase, where: str) -> ExampleDatabase:
    probe = b"fsmn_properties fuzz probe"
    database.save(probe, b"1")
    if b"1" not in set(database.fetch(probe)):
        raise CorpusError(f"corpus must be a folder that can be written to, got {where}")
    database.delete(probe, b"1")
    return database


@dataclass(frozen=True)
class Kept:
    """One finding of the corpus.

    Parameters
    ----------
    statement, function, result, kind : str
        Which bucket it is in.
    origin : dict
        The origin of its case, as data.
    problem : str
        What is wrong.
    case, script : str
        The outline of its case, and Python that shows it.
    dies : bool
        Whether it ends the process.
    flaky : str
        How often it fails, if not always.
    regions : list of dict
        Where round its case it fails as well, as data; more than one if it was found more than once.
    facts : dict
        The facts of its case, as data.
    whole : bool
        Whether it was examined, and not only seen.
    """

    statement: str
    function: str
    result: str
    kind: str
    origin: dict[str, Any]
    problem: str
    case: str = ""
    script: str = ""
    dies: bool = False
    flaky: str = ""
    regions: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    whole: bool = False

    def encoded(self) -> bytes:
        """Return the bytes that the database holds."""
        return json.dumps(asdict(self), sort_keys=True).encode()


class Corpus:
    """The corpus of one target."""

    def __init__(self, where: str, target: str) -> None:
        self._database = opened(where)
        # Wherever it lies: another machine has it in another folder.
        self._name = target.replace("\\", "/").rpartition("/")[2]

    def findings(self) -> list[Kept]:
        """Return everything found; what cannot be read is left out."""
        found = []
        for data in self._fetch("findings"):
            try:
                found.append(Kept(**data))
            except TypeError:  # of another version
                continue
        return sorted(found, key=lambda kept: (kept.statement, kept.function, kept.case, kept.problem))

    def save(self, kept: Kept) -> None:
        """Keep a finding."""
        self._save("findings", kept.encoded())

    def replace(self, old: Kept, new: Kept) -> None:
        """Keep a finding instead of another one."""
        if old.encoded() != new.encoded():
            self._save("findings", new.encoded())
            self._drop("findings", old.encoded())

    def drop(self, kept: Kept) -> None:
        """Drop what turned out to be none."""
        self._drop("findings", kept.encoded())

    def done(self) -> set[str]:
        """Return the blocks of position sequences that were asked about in any run."""
        return {data["block"] for data in self._fetch("done") if "block" in data}

    def finish(self, block: str) -> None:
        """Say that a block was asked about."""
        self._save("done", json.dumps({"block": block}).encode())

    def minutes(self) -> float:
        """Return how long all runs took together."""
        return sum(float(data.get("minutes", 0)) for data in self._fetch("runs"))

    def took(self, run: str, minutes: float, before: float | None = None) -> None:
        """Say how long a run took so far, and before."""
        self._save("runs", json.dumps({"run": run, "minutes": minutes}).encode())
        if before is not None and before != minutes:
            self._drop("runs", json.dumps({"run": run, "minutes": before}).encode())

    def _key(self, what: str) -> bytes:
        return f"fsmn_properties fuzz {what} {self._name}".encode()

    def _fetch(self, what: str) -> Iterator[dict[str, Any]]:
        for value in sorted(set(self._database.fetch(self._key(what)))):
            try:
                data = json.loads(value)
            except ValueError:  # half written
                continue
            if isinstance(data, dict):
                yield data

    def _save(self, what: str, value: bytes) -> None:
        with suppress(Exception):  # a server may be away for a while; the folder has everything
            self._database.save(self._key(what), value)

    def _drop(self, what: str, value: bytes) -> None:
        with suppress(Exception):
            self._database.delete(self._key(what), value)
