"""Blocks of functions: the names of their parameters say which arguments they take, and so much of their promise."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.kernel import Arguments, Gradients, Kernel
from fsmn_properties.adapters.utterances import POSITIONS
from fsmn_properties.contract.formats import INTEGERS
from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.contract.promises import WHOLE

DIFFERENTIABLE = ("hidden", "filter", "bfilter", "ffilter", "taps")
"""Names of the arguments that have gradients, in the order in which a backward function returns these."""

STRIDES = (*UNI.strides, *BI.strides)
OTHERS = ("left", "mask", "lengths")
NAMES = (*DIFFERENTIABLE, *POSITIONS, *STRIDES, *OTHERS)
ONLY_BI = {"bfilter", "ffilter", "taps", *BI.positions, *BI.strides}

DECLARED: Mapping[str, Any] = {
    "formats": ("float32", "float64"),
    "mixed": False,
    "empty": False,
    "nonfinite": False,
    "refusals": "none",
    "lists": False,
    "layouts": "contiguous",
}
"""What every block promises to begin with; the caller of an adapter knows better and says so."""


def taken(function: Callable[..., Any], beside: tuple[str, ...] = ()) -> frozenset[str]:
    """Return the names of the arguments that a function takes.

    Parameters
    ----------
    function : callable
        A function whose parameters are called what the contract calls them.
    beside : tuple of str
        Further names that are allowed.

    Raises
    ------
    TypeError
        If a parameter without a default has any other name, or parameters cannot be read.
    """
    called = getattr(function, "__name__", None) or type(function).__name__
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError) as error:
        raise TypeError(f"parameters of {called} cannot be read: give a Python function that calls it") from error
    names = {name: parameter.default is parameter.empty for name, parameter in parameters.items()}
    wrong = next((name for name, needed in names.items() if needed and name not in (*NAMES, *beside)), None)
    if wrong:
        raise TypeError(f"parameters of {called} must be among {', '.join((*beside, *NAMES))}, got {wrong!r}")
    return frozenset(names) & {*NAMES, *beside}


def block_of(forward: Block | Callable[..., Any], backward: Callable[..., Any] | None = None) -> Block:
    """Return a block of functions on arrays; a block is returned as it is.

    Raises
    ------
    TypeError
        If a parameter has a name that is not known, or a backward function is given beside a block.
    """
    if isinstance(forward, Block):
        if backward is not None:
            raise TypeError("backward must be given with its function, got it beside a block")
        return forward
    takes = taken(forward)

    def call(arguments: Arguments) -> Any:
        return forward(**{name: arguments[name] for name in takes})

    return block_of_calls(takes, call, called_back(backward, takes), {}, {})


def called_back(
    backward: Callable[..., Any] | None, takes: frozenset[str], convert: Callable[[Any], Any] = lambda value: value
) -> Callable[[Arguments], Gradients] | None:
    """Return a call of a backward function that returns its gradients by name.

    Parameters
    ----------
    backward : callable or None
        Takes `dmemory` and arguments by the contract's names, and returns the gradients in the contract's order.
    takes : frozenset of str
        Names of the arguments of the forward function: those that have gradients.
    convert : callable
        Makes an argument of an array.
    """
    if backward is None:
        return None
    names = taken(backward, ("dmemory",))
    wanted = [f"d{name}" for name in DIFFERENTIABLE if name in takes]

    def call(arguments: Arguments) -> Gradients:
        found = backward(**{name: convert(arguments[name]) for name in names})
        found = found if isinstance(found, tuple | list) else (found,)
        if len(found) != len(wanted):
            raise TypeError(f"backward must return {', '.join(wanted)}, got {len(found)} results")
        return dict(zip(wanted, found, strict=True))

    return call


def block_of_calls(
    takes: frozenset[str],
    forward: Callable[[Arguments], Any],
    backward: Callable[[Arguments], Gradients] | None,
    declared: Mapping[str, Any],
    promises: Mapping[str, Any],
) -> Block:
    """Return a block of functions of arguments by name.

    Parameters
    ----------
    takes : frozenset of str
        Names of the arguments that they use.
    forward, backward : callable
        The functions; `backward` returns gradients by name.
    declared, promises : mapping of str to object
        What their adapter promises, and what its caller does, which prevails.

    Raises
    ------
    TypeError
        If they take no frames or no filter, or filters of both forms.
    """
    form = BI if takes & ONLY_BI else UNI
    filters = [name for name in DIFFERENTIABLE[1:] if name in takes]
    if "hidden" not in takes or filters not in (["filter"], ["bfilter"], ["bfilter", "ffilter"], ["taps"]):
        wanted = "hidden, and filter, or bfilter, or bfilter and ffilter, or taps"
        raise TypeError(f"parameters of a function must be {wanted}, got {', '.join(sorted(takes)) or 'none'}")
    looks_ahead = bool({"ffilter", "taps"} & takes)

    def inside(arguments: Arguments) -> Arguments:
        return _with_strides(arguments, takes, form, looks_ahead=looks_ahead)

    def called(arguments: Arguments) -> Any:
        return forward(inside(arguments))

    def called_backward(arguments: Arguments) -> Gradients:
        assert backward is not None
        found = backward(inside(arguments))
        if form is BI and not looks_ahead:
            found["dffilter"] = np.zeros_like(arguments["ffilter"])
        return found

    mine = {**DECLARED, "strides": _strides(takes, form, looks_ahead=looks_ahead)}
    if takes & {*POSITIONS}:
        mine |= {"positions": "any", "position_types": "int64"}
    else:
        mine |= {"positions": "whole", "position_types": INTEGERS}
    if form is BI and not looks_ahead:
        mine["ahead"] = (0, 0)
    kept = WHOLE.but(**{**mine, **declared, **promises})
    return Block(form, Kernel(called, None if backward is None else called_backward), takes, kept, {})


def of_a_framework(takes: frozenset[str]) -> dict[str, Any]:
    """Return what is promised of a function that pads frames by the reach of its taps, and convolves them."""
    found: dict[str, Any] = {"most_stride": 100} if takes & {*STRIDES} else {}
    return {**found, "taps": (1, None)} if "filter" in takes else found


def _strides(takes: frozenset[str], form: Form, *, looks_ahead: bool) -> str:
    sides = form.strides if looks_ahead or form is UNI else form.strides[:1]
    if takes >= {*sides}:
        return "any"
    return "equal" if "stride" in takes and form is BI else "one"


def _with_strides(arguments: Arguments, takes: frozenset[str], form: Form, *, looks_ahead: bool) -> Arguments:
    """Return the arguments with strides that are Python's, as no other language knows NumPy's.

    Raises
    ------
    NotImplementedError
        If the function does not take the strides or the look-ahead taps of the call.
    """
    if not looks_ahead and np.size(arguments.get("ffilter", ())):
        raise NotImplementedError("look-ahead taps")
    strides = {name: int(arguments[name]) for name in form.strides}
    sides = form.strides if looks_ahead or form is UNI else form.strides[:1]
    different = {strides[name] for name in sides}
    if form is BI and "stride" in takes:
        if len(different) > 1:
            raise NotImplementedError("different strides of the two sides")
        strides["stride"] = strides[sides[0]]
    elif not takes >= {*sides} and different != {1}:
        raise NotImplementedError("strides other than 1")
    return {**arguments, **strides}
