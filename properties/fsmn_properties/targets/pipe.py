"""A program behind pipes: started, written to and read from with a limit of time, and ended, whatever it does."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from fsmn_properties.targets.wire import LONGEST_LINE, ProgramError, quoted

TAIL = 600
"""Characters of the program's standard error that are kept."""

CHUNK = 1 << 16
GRACE = 1.0
"""Seconds that a program has to end, once its input or its output is closed."""


class TooLateError(ProgramError):
    """A limit of time was reached."""


class Pipe:
    """A running program.

    Parameters
    ----------
    command : str
        What starts it, as in a shell: words with quotes, but no shell.

    Raises
    ------
    ProgramError
        If it can't be started.
    """

    def __init__(self, command: str) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603, the command is what is to be verified
                shlex.split(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for us, and its children end with it
            )
        except (OSError, ValueError, IndexError) as error:
            why = getattr(error, "strerror", None) or error
            raise ProgramError(f"can't be started: {why}") from None
        self._in, self._out, self._err = (
            _unblocked(pipe) for pipe in (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        self._poll = select.poll()
        for pipe in (self._out, self._err):
            self._poll.register(pipe, select.POLLIN)
        self._unsent = memoryview(b"")
        self._got, self._tail = bytearray(), b""
        self.end = weakref.finalize(self, _end, self._process)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def unasked(self) -> bytes:
        """Return what it has written since its last answer; it is an error if it has ended."""
        for _ in range(4):  # of an endless standard error, that much is enough
            if self._got or not self._step(0):
                break
        return bytes(self._got)

    def send(self, message: bytes, until: float) -> None:
        """Write a message."""
        self._unsent = memoryview(message)
        self._write()
        if self._unsent:
            self._poll.register(self._in, select.POLLOUT)
            while self._unsent:
                self._waited(until, "read only {} bytes of the call", len(message) - len(self._unsent))
                if len(self._got) > CHUNK:
                    raise ProgramError(f"wrote {len(self._got):,} bytes before it had read the call")
            self._poll.unregister(self._in)

    def line(self, until: float, waiting: str) -> bytes:
        """Return a line that it writes, without its end; `waiting` says what it fails to do if it does not."""
        searched = 0
        while (end := self._got.find(b"\n", searched)) < 0:
            searched = len(self._got)
            if searched > LONGEST_LINE:
                told = f"wrote {searched:,} bytes without an end of line where a line of JSON was due"
                raise ProgramError(f"{told}: {quoted(bytes(self._got))}")
            self._waited(until, waiting, searched)
        return bytes(self.take(end + 1, until))[:-1]

    def take(self, count: int, until: float) -> bytearray:
        """Return so many bytes that it writes."""
        while len(self._got) < count:
            told = f"sent {len(self._got):,} of the {count:,} bytes that its answer announces, and no more"
            self._waited(until, told, 0)
        taken = self._got[:count]
        del self._got[:count]
        return taken

    @property
    def left(self) -> int:
        """The number of bytes that were read and not taken."""
        return len(self._got)

    def said(self) -> str:
        """Return the end of its standard error as part of a sentence, or nothing."""
        if self._err >= 0:
            self._read_errors()
        tail = self._tail.strip().decode(errors="backslashreplace")
        if len(self._tail) == TAIL:
            tail = f"[...] {tail}"
        return f"; its standard error ends with:\n{tail}" if tail else ""

    def resident(self) -> int:
        """Return the bytes of its processes that are in main memory; 0 if the system does not say."""
        pages = 0
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                session = (folder / "stat").read_text().rpartition(")")[2].split()[3]
                if int(session) == self._process.pid:
                    pages += int((folder / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def _waited(self, until: float, waiting: str, count: int) -> None:
        left = until - time.monotonic()
        if left <= 0:
            raise TooLateError(waiting.format(f"{count:,}"))
        self._step(left)

    def _step(self, seconds: float) -> bool:
        """Wait until something can be read or written, and do it; return whether something could."""
        ready = self._poll.poll(seconds * 1000)
        for pipe, _ in ready:
            if pipe == self._out:
                chunk = os.read(pipe, CHUNK)
                if not chunk:
                    raise ProgramError(self._ending("closed its standard output"))
                self._got += chunk
            elif pipe == self._err:
                self._read_errors()
            else:
                self._write()
        return bool(ready)

    def _write(self) -> None:
        try:
            self._unsent = self._unsent[os.write(self._in, self._unsent) :]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            raise ProgramError(self._ending("closed its standard input")) from None

    def _read_errors(self) -> None:
        try:
            chunk = os.read(self._err, CHUNK)
        except BlockingIOError:
            return
        if not chunk:
            self._poll.unregister(self._err)
            self._err = -1
        self._tail = (self._tail + chunk)[-TAIL:]

    def _ending(self, otherwise: str) -> str:
        """Say how it ended, if it does."""
        try:
            status = self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            return otherwise
        if status < 0:
            return f"was ended by signal {_signal(-status)}"
        inner = f", as of a program that was ended by signal {_signal(status - 128)}" if 128 < status < 160 else ""
        return f"ended with exit status {status}{inner}"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def _unblocked(pipe: IO[Any] | None) -> int:
    assert pipe is not None
    os.set_blocking(pipe.fileno(), False)
    return pipe.fileno()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program: it may do so itself now that its input is closed."""
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(0.05)
    if process.returncode is None:
        with_children = getattr(os, "killpg", None)
        try:
            if with_children:
                with_children(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            process.kill()
        process.wait()
