"""Weights of a PyTorch module for one call, with gradients back to the filters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from fsmn_properties.adapters.optional import needed

ACTIVATIONS = ("relu", "relu_", "relu6", "leaky_relu", "prelu", "gelu", "silu")


def with_weights(module: Any, weights: Mapping[str, Any], *, activations: bool = False) -> Any:
    """Return a module for evaluation whose weights are tensors of a call, so that autograd reaches these.

    Linear layers and convolutions of one frame that are not named become the identity, without a bias, and activations
    are left out: of a layer round a memory block, the block is left.

    Parameters
    ----------
    module : torch.nn.Module
        The module, which is changed: a new one for each call, or the same again.
    weights : mapping of str to tensor
        Tensors by the names of parameters, as `fsmn_block.weight`. A tensor without elements stands for a part that is
        not there, as `conv_right` of a block without look-ahead taps.
    activations : bool
        Whether calls of the module keep activations of the kind of ReLU.

    Raises
    ------
    ImportError
        If PyTorch is not installed.
    ValueError
        If a weight has a shape of its own, or its name leads nowhere.
    """
    torch = needed("torch", "with_weights", "torch")
    given = {name: each for name, each in weights.items() if each.numel()}
    like = next(iter(given.values()), torch.zeros(()))
    for name, each in {**_neutral(torch, module, given, like), **given}.items():
        path, _, leaf = name.rpartition(".")
        try:
            owner = module.get_submodule(path)
            old = getattr(owner, leaf)
        except AttributeError as error:
            raise ValueError(f"weights must be named as the module's parameters, got {name!r}") from error
        if old.shape != each.shape:
            raise ValueError(f"weight {name!r} must have shape {tuple(old.shape)}, got {tuple(each.shape)}")
        delattr(owner, leaf)
        setattr(owner, leaf, each)
    if not activations and not hasattr(module.forward, "without_activations"):
        module.forward = _without_activations(torch, module.forward)
    return module.eval()


def _neutral(torch: Any, module: Any, given: Mapping[str, Any], like: Any) -> dict[str, Any]:
    """Return weights with which every layer that mixes channels and is not named is the identity."""
    found = {}
    for path, part in module.named_modules():
        if not isinstance(part, torch.nn.Linear) and not (hasattr(part, "groups") and part.groups == 1):
            continue
        rows, columns, *frame = part.weight.shape
        if any(size != 1 for size in frame):
            continue
        eye = torch.eye(rows, columns, dtype=like.dtype, device=like.device)
        found[f"{path}.weight".lstrip(".")] = eye.reshape(part.weight.shape)
        if part.bias is not None:
            found[f"{path}.bias".lstrip(".")] = eye.new_zeros(rows)
    return {name: each for name, each in found.items() if name not in given}


def _without_activations(torch: Any, forward: Callable[..., Any]) -> Callable[..., Any]:
    mode = _identity_mode(torch)

    def called(*arguments: Any, **by_name: Any) -> Any:
        with mode():
            return forward(*arguments, **by_name)

    called.without_activations = True  # type: ignore[attr-defined]
    return called


@lru_cache
def _identity_mode(torch: Any) -> Any:
    """Return a mode of PyTorch in which activations return their argument."""
    places = (torch, torch.nn.functional, torch.Tensor)
    left_out = {getattr(place, name) for place in places for name in ACTIVATIONS if hasattr(place, name)}

    def function(_: Any, called: Any, __: Any, arguments: Any = (), by_name: Any = None) -> Any:
        if called in left_out:
            return arguments[0]
        return called(*arguments, **(by_name or {}))

    return type("Identity", (torch.overrides.TorchFunctionMode,), {"__torch_function__": function})
