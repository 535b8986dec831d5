"""Functions on PyTorch's tensors: arrays in and out, gradients by autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import DIFFERENTIABLE, block_of_calls, called_back, of_a_framework, taken
from fsmn_properties.adapters.kernel import Arguments, Gradients
from fsmn_properties.adapters.optional import needed


def torch_function(
    forward: Callable[..., Any],
    backward: Callable[..., Any] | None = None,
    *,
    device: str = "cpu",
    **promises: Any,
) -> Block:
    """Return a block of a function on tensors.

    Parameters
    ----------
    forward : callable
        A function of tensors whose parameters have the contract's names, as `forward(hidden, bfilter, ffilter)`.
    backward : callable, optional
        Its gradients, as `backward(dmemory, hidden, bfilter, ffilter)`; by default autograd's.
    device : str
        Where the tensors are.
    **promises : object
        What is promised, beside or in place of what the adapter declares: at least one look-back tap of a function that
        takes `filter`, and strides up to 100.

    Raises
    ------
    ImportError
        If PyTorch is not installed.
    """
    torch = needed("torch", "torch_function", "torch")
    takes = taken(forward)
    floats = [name for name in DIFFERENTIABLE if name in takes]

    def tensor(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        native = np.require(value, value.dtype.newbyteorder("="), ["C_CONTIGUOUS", "ALIGNED", "WRITEABLE"])
        return torch.from_numpy(native if min(native.strides, default=0) >= 0 else native.copy()).to(device)

    def call(arguments: Arguments) -> Any:
        with torch.no_grad():
            return _array(forward(**{name: tensor(arguments[name]) for name in takes}))

    def autograd(arguments: Arguments) -> Gradients:
        given = {name: tensor(arguments[name]) for name in takes}
        leaves = [given[name].requires_grad_() for name in floats]
        dmemory = tensor(arguments["dmemory"])
        with torch.enable_grad():
            found = torch.autograd.grad(forward(**given), leaves, dmemory, allow_unused=True)
        return {
            # An argument that is not used has a gradient of zero; the gradient of an identity is dmemory itself.
            f"d{name}": _array(torch.zeros_like(leaf) if each is None else each.clone() if each is dmemory else each)
            for name, leaf, each in zip(floats, leaves, found, strict=True)
        }

    given = called_back(backward, takes, tensor)

    def by_hand(arguments: Arguments) -> Gradients:
        assert given is not None
        with torch.no_grad():
            return {name: _array(each) for name, each in given(arguments).items()}

    return block_of_calls(takes, call, by_hand if given else autograd, of_a_framework(takes), promises)


def _array(result: Any) -> Any:
    return result.detach().cpu().numpy() if hasattr(result, "detach") else result
