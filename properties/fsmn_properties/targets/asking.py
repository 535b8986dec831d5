"""The functions of a program, and its streams, as those of Python."""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from fsmn_properties.contract.forms import form_of
from fsmn_ref.arguments import Array

if TYPE_CHECKING:
    from fsmn_properties.targets.process import Program

SPARE = 1024
"""So many numbers more than there should be are read of a wrong result, to show it."""

_numbers = count(1)


def function_of(program: Program, name: str) -> Callable[..., Any]:
    """Return a function of the contract that asks a program."""
    form = form_of(name)
    names, results = form.arguments(name), form.results(name)
    parameters = [inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD) for each in names]
    parameters += [inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY, default=1) for each in form.strides]
    signature = inspect.Signature(parameters)

    def call(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named).arguments
        arrays = {each: np.asarray(bound[each]) for each in names}
        strides = {each: bound[each] for each in form.strides if each in bound}
        if name == form.stream:
            return Stream(program, name, arrays, strides)
        work = arrays["hidden"].size * (1 + _taps(arrays))
        most = SPARE + 2 * sum(value.size for value in arrays.values())
        found = program.ask(name, arrays, strides, results, work=work, most=most)
        return found.get("memory") if len(results) == 1 else tuple(found.get(each) for each in results)

    call.__name__ = name
    call.__signature__ = signature  # type: ignore[attr-defined]
    return call


def _taps(arrays: Mapping[str, Array]) -> int:
    return sum(len(value) for name, value in arrays.items() if name.endswith("filter") and value.ndim)


class Stream:
    """A stream that a program keeps.

    Parameters
    ----------
    program : Program
        The program.
    function : str
        The function that makes the stream.
    arrays, strides : mapping
        What it is called with.
    """

    def __init__(
        self, program: Program, function: str, arrays: Mapping[str, Array], strides: Mapping[str, Any]
    ) -> None:
        self._program, self._name, self._pushed = program, str(next(_numbers)), 0
        self._taps, self._pipe = _taps(arrays), program.running()
        program.ask(function, arrays, strides, (), stream=(self._pipe, self._name))
        weakref.finalize(self, program.forget, self._pipe, self._name)

    def push(self, frames: Any) -> Any:
        """Hand frames to the program, and return the rows that it answers."""
        return self._rows("push", {"frames": np.asarray(frames)})

    def finish(self) -> Any:
        """Return the remaining rows."""
        return self._rows("finish", {})

    def _rows(self, call: str, arrays: Mapping[str, Array]) -> Any:
        pushed = self._pushed + sum(value.size for value in arrays.values())
        work, most = pushed * (1 + self._taps), SPARE + 2 * pushed
        found = self._program.ask(call, arrays, {}, ("memory",), stream=(self._pipe, self._name), work=work, most=most)
        self._pushed = pushed
        return found.get("memory")
