"""Dense values: whole numbers that floats add exactly, and floats of any magnitude.

Hypothesis draws a seed and NumPy makes the numbers, since an array whose elements Hypothesis draws one by one is mostly
one fill value, and hides what reads the wrong element. Seed 0 makes 1, 2, 3, ...: a counterexample shrinks to
numbers that say which element they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from fsmn_ref.arguments import Array

Maker = Callable[[tuple[int, ...]], Array]
"""Makes an array of a shape; each call makes other numbers."""

SEEDS = st.integers(0, 2**32 - 1)

# Products of two values and sums of up to 64 such products stay below 2**24 and 2**53: no addition can round.
# A float64 product of 22 bits no longer fits in float32, which shows accumulators that are too narrow.
WHOLE_BITS = {"float32": (3, 9), "float64": (3, 22)}

# Largest exponents for which products of two values and their sums stay finite; smallest subnormal exponents.
EXPONENTS = {"float32": (-149, 60), "float64": (-1074, 508)}


def whole_numbers(draw: st.DrawFn, dtype: npt.DTypeLike) -> Maker:
    """Draw a maker of arrays of whole numbers, so small that every sum of the memory block is exact."""
    seed, bits = divmod(draw(SEEDS), 2)
    limit = 1 << WHOLE_BITS[np.dtype(dtype).name][bits]
    if seed == 0:
        return lambda shape: np.arange(1, 1 + np.prod(shape, dtype=int), dtype=dtype).reshape(shape)
    rng = np.random.default_rng(seed)
    return lambda shape: rng.integers(-limit, limit + 1, shape).astype(dtype)


def any_floats(draw: st.DrawFn, dtype: npt.DTypeLike) -> Maker:
    """Draw a maker of arrays of finite floats of any magnitude, subnormal ones and zeros among them.

    The values of one array lie within a drawn number of powers of two of each other: if all magnitudes were mixed in
    each array, the largest term would hide what happens to the others. At times all arrays are of one magnitude: only
    products of two large values come near to overflow, and only those of two roots of the smallest are subnormal.
    """
    bottom, top = EXPONENTS[np.dtype(dtype).name]
    choices = _magnitudes(bottom, top)
    seed, choice = divmod(draw(SEEDS), len(choices))
    magnitudes, rng = choices[choice], np.random.default_rng(seed)

    def make(shape: tuple[int, ...]) -> Array:
        least, most, widths = magnitudes[rng.integers(len(magnitudes))]
        high, width = int(rng.integers(least, most, endpoint=True)), widths[rng.integers(len(widths))]
        exponents = rng.integers(max(bottom, high - width), high, shape, endpoint=True)
        mantissas = rng.uniform(1, 2, shape) * rng.choice([-1, 1], shape) * (rng.random(shape) > 1 / 16)
        values: Array = np.ldexp(mantissas.astype(dtype), exponents.astype(np.intc))
        return values

    return make


Magnitude = tuple[int, int, tuple[int, ...]]
"""The range of an array's largest exponent, and by how much others may be smaller."""


def _magnitudes(bottom: int, top: int) -> tuple[tuple[Magnitude, ...], ...]:
    """Return what the arrays of one case may be of: each of one of these."""
    ordinary, small = (-4, 4, (2, 12, 60)), (-45, -18, (12,))  # but not too small to count beside 1
    large, tiny = (top - 3, top, (2,)), (bottom, bottom + 30, (12,))
    root = (bottom // 2 - 4, bottom // 2 + 20, (2, 12))  # their products are subnormal
    whole = (bottom, top, (2, 12, 60, top - bottom))
    return (ordinary, small), (large,), (tiny,), (root,), (ordinary, small, large, tiny, root, whole)


def middling_floats(draw: st.DrawFn, dtype: npt.DTypeLike) -> Maker:
    """Draw a maker of arrays of floats between 1/16 and 16 in magnitude, zeros among them."""
    rng = np.random.default_rng(draw(SEEDS))

    def make(shape: tuple[int, ...]) -> Array:
        signs = rng.choice([-1.0, 1.0], shape) * (rng.random(shape) > 1 / 16)
        values: Array = (signs * np.exp2(rng.uniform(-4, 4, shape))).astype(dtype)
        return values

    return make
