"""The contract's rounding bound R4: no tolerance was chosen.

|computed - exact| <= g * sum|t_k| + m*s with g = m*u/(1 - m*u), for m terms t_k, unit roundoff u and smallest
subnormal s (Higham, Accuracy and Stability of Numerical Algorithms, chapter 3): it holds for any order of summation,
with or without fused multiply-add.

The exact result is computed in long double, whose own error for m terms is at most (m + 1) * 2**-64 * sum|t_k| * 1.01:
for doubles, 2**-10 of the bound. It is added to the bound, so nobody is accused wrongly. Where long double is no wider
than double, and for long double itself, the exact result is rational.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

import fsmn_ref
from fsmn_properties.cases.case import Case
from fsmn_properties.cases.oracle import results_of
from fsmn_properties.checks.exact import first, first_wrong, function_of, same_kind
from fsmn_properties.checks.trial import Call, Trial, Violation, scalar
from fsmn_properties.contract.formats import EXTENDED_IS_WIDER, FLOATS, format_of
from fsmn_ref.arguments import Array


def _fraction(value: Any) -> Fraction:
    return Fraction(*value.as_integer_ratio())  # long double, too, which Fraction itself does not take


to_fractions = np.vectorize(_fraction, otypes=[object])


def _long(value: Any) -> Any:
    """Return a long double near a rational number, which may be far outside the range of doubles."""
    if not isinstance(value, Fraction):
        return np.longdouble(value)
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    return np.ldexp(np.longdouble(float(value / Fraction(2) ** exponent)), exponent)


_to_long = np.vectorize(_long, otypes=[np.longdouble])


class Exact(NamedTuple):
    """For every element of a result: its exact value, the sum of its terms' magnitudes, and their number."""

    values: Array
    sizes: Array
    terms: Array


def exact(case: Case) -> dict[str, Exact]:
    """Return the exact results: in long double if that is far wider than the results, else in rational numbers."""
    of = _in_long_double if EXTENDED_IS_WIDER and case.dtype("dhidden") != np.longdouble else _in_fractions
    plain = {name: case[name].astype(np.longdouble) for name in case.form.matrices}
    with np.errstate(all="ignore"):
        values, sizes = of(case, plain), of(case, {name: np.abs(value) for name, value in plain.items()})
    # In every channel there are as many.
    ones = {name: np.ones((len(value), 1)) for name, value in plain.items()}
    terms = results_of(case.form, {**case.plain, **ones}, np.float64, gradients=not case.chunks)
    return {
        name: Exact(values[name], sizes[name], np.broadcast_to(count, values[name].shape))
        for name, count in terms.items()
    }


def _in_long_double(case: Case, values: Mapping[str, Array]) -> dict[str, Array]:
    return results_of(case.form, {**case.plain, **values}, np.longdouble, gradients=not case.chunks)


def _in_fractions(case: Case, values: Mapping[str, Array]) -> dict[str, Array]:
    arguments = {**case.plain, **{name: to_fractions(value) for name, value in values.items()}}
    form, strides = case.form, {name: arguments[name] for name in case.strides}
    forward, backward = (
        getattr(fsmn_ref, function)(*[arguments[name] for name in form.arguments(function)], **strides)
        for function in form.functions
    )
    return {"memory": forward, **dict(zip(form.gradients, backward, strict=True))}


def within_the_bound(trial: Trial, case: Case, results: Mapping[str, Array]) -> None:
    """Raise a Violation unless every element of `results` lies within the rounding bound of the exact result.

    The trial keeps the worst error in units of its bound.
    """
    wanted: dict[str, Exact] = exact_of(case)
    for name, got in results.items():
        values, sizes, terms = wanted[name]
        rational = values.dtype == object
        want = (_to_long(values) if rational and values.size else values).astype(case.dtype(name))
        same_kind(case, name, got, want)
        bound = rounding_bound(terms, sizes, got.dtype, rational=rational)
        finite = np.isfinite(got)
        wrong = ~finite
        held = to_fractions(got[finite]) if rational else got[finite].astype(np.longdouble)
        errors = abs(held - values[finite])
        wrong[finite] = errors > bound[finite]
        trial.worst = max(trial.worst or 0.0, _worst(errors, bound[finite]), np.inf if not finite.all() else 0.0)
        if wrong.any():
            index = first(wrong)
            element = f"{name}[{', '.join(map(str, index))}]"
            allowed = f", rounding bound {np.format_float_scientific(_long(bound[index]), 2)}"
            nearest = want.astype(np.longdouble) if rational else values
            ulp = np.spacing(abs(want[index])) if rational else 0
            text = f"assert abs(np.longdouble({element}) - {scalar(np.longdouble(nearest[index]))})"
            limit = scalar(_long(bound[index]) * np.longdouble(1 + 2**-50) + np.longdouble(ulp))
            ending = [f"{text} <= {limit}, {element}  # what it should be, and the rounding bound"]
            facts = {"result": name, "element": index, "got": str(got[index]), "wanted": str(want[index])}
            problem = first_wrong(name, wrong, got, want) + allowed
            raise Violation(problem, [Call(case, function_of(case, name))], ending, facts)


def _worst(errors: Array, bounds: Array) -> float:
    """Return the largest error in units of its bound; an error where the bound is 0 is infinitely many."""
    bounded = bounds > 0
    if (errors[~bounded] > 0).any():
        return np.inf
    return float((errors[bounded] / bounds[bounded]).max(initial=0))


def exact_of(case: Case) -> dict[str, Exact]:
    """Return the exact results of a case, computed once."""
    kept: dict[str, Exact] | None = case.__dict__.get("_exact")
    if kept is None:
        kept = exact(case)
        case.__dict__["_exact"] = kept
    return kept


def rounding_bound(terms: Array, sizes: Array, dtype: np.dtype[Any], *, rational: bool) -> Array:
    """Return the bound for sums of `terms` terms whose magnitudes add up to `sizes`."""
    number_format = format_of(dtype)
    if rational:
        u, s, m = Fraction(1, 2**number_format.digits), Fraction(2) ** number_format.bottom, to_fractions(terms)
        exactly: Array = m * u / (1 - m * u) * sizes + m * s
        return exactly
    m = terms.astype(np.longdouble)
    u, s = np.ldexp(np.longdouble(1), -number_format.digits), np.ldexp(np.longdouble(1), number_format.bottom)
    own = np.longdouble(1.01) * (m + 1) * np.ldexp(np.longdouble(1), -FLOATS["longdouble"].digits)
    # So many terms of half precision that nothing is promised of their sum.
    g = np.where(m * u < 1, m * u / np.maximum(1 - m * u, u), np.inf)
    bound: Array = np.where(sizes > 0, (g + own) * np.where(sizes > 0, sizes, 1), 0) + m * s
    return bound
