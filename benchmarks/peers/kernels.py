"""The unidirectional memory block on utterances, (T, D) in and out, as users of other libraries would write it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numba
import numpy as np
import torch
from scipy import ndimage

import fsmn_ref
import fsmn_vec
from fsmn_ref.arguments import Array, Positions


@dataclass(frozen=True)
class Peer:
    """One way to do the job: each part returns a function without arguments that does it once."""

    name: str
    forward: Callable[[Array, Array, Positions], Callable[[], Any]]
    backward: Callable[[Array, Array, Array, Positions], Callable[[], Any]] | None = None
    dfilter: Callable[[Array, Array, Array, Positions], Callable[[], Any]] | None = None
    same_layout: bool = True
    """Whether frames come and go as (T, D), as the caller of a memory block has them."""

    def compact_vfsmn_memory_forward(self, hidden: Array, filter: Array, position: Positions, *, stride: int) -> Array:
        """Return the memory: what the properties ask for."""
        assert stride == 1
        memory: Array = self.forward(hidden, filter, position)()
        return memory

    def compact_vfsmn_memory_backward(
        self, dmemory: Array, hidden: Array, filter: Array, position: Positions, *, stride: int
    ) -> tuple[Array, Array]:
        """Return the gradients: our own if this peer has none, so that its memory alone is on trial."""
        assert stride == 1
        if self.backward is None:
            return fsmn_vec.compact_vfsmn_memory_backward(dmemory, hidden, filter, position)
        dhidden, dfilter = self.backward(dmemory, hidden, filter, position)()
        return np.asarray(dhidden), np.asarray(dfilter)


def batches(position: Positions) -> list[tuple[slice, int]]:
    """Return the rows of utterances of one length, and their number: a convolution takes them as one batch."""
    starts = [*np.flatnonzero(position == 0).tolist(), len(position)]
    whole = starts[1] - starts[0]
    count = sum(b - a == whole for a, b in pairwise(starts))
    rest = [(slice(count * whole, len(position)), 1)] if count * whole < len(position) else []
    return [(slice(0, count * whole), count), *rest]


def _convolved(hidden: torch.Tensor, filter: torch.Tensor, position: Positions) -> torch.Tensor:
    taps, channels = filter.shape
    weight = filter.flip(0).t().reshape(channels, 1, taps)
    pieces = []
    for rows, count in batches(position):
        frames = hidden[rows].reshape(count, -1, channels).transpose(1, 2)
        # The newest frame is not a tap, so the last one is left out.
        earlier = torch.nn.functional.pad(frames[:, :, :-1], (taps, 0))
        sums = torch.nn.functional.conv1d(earlier, weight, groups=channels)
        pieces.append(sums.transpose(1, 2).reshape(-1, channels))
    return hidden + (torch.cat(pieces) if len(pieces) > 1 else pieces[0])


def _torch_forward(hidden: Array, filter: Array, position: Positions) -> Callable[[], Array]:
    h, f = torch.from_numpy(hidden), torch.from_numpy(filter)

    def call() -> Array:
        with torch.inference_mode():
            memory: Array = _convolved(h, f, position).numpy()
            return memory

    return call


def _torch_bare_forward(hidden: Array, filter: Array, position: Positions) -> Callable[[], Any]:
    """Convolve frames that lie as (utterances, D, frames) already: no caller of a (T, D) block has them so."""
    taps, channels = filter.shape
    weight = torch.from_numpy(filter).flip(0).t().reshape(channels, 1, taps).contiguous()
    pieces = []
    for rows, count in batches(position):
        frames = torch.from_numpy(hidden[rows]).reshape(count, -1, channels).transpose(1, 2).contiguous()
        pieces.append((frames, torch.nn.functional.pad(frames[:, :, :-1], (taps, 0)).contiguous()))

    def call() -> Any:
        with torch.inference_mode():
            return [f + torch.nn.functional.conv1d(earlier, weight, groups=channels) for f, earlier in pieces]

    return call


def _torch_gradients(*wanted: int) -> Callable[[Array, Array, Array, Positions], Callable[[], Any]]:
    def prepare(dmemory: Array, hidden: Array, filter: Array, position: Positions) -> Callable[[], Any]:
        leaves = [torch.from_numpy(x).clone().requires_grad_() for x in (hidden, filter)]
        memory, gradient = _convolved(leaves[0], leaves[1], position), torch.from_numpy(dmemory)
        asked = [leaves[i] for i in wanted]

        def call() -> list[Array]:
            return [g.numpy() for g in torch.autograd.grad(memory, asked, gradient, retain_graph=True)]

        return call

    return prepare


def _scipy_forward(hidden: Array, filter: Array, position: Positions) -> Callable[[], Array]:
    taps, channels = filter.shape
    weights = np.zeros((2 * taps + 1, channels), filter.dtype)
    weights[:taps] = filter[::-1]

    def call() -> Array:
        memory = hidden.copy()
        for rows, count in batches(position):
            frames = hidden[rows].reshape(count, -1, channels)
            sums = memory[rows].reshape(count, -1, channels)
            for channel in range(channels):
                sums[:, :, channel] += ndimage.correlate1d(
                    frames[:, :, channel], weights[:, channel], axis=1, mode="constant"
                )
        return memory

    return call


@numba.njit(parallel=True, fastmath={"contract"})
def _numba_memory(hidden, filter, position, memory):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    taps, channels = filter.shape
    for r in numba.prange(len(hidden)):
        for d in range(channels):
            memory[r, d] = hidden[r, d]
        for i in range(min(taps, position[r])):
            for d in range(channels):
                memory[r, d] += filter[i, d] * hidden[r - 1 - i, d]


def _numba_forward(hidden: Array, filter: Array, position: Positions) -> Callable[[], Array]:
    def call() -> Array:
        memory = np.empty_like(hidden)
        _numba_memory(hidden, filter, position, memory)
        return memory

    return call


OURS = Peer(
    "fsmn_vec",
    lambda h, f, p: lambda: fsmn_vec.compact_vfsmn_memory_forward(h, f, p),
    lambda g, h, f, p: lambda: fsmn_vec.compact_vfsmn_memory_backward(g, h, f, p),
    lambda g, h, f, p: lambda: fsmn_vec.compact_vfsmn_memory_backward(g, h, f, p)[1],  # it always computes both
)
TORCH = Peer("PyTorch conv1d", _torch_forward, _torch_gradients(0, 1), _torch_gradients(1))
BARE = Peer("PyTorch conv1d, its own layout", _torch_bare_forward, same_layout=False)
NUMBA = Peer("numba loop", _numba_forward)
SCIPY = Peer("scipy correlate1d", _scipy_forward)
LOOPS = Peer(
    "fsmn_ref (loops)",
    lambda h, f, p: lambda: fsmn_ref.compact_vfsmn_memory_forward(h, f, p),
)
PEERS = (OURS, TORCH, BARE, NUMBA, SCIPY)
