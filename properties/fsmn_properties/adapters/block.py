"""A block: a target made of a user's functions, and of stages between the contract's arguments and theirs.

An adapter makes a block of functions, or adds a stage to a block. Stages have a fixed order, from the contract inwards:
adapters may be written in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from inspect import Parameter, Signature
from typing import Any

import numpy as np

from fsmn_properties.adapters.kernel import Kernel, Stage, stage
from fsmn_properties.adapters.unidirectional import unidirectional
from fsmn_properties.adapters.utterances import POSITIONS, of_one_utterance
from fsmn_properties.contract.forms import FUNCTIONS, UNI, Form
from fsmn_properties.contract.promises import PromiseError, Promises

STAGES = (
    "identity_folded_into_own_tap",
    "batched",
    "utterance_by_utterance",
    "delayed",
    "one_filter",
    "taps_oldest_first",
    "channels_first",
    "float_positions",
)
"""The order in which stages see the arguments of a call."""

HANDED_IN = {"mask": "batched", "lengths": "batched", "taps": "one_filter", "left": "one_filter"}
"""Names of arguments that are none of the contract's, and the adapter that hands each in."""


@dataclass(frozen=True)
class Block:
    """A target with one form of the memory block, or with the unidirectional form made of the bidirectional one.

    Its attributes are the contract's functions, as many as it has, and `promises`.

    Parameters
    ----------
    form : Form
        The form of the kernel.
    kernel : Kernel
        The user's functions.
    takes : frozenset of str
        Names of the arguments that they take.
    kept : Promises
        What they promise.
    stages : mapping of str to callable
        What lies between the contract and them.
    both_forms : bool
        Whether the unidirectional form is made of the bidirectional one.
    """

    form: Form
    kernel: Kernel
    takes: frozenset[str]
    kept: Promises
    stages: Mapping[str, Stage]
    both_forms: bool = False

    def __post_init__(self) -> None:
        for name, function in _functions(self).items():
            object.__setattr__(self, name, function)

    @property
    def promises(self) -> Promises:
        """What it promises of the contract.

        Raises
        ------
        PromiseError
            If a function takes an argument that no adapter hands in.
        """
        for name, adapter in HANDED_IN.items():
            if name in self.takes and adapter not in self.stages:
                raise PromiseError(f"a function that takes {name} must be given to {adapter}, got none of it")
        return self.kept.but(functions=tuple(name for name in FUNCTIONS if hasattr(self, name)))

    def but(self, declared: Mapping[str, Any], promises: Mapping[str, Any]) -> Block:
        """Return the block with what an adapter promises replaced, and with what its caller does, which prevails.

        Raises
        ------
        PromiseError
            If a promise is not allowed.
        """
        return replace(self, kept=self.kept.but(**{**declared, **promises}))

    def behind(self, name: str, stage: Stage, declared: Mapping[str, Any], promises: Mapping[str, Any]) -> Block:
        """Return the block behind a stage.

        Parameters
        ----------
        name : str
            The name of its adapter.
        stage : callable
            The stage.
        declared, promises : mapping of str to object
            As in `but`.

        Raises
        ------
        TypeError
            If it has this stage.
        """
        if name in self.stages:
            raise TypeError(f"{name} must be given once, got it twice")
        return replace(self.but(declared, promises), stages={**self.stages, name: stage})


def _functions(block: Block) -> dict[str, Callable[..., Any]]:
    kernel = block.kernel
    for name in reversed(STAGES):
        if name in block.stages:
            kernel = block.stages[name](kernel)
    if not block.kept.gradients:
        kernel = Kernel(kernel.forward, None)
    if not block.takes & {*POSITIONS} and not block.stages.keys() & {"batched", "utterance_by_utterance"}:
        kernel = stage(of_one_utterance)(kernel)
    found = _of_the_contract(block.form, kernel, block.kept)
    if block.both_forms:
        found |= _of_the_contract(UNI, unidirectional(kernel, block.kept), block.kept)
    return found


def _of_the_contract(form: Form, kernel: Kernel, kept: Promises) -> dict[str, Callable[..., Any]]:
    """Return the contract's functions of one form by name."""
    found = {form.forward: _signed(form, form.forward, lambda arguments: in_c_order(kernel.forward(arguments)))}
    inner = kernel.backward
    if inner is not None:
        promised = {f"d{name}" for name in kept.gradients}

        def backward(arguments: dict[str, Any]) -> tuple[Any, ...]:
            gradients = inner(arguments)
            return tuple(in_c_order(gradients[name]) if name in promised else None for name in form.gradients)

        found[form.backward] = _signed(form, form.backward, backward)
    return found


def in_c_order(result: Any) -> Any:
    """Return a result in C order; a result that is no array is for a statement to tell."""
    return np.ascontiguousarray(result) if isinstance(result, np.ndarray) and result.ndim else result


def _signed(form: Form, name: str, function: Callable[[dict[str, Any]], Any]) -> Callable[..., Any]:
    """Return a function with the contract's name and signature, of one of arguments by name."""
    positional = [Parameter(each, Parameter.POSITIONAL_OR_KEYWORD) for each in form.arguments(name)]
    strides = [Parameter(each, Parameter.KEYWORD_ONLY, default=1) for each in form.strides]
    signature = Signature([*positional, *strides])

    def called(*given: Any, **by_name: Any) -> Any:
        bound = signature.bind(*given, **by_name)
        bound.apply_defaults()
        return function(dict(bound.arguments))

    called.__name__ = name
    called.__signature__ = signature  # type: ignore[attr-defined]
    return called
