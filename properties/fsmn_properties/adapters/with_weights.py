"""Weights of a PyTorch module for one call, with gradients back to the filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fsmn_properties.adapters.optional import needed


def with_weights(module: Any, weights: Mapping[str, Any], *, activations: bool = False) -> Any:
    """Return a module for evaluation whose weights are tensors of a call, so that autograd reaches these.

    Linear layers that are not named become the identity, without a bias: of a layer round a memory block, the block is
    left.

    Parameters
    ----------
    module : torch.nn.Module
        The module, which is changed.
    weights : mapping of str to tensor
        Tensors by the names of parameters, as `fsmn_block.weight`. A tensor without elements stands for a part that is
        not there, as `conv_right` of a block without look-ahead taps.
    activations : bool
        Whether activations stay as they are; by default `ReLU` and `PReLU` modules become the identity.

    Raises
    ------
    ImportError
        If PyTorch is not installed.
    ValueError
        If a weight has a shape of its own, or its name leads nowhere.
    """
    torch = needed("torch", "with_weights", "torch")
    given = {name: each for name, each in weights.items() if each.numel()}
    any_tensor = next(iter(given.values()), torch.zeros(()))
    for name, part in list(module.named_modules()):
        if isinstance(part, torch.nn.Linear):
            weight, bias = f"{name}.weight" if name else "weight", f"{name}.bias" if name else "bias"
            if weight not in given:
                given[weight] = torch.eye(part.out_features, part.in_features, dtype=any_tensor.dtype)
            if part.bias is not None and bias not in given:
                given[bias] = torch.zeros(part.out_features, dtype=any_tensor.dtype)
        elif not activations and isinstance(part, torch.nn.ReLU | torch.nn.PReLU):
            _replace(module, name, torch.nn.Identity())
    for name, each in given.items():
        path, _, leaf = name.rpartition(".")
        try:
            owner = module.get_submodule(path)
            old = getattr(owner, leaf)
        except AttributeError as error:
            raise ValueError(f"weights must be named as the module's parameters, got {name!r}") from error
        if old.shape != each.shape:
            raise ValueError(f"weight {name!r} must have shape {tuple(old.shape)}, got {tuple(each.shape)}")
        delattr(owner, leaf)
        setattr(owner, leaf, each.to(any_tensor.device))
    return module.eval()


def _replace(module: Any, name: str, by: Any) -> None:
    path, _, leaf = name.rpartition(".")
    setattr(module.get_submodule(path), leaf, by)
