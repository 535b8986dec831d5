"""What a worker is about to do, written down before it does it: in a file that outlives the worker, without waiting."""

from __future__ import annotations

import json
import mmap
import struct
import time
from pathlib import Path
from typing import Any, NamedTuple

from fsmn_properties.contract.forms import NAMES

SIZE = 1 << 16
_HEAD = struct.Struct("<IBBHd")  # length of the case, state, function, length of the statement, since when
_STATEMENT = 256
IDLE, ASKING, CALLING = range(3)


class Entry(NamedTuple):
    """What a worker was doing.

    Parameters
    ----------
    case : dict
        The origin of the case, as data.
    statement : str
        The statement that was asked.
    function : str
        The function that was called, or nothing if none was.
    since : float
        When that began, on the clock `time.monotonic`.
    """

    case: dict[str, Any]
    statement: str
    function: str
    since: float


class Journal:
    """A journal that is written to."""

    def __init__(self, path: Path) -> None:
        with path.open("w+b") as file:
            file.truncate(SIZE)
            self._file = mmap.mmap(file.fileno(), SIZE)
        self._case = b""
        self._statement = b""

    def case(self, text: str) -> None:
        """Write down the case that statements are asked about next."""
        self._state(IDLE)
        self._case = text.encode()
        self._file[_HEAD.size + _STATEMENT : _HEAD.size + _STATEMENT + len(self._case)] = self._case

    def statement(self, name: str) -> None:
        """Write down the statement that is asked next."""
        self._statement = name.encode()
        self._file[_HEAD.size : _HEAD.size + len(self._statement)] = self._statement
        self._state(ASKING)

    def enter(self, function: int) -> None:
        """Write down that a function is called."""
        self._state(CALLING, function)

    def leave(self) -> None:
        """Write down that it returned."""
        self._state(ASKING)

    def idle(self) -> None:
        """Write down that nothing is asked."""
        self._state(IDLE)

    def _state(self, state: int, function: int = 0) -> None:
        head = len(self._case), state, function, len(self._statement), time.monotonic()
        _HEAD.pack_into(self._file, 0, *head)


def read(path: Path) -> Entry | None:
    """Return what a journal says, or None if nothing was asked."""
    try:
        data = path.read_bytes()
        length, state, function, name, since = _HEAD.unpack_from(data)
        start = _HEAD.size + _STATEMENT
        if state == IDLE:
            return None
        statement = data[_HEAD.size : _HEAD.size + name].decode()
        case = json.loads(data[start : start + length])
    except (OSError, struct.error, UnicodeDecodeError, ValueError):
        return None
    return Entry(case, statement, NAMES[function] if state == CALLING else "", since)
