"""A target: functions that can be called, what they promise, and Python that gets hold of them."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from fsmn_properties.contract.forms import FORMS, FUNCTIONS, NAMES, Form, form_of
from fsmn_properties.contract.promises import WHOLE, PromiseError, Promises, promises_of

OUT_OF_PROCESS = WHOLE.but(
    formats=tuple(name for name in WHOLE.formats if name != "longdouble"), lists=False, layouts="contiguous"
)
"""The most that can be asked of a target in a process of its own: values alone get there, in formats of IEEE 754."""

ONE_ADDRESS_SPACE = "needs one address space, and this target runs in a process of its own"


class CannotLoadError(Exception):
    """A name that leads to no target; the message says why."""


@dataclass(frozen=True)
class Target:
    """An implementation under verification.

    Parameters
    ----------
    functions : object
        Whatever has the functions as attributes: a module, a class, an instance, a namespace.
    name : str
        Its name in reports.
    python : str
        Python that binds it to `implementation`.
    promises : Promises
        What it promises of the contract.
    reachable : bool
        Whether `python` runs in a fresh process.
    in_process : bool
        Whether it runs in this process, and so sees the arrays that are handed in, and not copies of their values.
    """

    functions: Any
    name: str
    python: str
    promises: Promises
    reachable: bool = True
    in_process: bool = True

    def __post_init__(self) -> None:
        if not self.in_process:
            mine, most = self.promises, self.most
            formats = tuple(name for name in mine.formats if name in most.formats)
            object.__setattr__(self, "promises", mine.but(formats=formats, lists=most.lists, layouts=most.layouts))

    @property
    def most(self) -> Promises:
        """The most that can be asked of it, whatever it promises."""
        return WHOLE if self.in_process else OUT_OF_PROCESS

    @property
    def stated(self) -> Promises:
        """What it promises, without what cannot be asked of it in any case."""
        forced = {key for key, value in self.most.narrowed.items() if getattr(self.promises, key) == value}
        return self.promises.but(**{key: getattr(WHOLE, key) for key in forced})

    def carries(self, value: Any) -> bool:
        """Return whether an argument can be handed to it as it is, right or wrong."""
        dtype = getattr(value, "dtype", None)
        return self.in_process or dtype is None or (dtype.kind in "iufcb" and dtype.char not in "gG")

    def function(self, name: str) -> Any:
        """Return one of its functions."""
        return getattr(self.functions, name)

    def has(self, function: str) -> bool:
        """Return whether a function is promised."""
        return function in self.promises.functions

    def results(self, function: str) -> tuple[str, ...]:
        """Return the names of the results of a function that are promised."""
        return self._results[function]

    def functions_of(self, form: Form) -> tuple[str, ...]:
        """Return the promised functions of a form; a backward function without gradients is none."""
        return self._functions[form.short]

    def gives_no_stride(self, function: str) -> bool:
        """Return whether a function has no strides to be given, which a promise of stride 1 allows."""
        return function in self._without_strides

    def takes_names(self, form: Form) -> bool:
        """Return whether the arguments of the promised functions of a form are called what the contract calls them."""
        return all(self._names(name) >= set(form.arguments(name)) for name in self.functions_of(form))

    @cached_property
    def _results(self) -> dict[str, tuple[str, ...]]:
        promised = {"memory", *(f"d{name}" for name in self.promises.gradients)}
        return {
            function: tuple(name for name in form_of(function).results(function) if name in promised)
            for function in FUNCTIONS
        }

    @cached_property
    def _functions(self) -> dict[str, tuple[str, ...]]:
        return {
            form.short: tuple(name for name in form.functions if self.has(name) and self.results(name))
            for form in FORMS
        }

    @cached_property
    def _without_strides(self) -> frozenset[str]:
        if self.promises.strides != "one":
            return frozenset()
        return frozenset(
            name
            for name in self.promises.functions
            if not set(form_of(name).strides) <= self._names(name) and not self._takes_anything(name)
        )

    def _names(self, function: str) -> set[str]:
        signature = _signature(self.function(function))
        return set(signature.parameters) if signature else set()

    def _takes_anything(self, function: str) -> bool:
        signature = _signature(self.function(function))
        return signature is None or any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values())

    def promising(self, promises: Any) -> Target:
        """Return the same target with some promises replaced.

        Raises
        ------
        PromiseError
            If a promise is none, or a promised function is missing.
        """
        changes = promises.narrowed if isinstance(promises, Promises) else promises
        return checked(replace(self, promises=self.promises.but(**dict(changes))))


def target_of(
    functions: object, promises: Any = None, *, name: str = "", python: str = "", declared: Any = None
) -> Target:
    """Return a target of any object with at least one of the functions as an attribute.

    Parameters
    ----------
    functions : object
        A module, a class, an instance, a namespace, or a Target.
    promises : mapping or Promises, optional
        What it promises; replaces, key by key, its attribute `promises`.
    name, python : str
        As in `Target`.
    declared : mapping or Promises, optional
        What it promises, if it has no attribute `promises`.

    Raises
    ------
    CannotLoadError
        If it has none of the functions, or one that cannot be called as the contract says.
    PromiseError
        If a promise is not allowed.
    """
    if isinstance(functions, Target):
        return functions.promising(promises or {})
    name = name or getattr(functions, "__name__", None) or type(functions).__name__
    found = tuple(each for each in NAMES if callable(getattr(functions, each, None)))
    if not found:
        raise CannotLoadError(f"implementation must have at least one of {', '.join(NAMES)}, got {name}")
    declared = getattr(functions, "promises", declared)
    mine = promises_of({} if declared is None else declared)
    if not isinstance(declared, Promises) or mine.functions == NAMES:
        listed = declared.get("functions", found) if isinstance(declared, Mapping) else found
        mine = mine.but(functions=listed)
    python = python or getattr(functions, "python", "")
    python, reachable = python or "implementation = ...  # what was verified", bool(python)
    target = Target(functions, name, python, mine, reachable, getattr(functions, "in_process", True))
    return checked(target) if promises is None else target.promising(promises)


def checked(target: Target) -> Target:
    """Return the target after its promises are held against its functions, and those against the contract.

    Raises
    ------
    PromiseError
        If a promised function is missing.
    CannotLoadError
        If a promised function cannot be called as the contract says.
    """
    for name in target.promises.functions:
        if not callable(getattr(target.functions, name, None)):
            has = ", ".join(each for each in NAMES if callable(getattr(target.functions, each, None)))
            raise PromiseError(f"functions must be among those of {target.name} ({has}), got {name!r}")
    wrong = [line for name in target.promises.functions if (line := _misfit(target, name))]
    if wrong:
        raise CannotLoadError("; ".join(wrong))
    return target


def _signature(function: Any) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):  # written in C
        return None


def _misfit(target: Target, name: str) -> str:
    """Return what is wrong with the signature of a function, if it has one."""
    signature, form = _signature(target.function(name)), form_of(name)
    if signature is None:
        return ""
    strides = dict.fromkeys(form.strides, 1)
    arguments = form.arguments(name)
    try:
        signature.bind(*arguments, **({} if target.gives_no_stride(name) else strides))
    except TypeError as error:
        wanted = f"({', '.join(arguments)}, *, {', '.join(f'{each}=1' for each in strides)})"
        hint = "; without strides, promise strides='one'" if any(s in str(error) for s in strides) else ""
        return f"{name} must take {wanted}, got {signature}{hint}"
    return ""
