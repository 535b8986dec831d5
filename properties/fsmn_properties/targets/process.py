"""A program as an implementation: each call of a function is a message to it, each answer the result of the call."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

from fsmn_properties.contract.forms import FUNCTIONS
from fsmn_properties.contract.promises import Promises, promises_of
from fsmn_properties.targets.answers import answered, hello, refuse
from fsmn_properties.targets.asking import function_of
from fsmn_properties.targets.pipe import Pipe, TooLateError
from fsmn_properties.targets.wire import VERSION, ProgramError, described, packed, quoted, stride_told
from fsmn_ref.arguments import Array

PREFIX = "command:"
"""Before a command where the name of a target is expected."""

CALL_SECONDS, START_SECONDS = 10.0, 60.0
CALL_LIMIT, START_LIMIT = "FSMN_CALL_SECONDS", "FSMN_START_SECONDS"
"""The usual limits, and the environment variables that set others: they reach every process of a run."""

SLOWEST = 1e6
"""Products of a frame and a tap that even the slowest kernel computes in a second."""

PATIENCE, MOST_HANGS = 3, 10
"""After so many calls without an answer in time, the limit is a tenth; after so many, none is made any more."""


class Program:
    """A program that answers on its standard output the calls that it reads from its standard input.

    It has the functions that the program promises as attributes, so that it can be verified as any object can.

    Parameters
    ----------
    command : str
        What starts it, as in a shell: words with quotes.
    call_seconds : float, optional
        How long a small call may take; one of a million products of a frame and a tap may take a second longer.
    start_seconds : float, optional
        How long it may take from its start until it states its name.

    Raises
    ------
    ProgramError
        If it can't be started, or does not state its name, version, language and promises.
    PromiseError
        If it promises what is no promise.
    """

    in_process = False

    def __init__(self, command: str, *, call_seconds: float | None = None, start_seconds: float | None = None) -> None:
        given = {"call_seconds": call_seconds, "start_seconds": start_seconds}
        told = "".join(f", {key}={value!r}" for key, value in given.items() if value is not None)
        self.command = command
        self.python = f"from fsmn_properties import command\nimplementation = command({command!r}{told})"
        self.__name__ = f"{PREFIX}{command}"
        self._call_seconds = _limit(call_seconds, CALL_LIMIT, CALL_SECONDS)
        self._start_seconds = _limit(start_seconds, START_LIMIT, START_SECONDS)
        self._pipe: Pipe | None = None
        self._owner, self._hangs = 0, 0
        self._closed_streams: list[tuple[Pipe, str]] = []
        stated = self._started()
        self.name, self.version, self.language = (str(stated[key])[:80] for key in ("name", "version", "language"))
        self.promises: Promises = promises_of({"functions": FUNCTIONS, **stated["promises"]})
        for function in self.promises.functions:
            setattr(self, function, function_of(self, function))

    def ask(
        self,
        call: str,
        arguments: Mapping[str, Array],
        strides: Mapping[str, Any],
        results: Sequence[str],
        *,
        stream: tuple[Pipe | None, str] = (None, ""),
        work: int = 0,
        most: int = 0,
    ) -> dict[str, Array]:
        """Make a call, and return the results by name.

        Parameters
        ----------
        call : str
            A function, or what is done with a stream.
        arguments, strides : mapping
            What it is called with, by name.
        results : sequence of str
            The names that results have.
        stream : tuple
            The stream that it is about, and where that was opened.
        work : int
            Products of a frame and a tap that it takes.
        most : int
            More numbers than any right result has.

        Raises
        ------
        TypeError, ValueError
            If the program refuses the call.
        NotImplementedError
            If it says that it does not support the call.
        ProgramError
            If it does not answer as the protocol says.
        """
        arrays = [described(name, value) for name, value in arguments.items()]
        told = [stride_told(name, value) for name, value in strides.items()]
        opened, key = stream
        head = (
            {"fsmn": VERSION, "call": call} | ({"stream": key} if key else {}) | {"arguments": arrays, "strides": told}
        )
        if self._hangs >= MOST_HANGS:
            raise ProgramError(f"{self.command} is not called any more: {MOST_HANGS} calls were not answered in time")
        seconds = (1 if self._hangs < PATIENCE else 0.1) * self._call_seconds + work / SLOWEST
        pipe = self.running()
        if opened is not None and opened is not pipe:
            raise ProgramError(f"{self.command} ended, and its streams with it")
        try:
            until = time.monotonic() + seconds
            self._close_streams(pipe, until)
            answer, found = answered(pipe, packed(head, list(arguments.values())), results, most, until)
        except ProgramError as error:
            raise self._problem(pipe, error, seconds) from None
        except BaseException:  # interrupted in the middle of an answer
            self.close()
            raise
        if answer["answer"] != "results":
            refuse(answer, self.command)
        return found

    def resident(self) -> int:
        """Return the bytes of the program, and of what it has started, that are in main memory."""
        return self._pipe.resident() if self._pipe is not None else 0

    def forget(self, pipe: Pipe, stream: str) -> None:
        """Tell the program before its next call that a stream is not needed any more."""
        self._closed_streams.append((pipe, stream))

    def _close_streams(self, pipe: Pipe, until: float) -> None:
        while self._closed_streams:
            opened, stream = self._closed_streams.pop()
            if opened is pipe:
                head = {"fsmn": VERSION, "call": "close", "stream": stream, "arguments": [], "strides": []}
                answered(pipe, packed(head, []), (), 0, until)

    def close(self) -> None:
        """End the program; the next call starts it again."""
        if self._pipe is not None:
            self._pipe.end()
        self._pipe = None

    def running(self) -> Pipe:
        """Return the running program, which has nothing left to say."""
        if self._owner != os.getpid():
            self._pipe = None  # that of another process, which this one was forked from
        if self._pipe is None:
            self._started()
        assert self._pipe is not None
        pipe = self._pipe
        try:
            unasked = pipe.unasked()
        except ProgramError as error:
            raise self._problem(pipe, f"{error} after its last answer", 0) from None
        if unasked:
            raise self._problem(pipe, f"wrote more than its last answer: {quoted(unasked)}", 0)
        return pipe

    def _started(self) -> dict[str, Any]:
        """Start the program, and return what it states about itself."""
        try:
            pipe = self._pipe = Pipe(self.command)
        except ProgramError as error:
            raise ProgramError(f"{self.command} {error}") from None
        self._owner = os.getpid()
        try:
            return hello(pipe, time.monotonic() + self._start_seconds)
        except ProgramError as error:
            raise self._problem(pipe, error, self._start_seconds, just_started=True) from None
        except BaseException:
            self.close()
            raise

    def _problem(
        self, pipe: Pipe, problem: ProgramError | str, seconds: float, *, just_started: bool = False
    ) -> ProgramError:
        """Return a sentence about what the program did, after ending it."""
        told = f"{self.command}{', just started,' if just_started else ''} {problem}"
        if isinstance(problem, TooLateError):
            self._hangs += 1
            told += f" within {seconds:.3g} s, the limit of {'a start' if just_started else 'this call'}"
            told += f" ({START_LIMIT if just_started else CALL_LIMIT} sets another)"
        told += pipe.said()
        self.close()
        return ProgramError(told)


def _limit(given: float | None, variable: str, usual: float) -> float:
    if given is not None:
        return given
    try:
        return float(os.environ.get(variable, usual))
    except ValueError:
        raise ProgramError(f"{variable} must be a number of seconds, got {os.environ[variable]!r:.60}") from None


def command(command: str, *, call_seconds: float | None = None, start_seconds: float | None = None) -> Program:
    """Return a program behind a pipe as an implementation, for `verify` and for scripts.

    Parameters
    ----------
    command, call_seconds, start_seconds
        As in `Program`.

    Raises
    ------
    ProgramError, PromiseError
        As in `Program`.

    Examples
    --------
    >>> verify(command("./my_kernel --device cpu"))  # doctest: +SKIP
    """
    return Program(command, call_seconds=call_seconds, start_seconds=start_seconds)
