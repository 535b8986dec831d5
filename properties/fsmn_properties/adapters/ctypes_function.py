"""Functions of a shared library, called by ctypes as their prototypes say."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import DIFFERENTIABLE, NAMES, block_of_calls
from fsmn_properties.adapters.kernel import Arguments, Gradients
from fsmn_properties.contract.forms import BI, UNI

POINTERS = {
    "float": "float32",
    "double": "float64",
    "int": "intc",
    "long": "long",
    "size_t": "uintp",
    "ptrdiff_t": "intp",
    **{f"{sign}int{bits}_t": f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)},
}
"""Types of C, and of NumPy."""

INTEGERS: dict[str, Any] = {
    "int": ctypes.c_int,
    "long": ctypes.c_long,
    "size_t": ctypes.c_size_t,
    "ptrdiff_t": ctypes.c_ssize_t,
    "int32_t": ctypes.c_int32,
    "int64_t": ctypes.c_int64,
    "uint32_t": ctypes.c_uint32,
    "uint64_t": ctypes.c_uint64,
}

SIZES: dict[str, Callable[[Arguments], int]] = {
    "frames": lambda given: given["hidden"].shape[-2],
    "channels": lambda given: given["hidden"].shape[-1],
    "batch": lambda given: given["hidden"].shape[0],
    "taps": lambda given: len(next(given[name] for name in ("taps", "filter", "bfilter") if name in given)),
    "ahead": lambda given: len(given["ffilter"]),
}
"""Names of numbers; `taps` counts the rows of the first filter, with its own tap if it has one."""

RESULTS = ("memory", *(f"d{name}" for name in DIFFERENTIABLE))
STRIDES = {"left", *UNI.strides, *BI.strides}


@dataclass(frozen=True)
class _Parameter:
    name: str
    type: str
    pointer: bool


def ctypes_function(library: str | ctypes.CDLL, forward: str, backward: str | None = None, **promises: Any) -> Block:
    """Return a block of functions of a shared library.

    Parameters
    ----------
    library : str or ctypes.CDLL
        The library, or its path.
    forward : str
        The prototype of a function, as `void fsmn(const float *hidden, const float *filter, float *memory, int frames,
        int channels, int taps)`. The names of its parameters say what is handed in: the contract's arguments, results
        as pointers that it writes to (`memory`, `dhidden`, `dfilter`), and the numbers `frames`, `channels`, `batch`,
        `taps` (rows of `filter`, `bfilter` or `taps`), and `ahead` (rows of `ffilter`).
    backward : str, optional
        The prototype of its gradients, with `dmemory`.
    **promises : object
        What is promised, beside or in place of what the adapter declares: the one float format of the prototype, and
        strides up to 2**16 in 32 bits, up to 2**40 in 64.

    Raises
    ------
    ValueError
        If a prototype cannot be read, or has another name or type of parameter.
    AttributeError
        If the library has no such function.
    """
    loaded = ctypes.CDLL(library) if isinstance(library, str) else library
    called, parameters = _loaded(loaded, forward)
    takes = frozenset(each.name for each in parameters if each.name in (NAMES if each.pointer else STRIDES))
    format = _format(parameters)

    def call(arguments: Arguments) -> Any:
        return _call(called, parameters, arguments, format)["memory"]

    by_hand = None
    if backward is not None:
        called_back, parameters_back = _loaded(loaded, backward)

        def by_hand(arguments: Arguments) -> Gradients:
            found = _call(called_back, parameters_back, arguments, format)
            return {f"d{name}": found.get(f"d{name}") for name in DIFFERENTIABLE if name in takes}

    declared: dict[str, Any] = {"formats": format}
    strides = [ctypes.sizeof(INTEGERS[each.type]) for each in parameters if each.name in STRIDES]
    if strides:
        # The product of a stride and the number of a tap must fit too.
        declared["most_stride"] = 2 ** (16 if min(strides) < 8 else 40)
    return block_of_calls(takes, call, by_hand, declared, promises)


def _loaded(library: ctypes.CDLL, prototype: str) -> tuple[Any, list[_Parameter]]:
    """Return a function and its parameters."""
    found = re.fullmatch(r"\s*([\w\s]+?)\s*\b(\w+)\s*\(([^()]*)\)\s*;?\s*", prototype)
    if not found:
        raise ValueError(
            f"prototype must be one of C, as void name(const float *hidden, int frames), got {prototype!r}"
        )
    function = getattr(library, found[2])
    function.restype = None
    parameters = [_parameter(each) for each in found[3].split(",")]
    function.argtypes = [ctypes.c_void_p if each.pointer else INTEGERS[each.type] for each in parameters]
    return function, parameters


def _parameter(text: str) -> _Parameter:
    words = re.findall(r"\w+|\*", re.sub(r"\b(const|restrict|__restrict|std::)\b", "", text))
    pointer = "*" in words
    names = [word for word in words if word != "*"]
    type = "size_t" if names[:-1] == ["std", "size_t"] else " ".join(names[:-1])
    if len(names) < 2 or type not in (POINTERS if pointer else INTEGERS):
        raise ValueError(f"parameter must have a type among {', '.join(POINTERS)}, and a name, got {text.strip()!r}")
    name = names[-1]
    allowed = {*NAMES, "dmemory", *RESULTS} - STRIDES if pointer else {*SIZES, *STRIDES}
    if name not in allowed:
        kind = "pointer" if pointer else "number"
        raise ValueError(f"parameter that is a {kind} must be among {', '.join(sorted(allowed))}, got {name!r}")
    return _Parameter(name, type, pointer)


def _format(parameters: list[_Parameter]) -> str:
    return next((POINTERS[each.type] for each in parameters if each.name == "hidden"), "float32")


def _call(function: Any, parameters: list[_Parameter], arguments: Arguments, format: str) -> dict[str, Any]:
    """Return the results that a function wrote."""
    results: dict[str, Any] = {}
    given: list[Any] = []
    kept = []  # arrays live until the call is over
    for each in parameters:
        if not each.pointer:
            given.append(_number(each, SIZES[each.name](arguments) if each.name in SIZES else arguments[each.name]))
            continue
        if each.name in RESULTS:
            like = arguments["hidden" if each.name == "memory" else each.name[1:]]
            # An element that is not written shows: it is NaN.
            array = results[each.name] = np.full(like.shape, np.nan, POINTERS[each.type])
        else:
            array = np.ascontiguousarray(arguments[each.name], None if each.name in _floats() else POINTERS[each.type])
            if each.name in _floats() and array.dtype != format:
                raise NotImplementedError(f"{each.name} of {array.dtype}")
        kept.append(array)
        given.append(array.ctypes.data)
    function(*given)
    return results


def _number(parameter: _Parameter, value: Any) -> int:
    """Return a number that the type of a parameter holds; ctypes cuts off whatever is more."""
    if INTEGERS[parameter.type](value).value != value:
        raise NotImplementedError(f"{parameter.name} of {value} in {parameter.type}")
    return int(value)


def _floats() -> tuple[str, ...]:
    return ("dmemory", *DIFFERENTIABLE)
