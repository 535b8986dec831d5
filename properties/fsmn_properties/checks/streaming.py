"""A stream of a target, fed with a case chunk by chunk; whatever is done with it is written down as it is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case, literal
from fsmn_properties.cases.layouts import applies, expression
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.rounding import within_the_bound
from fsmn_properties.checks.trial import Call, Trial, UserInterrupt, Violation, call_text, raised
from fsmn_ref.arguments import Array

Script = list[str | Callable[[], str]]
"""Python that was carried out, in order; what takes time to write is written when it is needed."""


class Streamed:
    """A stream of the target, and the Python that makes and feeds it.

    Parameters
    ----------
    trial : Trial
        What is called.
    case : Case
        The filters, strides and chunks.
    name : str
        The name of its variable.
    script : list, optional
        Python before it, of another stream; both go on writing it.
    silent : bool
        Whether NumPy's warnings are suppressed, after which its error state is what it was before.
    """

    def __init__(
        self, trial: Trial, case: Case, name: str = "stream", script: Script | None = None, *, silent: bool = True
    ) -> None:
        self.trial, self.case, self.name, self.silent = trial, case, name, silent
        self.script: Script = [] if script is None else script
        self.prefix = "" if name == "stream" else f"{name}_"
        self.rows: list[Array] = []
        self.kept: list[Array] = []
        self.frames = self._number = 0
        function = case.form.stream
        self.given = case.arguments(function)
        self.chunk: Any = None
        self._pieces = case.pieces()
        trial.calls.append(Call(case, function))
        self.script.append(self._opening)
        strides = {} if trial.target.gives_no_stride(function) else case.strides
        called = trial.target.function(function)
        positional = () if case.by_name else tuple(self.given.values())
        named = {**self.given, **strides} if case.by_name else strides
        self._stream = self._tried(function, lambda: called(*positional, **named))

    @property
    def left(self) -> bool:
        """Whether chunks are left to be pushed."""
        return self._number < len(self.case.chunks)

    def push(self) -> Array:
        """Push the next chunk, and return the rows."""
        length, layout, dtype = self.case.chunks[self._number]
        begin, self.frames, self._number = self.frames, self.frames + length, self._number + 1
        plain, text = self.case["hidden"][begin : self.frames], f"{self.prefix}hidden[{begin}:{self.frames}]"
        text += f".astype({dtype!r})" if dtype else ""
        self.chunk = next(self._pieces)
        text = (
            f"x = {text}.copy()\n{self.prefix}chunk = {expression(layout)}"
            if applies(layout, plain)
            else (f"{self.prefix}chunk = {text}.copy()")
        )
        self.script.append(f"{text}\n{self.prefix}rows.append({self.name}.push({self.prefix}chunk))")
        return self._taken("push", lambda: self._stream.push(self.chunk))

    def finish(self) -> Array:
        """End the utterance, and return the rows."""
        self.script.append(f"{self.prefix}rows.append({self.name}.finish())")
        return self._taken("finish", lambda: self._stream.finish())  # noqa: PLW0108, it may have none

    def push_again(self, frames: Array) -> float:
        """Push frames that no chunk of the case holds, forget the rows, and return how many seconds it took."""
        started = time.perf_counter()
        self._tried("push", lambda: self._stream.push(frames))
        return time.perf_counter() - started

    def keep(self) -> None:
        """Keep a copy of the last rows."""
        self.kept.append(self.rows[-1].copy())
        self.script.append("kept.append(rows[-1].copy())")

    def to_the_end(self) -> None:
        """Push what is left, and finish."""
        while self.left:
            self.push()
        self.finish()

    def is_right(self, *, rounds: bool = False, parts: str = "rows") -> None:
        """Raise a Violation unless the rows of a finished stream, one after another, are the memory.

        Parameters
        ----------
        rounds : bool
            Whether they may differ from the exact memory within the rounding bound.
        parts : {'rows', 'kept'}
            The rows as they are now, or as they were when they were returned.
        """
        memory = {"memory": np.concatenate(self.rows if parts == "rows" else self.kept)}
        with self.as_memory(parts):
            within_the_bound(self.trial, self.case, memory) if rounds else agree(self.case, memory)

    def refuses(self, call: str, error: type[Exception], what: str, given: Any = None, text: str = "") -> None:
        """Raise a Violation unless a call raises an error.

        Parameters
        ----------
        call : {'push', 'finish'}
            What is called.
        error : type of Exception
            What must be raised.
        what : str
            What is wrong with the call.
        given : object, optional
            The frames that are pushed.
        text : str
            Python that makes them.
        """
        method = getattr(self._stream, call)
        asked = f"{self.name}.{call}({text})"
        lines = ["try:", f"    {asked}", f"except {error.__name__}:", "    pass"]
        wanted = f"should raise {error.__name__}"
        try:
            with np.errstate(all="ignore"):
                method(given) if call == "push" else method()
        except UserInterrupt:
            raise
        except error:
            self.script.append("\n".join(lines))
            return
        except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit) as other:
            problem = f"{call} {raised(other)} for {what}; {wanted}"
            raise self.violation(problem, lines) from None
        ending = [*lines, "else:", f"    raise AssertionError({f'{call} accepted {what}'!r})"]
        raise self.violation(f"{call} accepted {what}; {wanted}", ending)

    def write(self, text: str) -> None:
        """Write down Python that the caller carries out."""
        self.script.append(text)

    def violation(self, problem: str, ending: Sequence[str] = (), facts: Any = None) -> Violation:
        """Return a Violation with the Python so far and an ending that fails."""
        lines = [line if isinstance(line, str) else line() for line in self.script]
        calls = [Call(self.case, self.case.form.stream)]
        return Violation(problem, calls, (), facts, "\n".join([*lines, *ending]))

    def require(self, holds: bool, problem: str, assertion: str) -> None:
        """Raise a Violation unless something holds; `assertion` is Python that says so."""
        if not holds:
            raise self.violation(problem, [f"assert {assertion}"])

    @contextmanager
    def as_memory(self, rows: str = "rows") -> Iterator[None]:
        """Show what is wrong with the memory by the Python so far; `rows` is the variable of its parts."""
        try:
            yield
        except Violation as wrong:
            lines = [f"memory = np.concatenate({rows})", *wrong.ending]
            raise self.violation(wrong.problem, lines, wrong.facts) from None

    def _taken(self, call: str, method: Callable[[], Any]) -> Array:
        returned = self._tried(call, method)
        rows = f"{self.prefix}rows[-1]"
        kind = type(returned)
        self.require(
            kind is np.ndarray, f"{call} returned a {kind.__name__}, not an ndarray", f"type({rows}) is np.ndarray"
        )
        channels = self.case.channels
        fits = returned.ndim == 2 and returned.shape[1] == channels
        told = f"{call} returned rows of shape {returned.shape}, should have shape (n, {channels})"
        self.require(fits, told, f"{rows}.ndim == 2 and {rows}.shape[1] == {channels}, {rows}.shape")
        self.rows.append(returned)
        return self.rows[-1]

    def _tried(self, what: str, method: Callable[[], Any]) -> Any:
        try:
            with np.errstate(all="ignore") if self.silent else nullcontext():
                return method()
        except UserInterrupt:
            raise
        except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit) as error:
            raise self.violation(f"{what} {raised(error)}") from error

    def _opening(self) -> str:
        case, function = self.case, self.case.form.stream
        lines = case.script(function)
        hidden = "case['hidden']" if "case" in lines else literal(case["hidden"])
        made = f"{self.name} = {call_text(self.trial.target, Call(case, function))}"
        given = f"{self.prefix}filters = {', '.join(case.form.filters)},"
        rest = [f"{self.prefix}hidden = {hidden}", made, given, f"{self.prefix}rows = []"]
        return "\n".join([*lines.values(), *rest])


def streamed(trial: Trial, case: Case) -> Streamed:
    """Return a stream that was fed with a case to the end."""
    stream = Streamed(trial, case)
    stream.to_the_end()
    return stream
