"""Limits on what a kernel may take: a time for each call, and memory. Beyond them its process ends."""

from __future__ import annotations

import functools
import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

from fsmn_properties.contract.forms import NAMES, STREAMS
from fsmn_properties.targets.target import Target

try:
    import resource
except ImportError:  # not on Windows
    resource = None  # type: ignore[assignment]

HAS_ALARM = hasattr(signal, "setitimer")
MEGABYTE = 1 << 20

PATIENCE = 5.0
"""How many times as long it may take by the clock on the wall."""


class Notes(Protocol):
    """Where it is written down which function is called."""

    def enter(self, function: int) -> None:
        """Write down that a function is called."""

    def leave(self) -> None:
        """Write down that it returned."""


def watched(target: Target, seconds: float, notes: Notes) -> Target:
    """Return the target with calls that are written down and take no longer than they may.

    The alarm's default action ends the process, so that a call that never comes back to Python ends as well.
    """

    def guarded(name: str) -> Callable[..., Any]:
        function, number = target.function(name), NAMES.index(name)

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            notes.enter(number)
            if HAS_ALARM:
                signal.setitimer(signal.ITIMER_REAL, seconds)
            try:
                return function(*arguments, **named)
            finally:
                if name not in STREAMS:  # a stream is pushed to after this: `settled` ends its time
                    settled(notes)

        return call

    functions = SimpleNamespace(**{name: guarded(name) for name in target.promises.functions})
    return replace(target, functions=functions)


def limit_memory(gigabytes: float) -> None:
    """Limit the memory of this process to so much more than it has; 0 is no limit."""
    if resource is None or not gigabytes:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory("VmSize") * MEGABYTE + int(gigabytes * 1024 * MEGABYTE)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def settled(notes: Notes) -> None:
    """End the time of whatever was called last."""
    if HAS_ALARM:
        signal.setitimer(signal.ITIMER_REAL, 0)
    notes.leave()


def unlimit_memory() -> None:
    """Lift the limit: what has run out of memory must still be able to say so."""
    if resource is not None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def memory(what: str = "VmRSS") -> int:
    """Return the memory of this process in megabytes, or 0 where it is not known."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) >> 10 for line in lines if line.startswith(f"{what}:")), 0)


def end_with(parent: int) -> None:
    """End this process when its parent ends, however that happens (Linux)."""
    try:
        import ctypes  # noqa: PLC0415, elsewhere it may be missing

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    except (ImportError, OSError, AttributeError, TypeError):
        return
    if os.getppid() != parent:  # it ended meanwhile
        os.kill(os.getpid(), signal.SIGKILL)


def timer(seconds: float) -> Callable[[], bool]:
    """Return whether so many seconds of this process are over: others may share the machine, but not for ever."""
    end, latest = time.process_time() + seconds, time.monotonic() + PATIENCE * seconds
    return lambda: time.process_time() > end or time.monotonic() > latest
