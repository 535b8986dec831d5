"""Targets made of kernels of every kind: each adapter is a function that returns one, with its promise declared."""

from fsmn_properties.adapters.array_function import array_function
from fsmn_properties.adapters.batched import batched
from fsmn_properties.adapters.channels_first import channels_first
from fsmn_properties.adapters.ctypes_function import ctypes_function
from fsmn_properties.adapters.delayed import delayed
from fsmn_properties.adapters.float_positions import float_positions
from fsmn_properties.adapters.from_bidirectional import from_bidirectional
from fsmn_properties.adapters.identity_folded_into_own_tap import identity_folded_into_own_tap
from fsmn_properties.adapters.jax_function import jax_function
from fsmn_properties.adapters.one_filter import one_filter
from fsmn_properties.adapters.onnx_session import onnx_session
from fsmn_properties.adapters.stream import stream
from fsmn_properties.adapters.taps_oldest_first import taps_oldest_first
from fsmn_properties.adapters.torch_function import torch_function
from fsmn_properties.adapters.utterance_by_utterance import utterance_by_utterance
from fsmn_properties.adapters.with_weights import with_weights

__all__ = [
    "array_function",
    "batched",
    "channels_first",
    "ctypes_function",
    "delayed",
    "float_positions",
    "from_bidirectional",
    "identity_folded_into_own_tap",
    "jax_function",
    "one_filter",
    "onnx_session",
    "stream",
    "taps_oldest_first",
    "torch_function",
    "utterance_by_utterance",
    "with_weights",
]
