"""Both forms of the memory block as one: taps, how far away each reads, and the rows that use it.

Only the arithmetic is left open. The gradient of hidden is the same sum with the delays transposed.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, SupportsIndex

import numpy as np
import numpy.typing as npt

from fsmn_ref.arguments import (
    Array,
    Positions,
    float_matrices,
    look_ahead_positions,
    look_back_positions,
    own_tap,
    tap_stride,
)


class Delay(NamedTuple):
    """The rows that use one tap, and how many frames before them it reads; after them, if that is negative."""

    rows: Positions
    lag: int

    @property
    def frames(self) -> Positions:
        """The frames that the rows read."""
        return self.rows - self.lag

    def transposed(self) -> Delay:
        """Return the delay by which gradients travel: from the rows to the frames that they read."""
        return Delay(self.frames, -self.lag)


class Arithmetic(Protocol):
    """How sums are computed."""

    def memory(self, frames: Array, taps: Array, delays: list[Delay]) -> Array:
        """Return each frame plus the sum of taps times the frames that they read."""

    def tap_gradients(self, frames: Array, sums: Array, delays: list[Delay]) -> Array:
        """Return for each tap the sum over its rows of the frame read times the row of `sums`."""


class Implementation:
    """The four functions, with one arithmetic."""

    def __init__(self, name: str, arithmetic: Arithmetic) -> None:
        self.__name__ = name
        self.arithmetic = arithmetic

    def compact_vfsmn_memory_forward(
        self, hidden: npt.ArrayLike, filter: npt.ArrayLike, position: npt.ArrayLike, *, stride: SupportsIndex = 1
    ) -> Array:
        """Return the memory of every frame."""
        hidden, filter = float_matrices(hidden=hidden, filter=filter)
        position = look_back_positions("position", position, len(hidden))
        delays = _delays(position, tap_stride("stride", stride), len(filter))
        return self.arithmetic.memory(hidden, filter, delays)

    def compact_vfsmn_memory_backward(
        self,
        dmemory: npt.ArrayLike,
        hidden: npt.ArrayLike,
        filter: npt.ArrayLike,
        position: npt.ArrayLike,
        *,
        stride: SupportsIndex = 1,
    ) -> tuple[Array, Array]:
        """Return the gradients of hidden and of the filter."""
        dmemory, hidden, filter = float_matrices(dmemory=dmemory, hidden=hidden, filter=filter)
        position = look_back_positions("position", position, len(hidden))
        delays = _delays(position, tap_stride("stride", stride), len(filter))
        dhidden = self.arithmetic.memory(dmemory, filter, [delay.transposed() for delay in delays])
        return dhidden, self.arithmetic.tap_gradients(hidden, dmemory, delays)

    def bi_compact_vfsmn_memory_forward(
        self,
        hidden: npt.ArrayLike,
        bfilter: npt.ArrayLike,
        ffilter: npt.ArrayLike,
        bposition: npt.ArrayLike,
        fposition: npt.ArrayLike,
        *,
        bstride: SupportsIndex = 1,
        fstride: SupportsIndex = 1,
    ) -> Array:
        """Return the bidirectional memory of every frame."""
        hidden, bfilter, ffilter = float_matrices(hidden=hidden, bfilter=bfilter, ffilter=ffilter)
        delays = _both_sides(len(hidden), bfilter, ffilter, bposition, fposition, bstride, fstride)
        return self.arithmetic.memory(hidden, np.concatenate([bfilter, ffilter]), delays)

    def bi_compact_vfsmn_memory_backward(
        self,
        dmemory: npt.ArrayLike,
        hidden: npt.ArrayLike,
        bfilter: npt.ArrayLike,
        ffilter: npt.ArrayLike,
        bposition: npt.ArrayLike,
        fposition: npt.ArrayLike,
        *,
        bstride: SupportsIndex = 1,
        fstride: SupportsIndex = 1,
    ) -> tuple[Array, Array, Array]:
        """Return the gradients of hidden and of both filters."""
        dmemory, hidden, bfilter, ffilter = float_matrices(
            dmemory=dmemory, hidden=hidden, bfilter=bfilter, ffilter=ffilter
        )
        delays = _both_sides(len(hidden), bfilter, ffilter, bposition, fposition, bstride, fstride)
        taps = np.concatenate([bfilter, ffilter])
        dhidden = self.arithmetic.memory(dmemory, taps, [delay.transposed() for delay in delays])
        dtaps = self.arithmetic.tap_gradients(hidden, dmemory, delays)
        return dhidden, dtaps[: len(bfilter)], dtaps[len(bfilter) :]


def _both_sides(
    frames: int,
    bfilter: Array,
    ffilter: Array,
    bposition: npt.ArrayLike,
    fposition: npt.ArrayLike,
    bstride: SupportsIndex,
    fstride: SupportsIndex,
) -> list[Delay]:
    own_tap("bfilter", bfilter)
    own = Delay(np.arange(frames), 0)
    back = look_back_positions("bposition", bposition, frames)
    ahead = look_ahead_positions("fposition", fposition, frames)
    later = _delays(ahead, tap_stride("fstride", fstride), len(ffilter))
    earlier = _delays(back, tap_stride("bstride", bstride), len(bfilter) - 1)
    return [own, *earlier, *(Delay(delay.rows, -delay.lag) for delay in later)]


def _delays(position: Positions, stride: int, taps: int) -> list[Delay]:
    within = min(stride, len(position) + 1)  # further away there is no frame, however large the stride
    lags = [(i + 1) * within for i in range(taps)]
    return [Delay(np.flatnonzero(lag <= position), lag) for lag in lags]
