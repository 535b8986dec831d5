"""What is timed: a call of production size, and the yardstick that it is compared with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from fsmn_ref import utterance_positions
from fsmn_ref.arguments import Array, Positions

UTTERANCE = 300


@dataclass(frozen=True)
class Workload:
    """Arguments of one call on utterances of 300 frames, or on positions drawn from 0 to min(r, N)."""

    frames: int
    channels: int
    taps: int
    dtype: type[np.floating]
    random_positions: bool = False

    def __str__(self) -> str:
        kind = "-random" if self.random_positions else ""
        return f"{self.frames}x{self.channels}x{self.taps}-{self.dtype.__name__}{kind}"

    def arguments(self) -> tuple[Array, Array, Array, Positions]:
        """Return dmemory, hidden, filter and position."""
        rng = np.random.default_rng(0)
        T, D, N = self.frames, self.channels, self.taps
        dmemory, hidden, filter = (rng.standard_normal(shape).astype(self.dtype) for shape in ((T, D), (T, D), (N, D)))
        whole, rest = divmod(T, UTTERANCE)
        counting, _ = utterance_positions([*[UTTERANCE] * whole, rest])
        arbitrary = rng.integers(0, np.minimum(np.arange(T), N), endpoint=True)
        return dmemory, hidden, filter, arbitrary if self.random_positions else counting


class Yardstick:
    """One plain einsum over the windows of all frames, without positions, into an array that is there already."""

    def __init__(self, hidden: Array, filter: Array) -> None:
        taps = len(filter)
        before = np.zeros_like(hidden, shape=(taps, hidden.shape[1]))
        newest = np.concatenate((before, hidden))[taps - 1 : -1]
        row, channel = newest.strides
        self._windows = as_strided(newest, (len(hidden), taps, hidden.shape[1]), (row, -row, channel), writeable=False)
        self._filter, self._out = filter, np.empty_like(hidden)

    def __call__(self) -> None:
        """Compute it."""
        np.einsum("tnd,nd->td", self._windows, self._filter, out=self._out)
