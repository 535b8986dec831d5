"""The workers: started, listened to, and replaced when they die."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from fsmn_properties.runs.fuzz.journal import Entry, read
from fsmn_properties.runs.fuzz.messages import Order
from fsmn_properties.runs.fuzz.worker import work

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

SPAWN = multiprocessing.get_context("spawn")
LAST_WORDS = 2000
"""Characters of what a worker wrote to standard error before it died."""

GRACE = 5.0
"""Seconds that workers have to end after they were told to."""


@dataclass
class Member:
    """A worker.

    Parameters
    ----------
    number : int
        Its number in this run.
    process : SpawnProcess
        Its process.
    connection : Connection
        The main process's end.
    order : Order
        What it does.
    examined : set of str
        The names of findings that it has examined.
    hangs : bool
        Whether it was ended since a call did not return.
    """

    number: int
    process: SpawnProcess
    connection: Connection
    order: Order
    examined: set[str] = field(default_factory=set)
    hangs: bool = False


@dataclass(frozen=True)
class Death:
    """How a worker ended before it was told to.

    Parameters
    ----------
    member : Member
        The worker.
    status : int
        The exit status, or the number of the signal, negative.
    entry : Entry, optional
        What it was doing.
    words : str
        What it wrote to standard error last.
    """

    member: Member
    status: int
    entry: Entry | None
    words: str


class Crew:
    """The workers of a run.

    Parameters
    ----------
    folder : Path
        Where runs keep what their workers are doing.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="run-", dir=folder))
        self._lock = _locked(self.folder / "lock")
        self.members: list[Member] = []
        self.number = 0

    def start(self, order: Order) -> None:
        """Start a worker."""
        ours, theirs = SPAWN.Pipe()
        process = SPAWN.Process(target=work, args=(theirs, order), daemon=True, name=f"fsmn-fuzz {order.number}")
        process.start()
        theirs.close()
        self.members.append(Member(order.number, process, ours, order))

    def heard(self, seconds: float) -> Iterator[tuple[Member, Any]]:
        """Yield what workers say within some seconds: messages, and the Death of each that ended."""
        end = time.monotonic() + seconds
        while self.members:
            left = max(0.0, end - time.monotonic())
            ready = wait([each.connection for each in self.members], left)
            for member in [each for each in self.members if each.connection in ready]:
                message = self._received(member)
                yield member, self._death(member) if message is None else message
            if time.monotonic() >= end:
                return

    def _received(self, member: Member) -> Any:
        try:
            return member.connection.recv()
        except Exception:  # it ended, if in the middle of a message
            return None

    def _death(self, member: Member) -> Death:
        self.members.remove(member)
        member.process.join(GRACE)
        if member.process.exitcode is None:
            member.process.kill()
            member.process.join()
        member.connection.close()
        path = self.folder / f"{member.number}.err"
        words = path.read_text(errors="replace")[-LAST_WORDS:] if path.is_file() else ""
        return Death(member, member.process.exitcode or 0, self.doing(member), words)

    def tell(self, message: object) -> None:
        """Tell all workers something."""
        for member in self.members:
            try:
                member.connection.send(message)
            except OSError:
                continue  # it died, which is heard of next

    def hanging(self, seconds: float) -> list[Member]:
        """Return the workers that are in a call for longer than they may."""
        late = time.monotonic() - seconds
        entries = [(each, self.doing(each)) for each in self.members]
        return [each for each, entry in entries if entry and entry.function and entry.since < late]

    def doing(self, member: Member) -> Entry | None:
        """Return what a worker is doing."""
        return read(self.folder / f"{member.number}.journal")

    def kill(self) -> None:
        """End all workers."""
        for member in self.members:
            member.process.kill()
        for member in self.members:
            member.process.join()
        self.members.clear()

    def close(self) -> None:
        """Remove the folder."""
        if self._lock is not None:
            os.close(self._lock)
        shutil.rmtree(self.folder, ignore_errors=True)


def _locked(path: Path) -> int | None:
    """Lock a file as long as this process lives."""
    if fcntl is None:
        return None
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def left_behind(folder: Path) -> list[tuple[Path, list[Entry]]]:
    """Return the folders of runs that did not end by themselves, each with what its workers were doing."""
    found = []
    for each in sorted(folder.glob("run-*")):
        lock = _locked(each / "lock") if (each / "lock").is_file() else None
        if lock is not None:
            found.append((each, [entry for path in sorted(each.glob("*.journal")) if (entry := read(path))]))
            os.close(lock)
    return found


def killed(status: int) -> bool:
    """Return whether a process was ended by a signal that nothing in it raises."""
    return status == -getattr(signal, "SIGKILL", 9) or status == -getattr(signal, "SIGTERM", 15)
