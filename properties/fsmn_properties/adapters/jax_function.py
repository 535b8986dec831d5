"""Functions on JAX's arrays: arrays in and out, gradients by vjp."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import DIFFERENTIABLE, block_of_calls, of_a_framework, taken
from fsmn_properties.adapters.kernel import Arguments, Gradients
from fsmn_properties.adapters.optional import needed


def jax_function(forward: Callable[..., Any], **promises: Any) -> Block:
    """Return a block of a function on JAX's arrays.

    Parameters
    ----------
    forward : callable
        A function of arrays whose parameters have the contract's names, as `forward(hidden, bfilter, ffilter)`; or
        `jax.jit` of it. Strides and `left` are Python's integers.
    **promises : object
        What is promised, beside or in place of what the adapter declares: float32, and float64 if `jax_enable_x64` is
        set; at least one look-back tap of a function that takes `filter`, strides up to 100, 16 different sizes in a
        run, and no subnormal numbers.

    Raises
    ------
    ImportError
        If JAX is not installed.
    """
    jax = needed("jax", "jax_function", "jax")
    takes = taken(forward)
    floats = [name for name in DIFFERENTIABLE if name in takes]

    def array(value: Any) -> Any:
        return jax.numpy.array(value) if isinstance(value, np.ndarray) else value

    def call(arguments: Arguments) -> Any:
        return _plain(forward(**{name: array(arguments[name]) for name in takes}))

    def vjp(arguments: Arguments) -> Gradients:
        given = {name: array(arguments[name]) for name in takes}

        def of_floats(*values: Any) -> Any:
            return forward(**{**given, **dict(zip(floats, values, strict=True))})

        _, pull = jax.vjp(of_floats, *(given[name] for name in floats))
        found = pull(array(arguments["dmemory"]))
        return {f"d{name}": _plain(each) for name, each in zip(floats, found, strict=True)}

    # XLA compiles every operation for each size, which takes long, and takes subnormal numbers for zero.
    declared = {**of_a_framework(takes), "most_shapes": 16, "subnormals": False}
    if not jax.config.jax_enable_x64:
        declared["formats"] = "float32"
    return block_of_calls(takes, call, vjp, declared, promises)


def _plain(result: Any) -> Any:
    """Return a new array, writeable as the contract asks for."""
    return np.array(result) if hasattr(result, "__array__") else result
