"""The arithmetics that the contract allows: orders of summation, fused and wider operations, loops over any axis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from fsmn_ref.arguments import Array, Positions
from planted_bugs.correct.delays import Delay

# The narrowest types in which products are exact, or nearly so where there is none: 64 bits for those of 106.
WIDER: dict[np.dtype[Any], np.dtype[Any]] = {
    np.dtype(np.float16): np.dtype(np.float32),
    np.dtype(np.float32): np.dtype(np.float64),
    np.dtype(np.float64): np.dtype(np.longdouble),
}

ROWS_OF_A_MATRIX = 16


class OldestFirst:
    """From the last frame that is read to the first, and the frame itself last of all."""

    name = "oldest_first"

    def memory(self, frames: Array, taps: Array, delays: list[Delay]) -> Array:
        """Return each frame plus the sum of taps times the frames that they read."""
        memory = np.zeros(frames.shape, frames.dtype)
        for k in sorted(range(len(taps)), key=lambda k: delays[k].lag, reverse=True):
            memory[delays[k].rows] += taps[k] * frames[delays[k].frames]
        memory += frames
        return memory

    def tap_gradients(self, frames: Array, sums: Array, delays: list[Delay]) -> Array:
        """Return for each tap the sum over its rows of the frame read times the row of `sums`."""
        dtaps = np.zeros((len(delays), frames.shape[1]), frames.dtype)
        for k, delay in enumerate(delays):
            dtaps[k] = (frames[delay.frames] * sums[delay.rows])[::-1].sum(axis=0)
        return dtaps


class Pairwise:
    """As a binary tree."""

    name = "pairwise"

    def memory(self, frames: Array, taps: Array, delays: list[Delay]) -> Array:
        """Return each frame plus the sum of taps times the frames that they read."""

        def tree(first: int, end: int) -> Array:
            if end - first > 1:
                middle = (first + end) // 2
                return tree(first, middle) + tree(middle, end)
            if first == len(taps):
                return frames.copy(order="C")
            term = np.zeros(frames.shape, frames.dtype)
            term[delays[first].rows] = taps[first] * frames[delays[first].frames]
            return term

        return tree(0, len(taps) + 1)

    def tap_gradients(self, frames: Array, sums: Array, delays: list[Delay]) -> Array:
        """Return for each tap the sum over its rows of the frame read times the row of `sums`."""
        dtaps = np.zeros((len(delays), frames.shape[1]), frames.dtype)
        for k, delay in enumerate(delays):
            products = frames[delay.frames] * sums[delay.rows]
            while len(products) > 1:
                half = len(products) // 2
                products = np.concatenate([products[:half] + products[half : 2 * half], products[2 * half :]])
            dtaps[k : k + 1, :] = products if len(products) else 0
        return dtaps


class RoundedOnce:
    """In a wider type, rounded once at the end."""

    name = "rounded_once"

    def memory(self, frames: Array, taps: Array, delays: list[Delay]) -> Array:
        """Return each frame plus the sum of taps times the frames that they read."""
        wide = WIDER.get(frames.dtype, frames.dtype)
        return OldestFirst().memory(frames.astype(wide), taps.astype(wide), delays).astype(frames.dtype)

    def tap_gradients(self, frames: Array, sums: Array, delays: list[Delay]) -> Array:
        """Return for each tap the sum over its rows of the frame read times the row of `sums`."""
        wide = WIDER.get(frames.dtype, frames.dtype)
        return OldestFirst().tap_gradients(frames.astype(wide), sums.astype(wide), delays).astype(frames.dtype)


class Fused:
    """With a fused multiply-add: the product is not rounded before it is added, the sum is."""

    name = "fused"

    def memory(self, frames: Array, taps: Array, delays: list[Delay]) -> Array:
        """Return each frame plus the sum of taps times the frames that they read."""
        memory = frames.copy(order="C")
        for tap, delay in zip(taps, delays, strict=True):
            memory[delay.rows] = fused(tap, frames[delay.frames], memory[delay.rows])
        return memory

    def tap_gradients(self, frames: Array, sums: Array, delays: list[Delay]) -> Array:
        """Return for each tap the sum over its rows of the frame read times the row of `sums`."""
        dtaps = np.zeros((len(delays), frames.shape[1]), frames.dtype)
        for k, delay in enumerate(delays):
            for r in delay.rows:
                dtaps[k] = fused(frames[r - delay.lag], sums[r], dtaps[k])
        return dtaps


def fused(a: Array, b: Array, c: Array) -> Array:
    """Return a * b + c, rounded to its type as a whole."""
    wide = WIDER.get(c.dtype, c.dtype)
    sums: Array = a.astype(wide) * b.astype(wide) + c.astype(wide)
    return sums.astype(c.dtype)


class FrameByFrame:
    """For each row a product with the matrix of the frames that it reads."""

    name = "frame_by_frame"

    def memory(self, frames: Array, taps: Array, delays: list[Delay]) -> Array:
        """Return each frame plus the sum of taps times the frames that they read."""
        memory = frames.copy(order="C")
        for r, (used, read) in enumerate(_by_row(len(frames), delays)):
            memory[r] += np.einsum("nd,nd->d", taps[used], frames[read])
        return memory

    def tap_gradients(self, frames: Array, sums: Array, delays: list[Delay]) -> Array:
        """Return for each tap the sum over its rows of the frame read times the row of `sums`."""
        dtaps = np.zeros((len(delays), frames.shape[1]), frames.dtype)
        for r, (used, read) in enumerate(_by_row(len(frames), delays)):
            dtaps[used] += frames[read] * sums[r]
        return dtaps


def _by_row(frames: int, delays: list[Delay]) -> list[tuple[list[int], list[int]]]:
    """Return for each row the taps that it uses and the frames that it reads with them."""
    rows: list[tuple[list[int], list[int]]] = [([], []) for _ in range(frames)]
    for k, delay in enumerate(delays):
        for r in delay.rows.tolist():
            used, read = rows[r]
            used.append(k)
            read.append(r - delay.lag)
    return rows


class ChannelByChannel:
    """Each channel by itself, as a one-dimensional filter."""

    name = "channel_by_channel"

    def memory(self, frames: Array, taps: Array, delays: list[Delay]) -> Array:
        """Return each frame plus the sum of taps times the frames that they read."""
        memory = frames.copy(order="C")
        for c in range(frames.shape[1]):
            signal, filtered = frames[:, c].copy(), frames[:, c].copy()
            for tap, delay in zip(taps[:, c], delays, strict=True):
                filtered[delay.rows] += tap * signal[delay.frames]
            memory[:, c] = filtered
        return memory

    def tap_gradients(self, frames: Array, sums: Array, delays: list[Delay]) -> Array:
        """Return for each tap the sum over its rows of the frame read times the row of `sums`."""
        dtaps = np.zeros((len(delays), frames.shape[1]), frames.dtype)
        for c in range(frames.shape[1]):
            signal, gradient = frames[:, c].copy(), sums[:, c].copy()
            for k, delay in enumerate(delays):
                dtaps[k, c] = (signal[delay.frames] * gradient[delay.rows]).sum()
        return dtaps


class BandedMatrix:
    """With the banded matrix of the taps, some rows at a time; what is outside the band is not multiplied."""

    name = "banded_matrix"

    def memory(self, frames: Array, taps: Array, delays: list[Delay]) -> Array:
        """Return each frame plus the sum of taps times the frames that they read."""
        memory = frames.copy(order="C")
        if len(taps) == 0:
            return memory
        for rows, columns, band in _bands(len(frames), delays):
            products = np.zeros((*band.shape, frames.shape[1]), frames.dtype)
            np.multiply(taps[band], frames[columns], out=products, where=(band >= 0)[..., None])
            memory[rows] += products.sum(axis=1)
        return memory

    def tap_gradients(self, frames: Array, sums: Array, delays: list[Delay]) -> Array:
        """Return for each tap the sum over its rows of the frame read times the row of `sums`."""
        dtaps = np.zeros((len(delays), frames.shape[1]), frames.dtype)
        for rows, columns, band in _bands(len(frames), delays):
            i, j = np.nonzero(band >= 0)
            np.add.at(dtaps, band[i, j], sums[rows][i] * frames[columns][j])
        return dtaps


def _bands(frames: int, delays: list[Delay]) -> Iterator[tuple[slice, Positions, Array]]:
    """Yield some neighbouring rows at a time, the frames that they read, and which tap is where; -1 is none."""
    for first in range(0, frames, ROWS_OF_A_MATRIX):
        end = min(first + ROWS_OF_A_MATRIX, frames)
        here = [delay.rows[np.searchsorted(delay.rows, first) : np.searchsorted(delay.rows, end)] for delay in delays]
        read = [rows - delay.lag for rows, delay in zip(here, delays, strict=True)]
        columns = np.unique(np.concatenate([np.arange(first, end), *read]))
        band = np.full((end - first, len(columns)), -1)
        for k, (rows, frames_read) in enumerate(zip(here, read, strict=True)):
            band[rows - first, np.searchsorted(columns, frames_read)] = k
        yield slice(first, end), columns, band
