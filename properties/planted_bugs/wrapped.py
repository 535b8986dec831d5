"""A planted bug as a function round a correct kernel: what a port does wrong for some calls, in plain Python."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeAlias

import numpy as np

from fsmn_properties.contract.forms import FORMS, Form
from fsmn_ref.arguments import Array
from planted_bugs.bug import Bug
from planted_bugs.kernels import gathered


@dataclass(frozen=True)
class Call:
    """One call that the correct kernel accepts.

    Parameters
    ----------
    given : dict
        The arguments by name, as they were handed in; strides that were not are 1.
    function : callable
        The correct function.
    kept : dict
        What the port keeps between its calls, of this function and of the others.
    """

    given: dict[str, Any]
    function: Callable[..., Any]
    kept: dict[Any, Any]

    def __getitem__(self, name: str) -> Array:
        return np.asarray(self.given[name])

    @property
    def frames(self) -> int:
        """The number of frames."""
        return len(self["hidden"])

    @property
    def channels(self) -> int:
        """The number of channels."""
        channels: int = self["hidden"].shape[1]
        return channels

    @property
    def floats(self) -> dict[str, Array]:
        """The matrices by name."""
        names = ("dmemory", "hidden", "filter", "bfilter", "ffilter")
        return {name: self[name] for name in names if name in self.given}

    def correct(self, **instead: Any) -> Any:
        """Return what the correct function does with some arguments exchanged."""
        return self.function(**{**self.given, **instead})


Wrong: TypeAlias = Callable[[Call, Any], Any]
ALL_FOUR = tuple(function for form in FORMS for function in (form.forward, form.backward))


@dataclass(frozen=True)
class WrappedBug:
    """A wrong implementation: a correct kernel whose results are exchanged for wrong ones in some calls.

    Parameters
    ----------
    name : str
        The idea, in snake_case.
    what : str
        What is wrong, in one sentence.
    change : callable
        The wrong code: from a call and its correct result to what is returned.
    functions : tuple of str
        The functions that it changes.
    kernel : module
        The correct implementation.
    row : int, optional
        The row of known_bugs.md that reports this bug in a real implementation.
    """

    name: str
    what: str
    change: Wrong
    functions: tuple[str, ...] = field(default=ALL_FOUR)
    kernel: ModuleType = gathered
    row: int | None = None

    @property
    def forms(self) -> frozenset[Form]:
        """The forms whose functions it changes."""
        return frozenset(form for form in FORMS if {form.forward, form.backward} & set(self.functions))

    def implementation(self) -> ModuleType:
        """Return a new module with the four functions; whatever they keep between calls is its own."""
        module, kept = Bug(self.name, self.what, self.kernel, ()).implementation(), dict[Any, Any]()
        for name in self.functions:
            setattr(module, name, self._wrong(getattr(module, name), kept))
        return module

    def _wrong(self, correct: Callable[..., Any], kept: dict[Any, Any]) -> Callable[..., Any]:
        signature = inspect.signature(correct)

        @functools.wraps(correct)
        def wrong(*arguments: Any, **named: Any) -> Any:
            bound = signature.bind(*arguments, **named)
            bound.apply_defaults()
            right = correct(*arguments, **named)  # what is refused is refused first of all
            return self.change(Call(bound.arguments, correct, kept), right)

        return wrong


def planted(*functions: str) -> Callable[[Wrong], WrappedBug]:
    """Return a decorator that makes a bug in these functions: its name is the function's, its docstring says what."""

    def bug(change: Wrong) -> WrappedBug:
        return WrappedBug(change.__name__, inspect.getdoc(change) or "", change, functions or ALL_FOUR)

    return bug
