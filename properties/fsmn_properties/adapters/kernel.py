"""A kernel: the two functions of one form of the memory block, called with arguments by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from fsmn_ref.arguments import Array

Arguments: TypeAlias = dict[str, Any]
"""Arguments of a call by name."""

Gradients: TypeAlias = dict[str, Any]
"""Gradients by name; None for an argument that has none."""


@dataclass(frozen=True)
class Kernel:
    """Functions of one form.

    Parameters
    ----------
    forward : callable
        Returns the memory.
    backward : callable or None
        Returns the gradients by name.
    """

    forward: Callable[[Arguments], Any]
    backward: Callable[[Arguments], Gradients] | None


Stage: TypeAlias = Callable[[Kernel], Kernel]
"""Makes a kernel of a kernel: what lies between the contract's arguments and those of a user's function."""


def stage(
    arguments: Callable[[Arguments], Mapping[str, Any]],
    memory: Callable[[Array, Arguments], Any] = lambda memory, _: memory,
    gradients: Callable[[Gradients, Arguments], Gradients] = lambda gradients, _: gradients,
) -> Stage:
    """Return a stage that changes the arguments of each call, and its results back.

    Parameters
    ----------
    arguments : callable
        Returns the arguments that are replaced or added.
    memory, gradients : callable
        Return the memory and the gradients, of what the kernel returned and of the arguments before the change.
    """

    def changed(kernel: Kernel) -> Kernel:
        def forward(given: Arguments) -> Any:
            return memory(kernel.forward({**given, **arguments(given)}), given)

        inner = kernel.backward
        if inner is None:
            return Kernel(forward, None)

        def backward(given: Arguments) -> Gradients:
            return gradients(inner({**given, **arguments(given)}), given)

        return Kernel(forward, backward)

    return changed
