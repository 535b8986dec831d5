"""A program as an implementation: each call of a function is a message to it, each answer the result of the call."""

from __future__ import annotations

import inspect
import os
import time
from collections.abc import Callable, Mapping
from math import prod
from typing import Any, NoReturn

import numpy as np

from fsmn_properties.contract.forms import form_of
from fsmn_properties.contract.promises import Promises, promises_of
from fsmn_properties.targets.pipe import Pipe, TooLateError
from fsmn_properties.targets.wire import (
    VERSION,
    ProgramError,
    array_of,
    described,
    head_of,
    length,
    packed,
    quoted,
    shape_of,
    stride_told,
)
from fsmn_ref.arguments import Array

PREFIX = "command:"
"""Before a command where the name of a target is expected."""

CALL_SECONDS, START_SECONDS = 10.0, 60.0
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
    call_seconds : float
        How long a small call may take; one of a million products of a frame and a tap may take a second longer.
    start_seconds : float
        How long it may take from its start until it states its name.

    Raises
    ------
    ProgramError
        If it can't be started, or does not state its name, version, language and promises.
    PromiseError
        If it promises what is no promise.
    """

    in_process = False

    def __init__(
        self, command: str, *, call_seconds: float = CALL_SECONDS, start_seconds: float = START_SECONDS
    ) -> None:
        given = {"call_seconds": call_seconds, "start_seconds": start_seconds}
        usual = {"call_seconds": CALL_SECONDS, "start_seconds": START_SECONDS}
        told = "".join(f", {key}={value!r}" for key, value in given.items() if value != usual[key])
        self.command = command
        self.python = f"from fsmn_properties import command\nimplementation = command({command!r}{told})"
        self.__name__ = f"{PREFIX}{command}"
        self._call_seconds, self._start_seconds = call_seconds, start_seconds
        self._pipe: Pipe | None = None
        self._owner, self._hangs = 0, 0
        hello = self._started()
        self.name, self.version, self.language = (str(hello[key])[:80] for key in ("name", "version", "language"))
        self.promises: Promises = promises_of(hello["promises"])
        for function in self.promises.functions:
            setattr(self, function, _function(self, function))

    def ask(self, function: str, arguments: Mapping[str, Array], strides: Mapping[str, Any]) -> dict[str, Array]:
        """Call one of its functions, and return the results by name.

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
        head = {"fsmn": VERSION, "call": function, "arguments": arrays}
        head["strides"] = [stride_told(name, value) for name, value in strides.items()]
        if self._hangs >= MOST_HANGS:
            raise ProgramError(f"{self.command} is not called any more: {MOST_HANGS} calls were not answered in time")
        seconds = self._seconds(arguments)
        pipe = self._running()
        try:
            message = packed(head, list(arguments.values()))
            answer, results = _answered(pipe, function, message, arguments, time.monotonic() + seconds)
        except ProgramError as error:
            raise self._problem(pipe, error, seconds) from None
        except BaseException:  # interrupted in the middle of an answer
            self.close()
            raise
        if answer["answer"] != "results":
            _refuse(answer, self.command)
        return results

    def close(self) -> None:
        """End the program; the next call starts it again."""
        if self._pipe is not None:
            self._pipe.end()
        self._pipe = None

    def _seconds(self, arguments: Mapping[str, Array]) -> float:
        taps = sum(len(value) for name, value in arguments.items() if name.endswith("filter") and value.ndim)
        products = arguments["hidden"].size * (1 + taps) if "hidden" in arguments else 0
        patience = 1 if self._hangs < PATIENCE else 0.1
        return patience * self._call_seconds + products / SLOWEST

    def _running(self) -> Pipe:
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
            return _hello(pipe, time.monotonic() + self._start_seconds)
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
        told += pipe.said()
        self.close()
        return ProgramError(told)


def command(command: str, *, call_seconds: float = CALL_SECONDS, start_seconds: float = START_SECONDS) -> Program:
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


def _hello(pipe: Pipe, until: float) -> dict[str, Any]:
    hello = head_of(pipe.line(until, "stated no name"))
    if hello.get("fsmn") != VERSION:
        raise ProgramError(f"speaks version {hello.get('fsmn')!r:.60} of the protocol, which must be {VERSION}")
    missing = [key for key in ("name", "version", "language") if not isinstance(hello.get(key), str)]
    if missing or not isinstance(hello.get("promises", {}), dict):
        raise ProgramError(f"stated no {' and no '.join(missing) or 'promises that are an object'}")
    return {"promises": {}, **hello}


def _answered(
    pipe: Pipe, function: str, message: bytes, arguments: Mapping[str, Array], until: float
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Send a call, and return the answer and its results."""
    pipe.send(message, until)
    answer = head_of(pipe.line(until, "did not answer"))
    results: dict[str, Array] = {}
    kind = answer.get("answer")
    if kind not in {"results", "refused", "unsupported", "failed"}:
        raise ProgramError(f"gave the answer {kind!r:.60}, which must be results, refused, unsupported or failed")
    if kind == "results":
        told = answer.get("results")
        if not isinstance(told, list):
            raise ProgramError(f"answered with {told!r:.60}, where a list of results was due")
        most = 1024 + 2 * sum(value.size for value in arguments.values())
        shapes = [shape_of(each, form_of(function).results(function)) for each in told]
        for name, _, shape in shapes:
            if prod(shape) > most:
                raise ProgramError(f"answered {name} with shape {shape}, larger than any result of this call")
        for name, dtype, shape in shapes:
            results[name] = array_of(pipe.take(length(dtype, shape), until), dtype, shape)
    if pipe.left:
        raise ProgramError(f"sent {pipe.left:,} bytes more than its answer announces")
    return answer, results


def _refuse(answer: Mapping[str, Any], program: str) -> NoReturn:
    """Raise what a program answered instead of results."""
    words = str(answer.get("words", answer.get("reason", "")))
    argument, index, value = (answer.get(key) for key in ("argument", "index", "value"))
    place = f"{argument}[{index}]" if index is not None else str(argument or "")
    told = " ".join(part for part in (place, f"= {value}" if value is not None else "", words) if part)
    if answer["answer"] == "unsupported":
        raise _of_the_program(NotImplementedError(words or "the program gives no reason"))
    if answer["answer"] == "failed":
        raise ProgramError(f"{program} failed: {words or 'the program gives no reason'}")
    kinds = {"TypeError": TypeError, "ValueError": ValueError}
    if answer.get("kind") not in kinds:
        raise ProgramError(
            f"{program} refused with kind {answer.get('kind')!r:.60}, which must be one of {', '.join(kinds)}"
        )
    raise _of_the_program(kinds[answer["kind"]](told))


def _of_the_program(error: Exception) -> Exception:
    error.__dict__["of_a_program"] = True  # no line of ours raised it
    return error


def _function(program: Program, name: str) -> Callable[..., Any]:
    """Return a function of the contract that asks a program."""
    form = form_of(name)
    names, results = form.arguments(name), form.results(name)
    parameters = [inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD) for each in names]
    parameters += [inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY, default=1) for each in form.strides]
    signature = inspect.Signature(parameters)

    def call(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named).arguments
        arrays = {each: np.asarray(bound[each]) for each in names}
        found = program.ask(name, arrays, {each: bound[each] for each in form.strides if each in bound})
        return found.get("memory") if len(results) == 1 else tuple(found.get(each) for each in results)

    call.__name__ = name
    call.__signature__ = signature  # type: ignore[attr-defined]
    return call
