"""Models of ONNX, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import DIFFERENTIABLE, NAMES, block_of_calls, of_a_framework
from fsmn_properties.adapters.kernel import Arguments
from fsmn_properties.adapters.optional import needed

TYPES = {
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(float16)": "float16",
    "tensor(bool)": "bool",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
}


def onnx_session(
    model: Any, inputs: Mapping[str, str] | None = None, *, output: str | None = None, **promises: Any
) -> Block:
    """Return a block of a model whose filters are inputs of its graph, or initializers that are listed among them.

    An input with an axis more than the argument gets an axis of 1: in front for frames, as (1, T, D), and in the middle
    for filters, as the weight (D, 1, K) of a convolution. The memory loses its axis in front again.

    Parameters
    ----------
    model : str, bytes or onnxruntime.InferenceSession
        The path of a model, the model, or its session.
    inputs : mapping of str to str, optional
        Names of the graph's inputs by the contract's names, where they differ.
    output : str, optional
        The name of the memory; by default the first output.
    **promises : object
        What is promised, beside or in place of what the adapter declares: the float format of the input `hidden`, the
        forward functions alone, at least one look-back tap of a model that takes `filter`, and strides up to 100.

    Raises
    ------
    ImportError
        If ONNX Runtime is not installed.
    TypeError
        If an input has a name of its own, or a type that is not known.
    """
    runtime = needed("onnxruntime", "onnx_session", "onnxruntime")
    session = model if hasattr(model, "get_inputs") else runtime.InferenceSession(model)
    found = [*session.get_inputs(), *session.get_overridable_initializers()]
    by_graph = {graph: name for name, graph in (inputs or {}).items()}
    nodes = {by_graph.get(node.name, node.name): node for node in found}
    wrong = next((node for name, node in nodes.items() if name not in NAMES or node.type not in TYPES), None)
    if wrong is not None:
        raise TypeError(f"inputs of a model must be among {', '.join(NAMES)}, got {wrong.name!r} of {wrong.type}")
    result = output or session.get_outputs()[0].name

    def call(arguments: Arguments) -> Any:
        batch = np.ndim(arguments["hidden"]) == 3
        given = {node.name: _fitted(name, arguments[name], node) for name, node in nodes.items()}
        memory = session.run([result], given)[0]
        return memory if batch or np.ndim(memory) < 3 else memory[0]

    declared = of_a_framework(frozenset(nodes))
    if "hidden" in nodes:
        declared["formats"] = TYPES[nodes["hidden"].type]
    return block_of_calls(frozenset(nodes), call, None, declared, promises)


def _fitted(name: str, value: Any, node: Any) -> Any:
    """Return an argument with the type and the axes of an input."""
    array = np.asarray(value)
    if name not in DIFFERENTIABLE:
        return array.astype(TYPES[node.type])
    missing = len(node.shape) - array.ndim
    if missing == 1:
        return array[None] if name == "hidden" else array[:, None]
    return array
