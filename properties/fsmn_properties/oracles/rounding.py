"""The contract's rounding bound, in rational arithmetic: no tolerance was chosen.

|computed - exact| <= g * sum|t_k| + m*s with g = m*u/(1 - m*u), for m terms t_k, unit roundoff u and smallest
subnormal s (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3): it holds for any order of summation,
with or without fused multiply-add.
"""

from __future__ import annotations

from collections.abc import Container
from fractions import Fraction

import numpy as np
import numpy.typing as npt

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.oracles.exact import first_wrong, same_kind, shown
from fsmn_properties.violation import Violation
from fsmn_ref.arguments import Array

to_fractions = np.vectorize(Fraction, otypes=[object])
_to_floats = np.vectorize(float, otypes=[float])


def within_the_bound(case: Case, results: dict[str, Array]) -> None:
    """Raise a Violation unless every element of `results` lies within the rounding bound of the exact result."""
    floats = {"dmemory": case.dmemory, **case.floats}
    exact, sizes, terms = (
        _reference(case.but(**{name: of(value) for name, value in floats.items()}), results)
        # The terms, their magnitudes, and each of them counted as 1: few enough for floats to count them.
        for of in (to_fractions, lambda value: to_fractions(abs(value)), lambda value: np.ones(value.shape))
    )
    dtype = np.result_type(*floats.values())
    for name, got in results.items():
        want = _to_floats(exact[name]).astype(dtype)
        same_kind(case, name, got, want)
        bound = rounding_bound(to_fractions(terms[name]), sizes[name], got.dtype)
        finite = np.isfinite(got)
        wrong = ~finite
        wrong[finite] = abs(to_fractions(got[finite]) - exact[name][finite]) > bound[finite]
        if wrong.any():
            index = tuple(np.argwhere(wrong)[0])
            allowed = f", give or take {float(bound[index]):.3g}"
            raise Violation(first_wrong(name, wrong, got, want) + allowed, shown(case, name, want))


def _reference(case: Case, names: Container[str]) -> dict[str, Array]:
    # Fractions are slow: only what is asked for.
    memory = {"memory": case.forward(fsmn_ref)} if "memory" in names else {}
    return memory if "dhidden" not in names else memory | case.backward(fsmn_ref)


def rounding_bound(terms: Array, sizes: Array, dtype: npt.DTypeLike) -> Array:
    """Return the bound for sums of `terms` terms whose magnitudes add up to `sizes`, all arrays of Fractions."""
    info = np.finfo(np.dtype(dtype))
    u, s = Fraction(float(info.eps)) / 2, Fraction(float(info.smallest_subnormal))
    bound: Array = terms * u / (1 - terms * u) * sizes + terms * s
    return bound
