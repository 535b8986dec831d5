"""`python -m benchmarks.toeplitz`: what a matrix product for each channel would take in place of einsum.

Tiles of M frames of one channel, with the frames before them, times a Toeplitz matrix of that channel's taps are M sums
each. BLAS multiplies ten times as fast as einsum, but it wants the frames of a channel side by side: they are copied
there and back, and of M + taps - 1 products only `taps` are wanted. The copies go through panels that fit in the L2
cache, whose rows are an odd number of cache lines apart. Utterances, NaN and the identity term, which would cost more,
are left out in its favour.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import product
from statistics import median

import numpy as np
from numpy.lib.stride_tricks import as_strided

from benchmarks.suite import SIZES
from fsmn_properties.bench.workload import Yardstick
from fsmn_ref.arguments import Array

SHAPES = tuple(product((16, 24), (16, 64)))  # frames in a tile, tiles in a panel
LINE = 64  # bytes
LINES = 4  # of channels in a panel
ROUNDS = 9
COLUMNS = ("frames x channels x taps", "of plain einsum", "matrices made", "copied there", "multiplied", "copied back")


def toeplitz(filter: Array, tile: int) -> Array:
    """Return the matrices (D, tile + N - 1, tile) that turn the frames before and in a tile into its sums."""
    taps, channels = filter.shape
    matrices = np.zeros((channels, tile + taps - 1, tile), filter.dtype)
    for row in range(tile):
        matrices[:, row : row + taps, row] = filter[::-1].T
    return matrices


def steps(frames: Array, filter: Array, tile: int, tiles: int, sums: Array) -> Iterator[tuple[int, float]]:
    """Compute the sums of whole tiles, and yield the seconds of each step after its column; zeros lie before frames."""
    clock = time.perf_counter()

    def passed() -> float:
        nonlocal clock
        before, clock = clock, time.perf_counter()
        return clock - before

    taps, channels, panel = len(filter), filter.shape[1], LINES * LINE // frames.itemsize
    matrices = toeplitz(filter, tile)
    held = np.empty((tiles * tile + taps, panel + LINE // frames.itemsize), frames.dtype)
    yield 2, passed()
    for first, column in product(range(0, len(sums), tiles * tile), range(0, channels, panel)):
        some, many = slice(column, column + panel), min(tiles, (len(sums) - first) // tile)
        read = frames[first : first + many * tile + taps, some]
        held[: len(read), : read.shape[1]] = read
        shape = (many, tile + taps - 1, read.shape[1])
        views = as_strided(held, shape, (tile * held.strides[0], *held.strides), writeable=False)
        side_by_side = np.ascontiguousarray(views.transpose(2, 0, 1))
        yield 3, passed()
        products = np.matmul(side_by_side, matrices[some])
        yield 4, passed()
        held[: many * tile, : read.shape[1]].reshape(many, tile, -1)[...] = products.transpose(1, 2, 0)
        sums[first : first + many * tile, some] = held[: many * tile, : read.shape[1]]
        yield 5, passed()


def row(T: int, D: int, N: int, dtype: str) -> list[str]:
    """Return a row of the table: the matrix form in its best shape, as parts of the plain einsum timed in turn."""
    rng = np.random.default_rng(0)
    hidden, filter = (rng.integers(-9, 10, (rows, D)).astype(dtype) for rows in (T, N))
    frames, einsum = np.concatenate((np.zeros((N, D), dtype), hidden)), Yardstick(hidden, filter)
    einsum()
    plain: list[float] = []
    found: dict[tuple[int, int], list[list[float]]] = {shape: [] for shape in SHAPES}
    for _, (tile, tiles) in product(range(ROUNDS), SHAPES):
        sums, parts = np.empty((T // tile * tile, D), dtype), [0.0] * len(COLUMNS)
        for column, seconds in steps(frames, filter, tile, tiles, sums):
            parts[column] += seconds
        parts[1] = sum(parts)
        found[tile, tiles].append(parts)
        started = time.perf_counter()
        einsum()
        plain.append(time.perf_counter() - started)
        assert (sums == einsum.sums[: len(sums)]).all()
    medians = ([median(column) / median(plain) for column in zip(*runs, strict=True)] for runs in found.values())
    best = min(medians, key=lambda parts: parts[1])
    return [f"{T} x {D} x {N} {dtype}", *(f"{part:.2f}" for part in best[1:])]


def main() -> None:
    """Print the table as Markdown."""
    for cells in (COLUMNS, ["---"] * len(COLUMNS)):
        print("|", " | ".join(cells), "|")  # noqa: T201
    for dtype, size in product(("float32", "float64"), SIZES):
        print("|", " | ".join(row(*size, dtype)), "|", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
