"""JAX: shifted copies, compiled for each size. The mistake: the stride is in the padding, not in the taps."""

from functools import partial

import jax
import jax.numpy as jnp

from fsmn_properties import adapters


@partial(jax.jit, static_argnames=("stride", "between"))
def memory(hidden, filter, stride, between=None):
    padded = jnp.pad(hidden, ((len(filter) * stride, 0), (0, 0)))
    starts = [len(filter) * stride - (i + 1) * (between or stride) for i in range(len(filter))]
    return hidden + sum(tap * padded[start : start + len(hidden)] for tap, start in zip(filter, starts, strict=True))


def without_stride(hidden, filter, stride):
    return memory(hidden, filter, stride, between=1)


target = adapters.utterance_by_utterance(adapters.jax_function(memory))
mistaken = adapters.utterance_by_utterance(adapters.jax_function(without_stride))
