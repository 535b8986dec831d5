"""The calls of one check, in order: from them comes the script that shows what is wrong."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from fsmn_properties.cases.case import Case, literal
from fsmn_properties.cases.within import outside
from fsmn_properties.checks.guard import is_watched, watched
from fsmn_properties.contract.forms import Form
from fsmn_properties.targets.target import Target
from fsmn_properties.targets.wire import ProgramError
from fsmn_ref.arguments import Array

LONGEST_MESSAGE, LONGEST_TAIL = 300, 900
MOST_NUMBERS = 60


class UserInterrupt(KeyboardInterrupt):
    """Ctrl-C, as opposed to a KeyboardInterrupt that a kernel raises; `during` is the script of the call."""

    during = ""


@contextmanager
def quietly() -> Iterator[None]:
    """Suppress whatever a kernel raises; Ctrl-C is none of it."""
    try:
        yield
    except UserInterrupt:
        raise
    except (Exception, SystemExit, KeyboardInterrupt):  # noqa: S110, other statements say so
        pass


class Call(NamedTuple):
    """One call of a function with a case."""

    case: Case
    function: str


class Violation(AssertionError):  # noqa: N818, the word is the contract's
    """An implementation breaks the contract.

    Parameters
    ----------
    problem : str
        What is wrong, in a sentence.
    calls : sequence of Call
        The calls that show it, in order.
    ending : sequence of str
        Python after the last call that fails, as it is wrong.
    facts : mapping of str to object
        The element, and what was got and wanted, if it is one element that is wrong.
    script : str
        Python that shows it, where it is not made from calls and ending.
    by_name : bool
        Whether the script asks the statement by its name, since no assertion about the last call says what is wrong.
    """

    def __init__(
        self,
        problem: str,
        calls: Sequence[Call] = (),
        ending: Sequence[str] = (),
        facts: Mapping[str, Any] | None = None,
        script: str = "",
        *,
        by_name: bool = False,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.calls = tuple(calls)
        self.ending = tuple(ending)
        self.facts = dict(facts or {})
        self.script = script
        self.by_name = by_name

    def body(self, target: Target) -> str:
        """Return the Python that shows it, after `implementation` is bound."""
        return self.script or body(target, self.calls, self.ending)


def clipped(text: object, most: int = LONGEST_MESSAGE) -> str:
    """Return a text that is not longer than a message should be."""
    words = str(text)
    return words if len(words) <= most else f"{words[: most - 6]} [...]"


@dataclass
class Trial:
    """Calls of a target for one check.

    Parameters
    ----------
    target : Target
        What is called.
    form : Form
        The form that the check is about.
    worst : float, optional
        The worst error in units of its rounding bound, where one was asked for.
    leaves_errors : bool
        Whether a call changed NumPy's error state, which is restored after each.
    """

    target: Target
    form: Form
    calls: list[Call] = field(default_factory=list)
    worst: float | None = None
    leaves_errors: bool = False

    def allows(self, case: Case) -> bool:
        """Return whether a case that was made from another one is promised as well."""
        return self.target.promises.is_whole or not outside(case, self.target.promises)

    def results(self, case: Case) -> dict[str, Array]:
        """Return every promised result by name; what the target raises is a Violation."""
        found: dict[str, Array] = {}
        for function in self.target.functions_of(case.form):
            found |= self.call(case, function)
        return found

    def forward(self, case: Case) -> Array:
        """Return the memory."""
        return self.call(case, case.form.forward)["memory"]

    def backward(self, case: Case) -> dict[str, Array]:
        """Return the promised gradients by name."""
        return self.call(case, case.form.backward)

    def call(self, case: Case, function: str, given: Mapping[str, Any] | None = None) -> dict[str, Array]:
        """Call one function and return its promised results by name.

        Parameters
        ----------
        case : Case
            What it is called with.
        function : str
            Its name.
        given : mapping of str to object, optional
            Arguments that are handed in as they are, instead of new ones.

        Raises
        ------
        Violation
            If it raises, or does not return its results as arrays.
        """
        self.calls.append(Call(case, function))
        try:
            returned = self.raw(case, function, given)
        except UserInterrupt as interrupt:
            interrupt.during = interrupt.during or body(self.target, self.calls[-1:], ())
            raise
        except (Exception, SystemExit, KeyboardInterrupt, GeneratorExit) as error:
            raise Violation(f"{function} {raised(error)}", self.calls[-1:]) from error
        return self._named(function, returned)

    def raw(self, case: Case, function: str, given: Mapping[str, Any] | None = None) -> Any:
        """Call one function, and return what it returns or raise what it raises."""
        names = case.form.arguments(function)
        if given is None or len(given) < len(names):
            given = {**case.arguments(function), **(given or {})}
        arguments = {name: given[name] for name in names}
        strides = {} if self.target.gives_no_stride(function) else case.strides
        called = self.target.function(function)
        with watched():
            try:
                if case.by_name:
                    return called(**dict(reversed(arguments.items())), **strides)
                return called(*arguments.values(), **strides)
            finally:
                self.leaves_errors = self.leaves_errors or not is_watched()

    def _named(self, function: str, returned: Any) -> dict[str, Array]:
        names = self.form.results(function)
        results = returned if len(names) > 1 else (returned,)
        wanted = ", ".join(names)
        if not isinstance(results, tuple | list) or len(results) != len(names):
            told = f"a {type(returned).__name__}"
            told += f" of {len(returned)}" if isinstance(returned, tuple | list) else ""
            ending = [f"assert isinstance(result, (tuple, list)) and len(result) == {len(names)}, type(result)"]
            raise Violation(f"{function} returned {told}, not {wanted}", self.calls[-1:], ending)
        found = dict(zip(names, results, strict=True))
        promised = self.target.results(function)
        for name in promised:
            if type(found[name]) is not np.ndarray:  # masked elements would equal anything
                kind = type(found[name]).__name__
                ending = [f"assert type({name}) is np.ndarray, type({name})"]
                raise Violation(f"{function} returned {name} as a {kind}, not an ndarray", self.calls[-1:], ending)
        return {name: found[name] for name in promised}


def raised(error: BaseException) -> str:
    """Say what was raised, and where."""
    if isinstance(error, ProgramError):
        return f"was not answered: {clipped(error, LONGEST_TAIL)}"
    frames = [] if hasattr(error, "of_a_program") else traceback.extract_tb(error.__traceback__)
    where = f" ({frames[-1].filename}, line {frames[-1].lineno})" if frames else ""
    return f"raised {type(error).__name__}: {clipped(error)}{where}"


def body(target: Target, calls: Iterable[Call], ending: Sequence[str]) -> str:
    """Return the Python of calls, and of an assertion about the last one's results."""
    lines: list[str] = []
    for call in calls:
        assigned = ", ".join(call.case.form.results(call.function))
        if any("(result" in line or " result" in line for line in ending):
            assigned = "result"
        lines += call.case.script(call.function).values()
        lines.append(f"{assigned} = {call_text(target, call)}")
    return "\n".join([*lines, *ending])


def call_text(target: Target, call: Call) -> str:
    """Return the Python of one call, with the variables of its script."""
    case = call.case.without_strides() if target.gives_no_stride(call.function) else call.case
    return case.call_text(call.function)


def shown(name: str, got: Array, want: Array, index: tuple[int, ...]) -> list[str]:
    """Return Python that fails unless a result is what it should be: all of it if small, else an element."""
    if want.size <= MOST_NUMBERS and want.dtype.kind != "O":
        text = literal(want)
        return [f"np.testing.assert_array_equal({name}, {text}, strict=True)  # what it should be"]
    element = f"{name}[{', '.join(map(str, index))}]"
    if got.shape != want.shape or got.dtype != want.dtype:
        return [kind_text(name, want)]
    value = want[index]
    equals = f"np.isnan({element})" if np.isnan(value) else f"{element} == {scalar(value)}"
    return [f"assert {equals}, {element}  # what it should be"]


def kind_text(name: str, want: Array) -> str:
    """Return Python that fails unless a result has the shape and the dtype that it should have."""
    dtype = "np.longdouble" if want.dtype == np.longdouble else repr(want.dtype.name)
    return f"assert ({name}.shape, {name}.dtype) == ({want.shape}, np.dtype({dtype})), ({name}.shape, {name}.dtype)"


def scalar(value: Any) -> str:
    """Return Python that makes a float with the same value."""
    if isinstance(value, np.longdouble):
        return f"np.longdouble('{np.format_float_scientific(value, unique=True)}')"
    number = float(value)
    return repr(number) if np.isfinite(number) else f"float('{number}')"
