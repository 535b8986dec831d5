"""Named maps with a number that is read off: factors of the terms, and limits that cut a sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from fsmn_properties.contract.forms import UNI
from fsmn_properties.diagnosis.answers import Answer
from fsmn_properties.diagnosis.conditions import ALWAYS
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.named import Named, Values, mapped
from fsmn_properties.diagnosis.reading import Entries, results_of
from fsmn_properties.diagnosis.search import Explanation, told_apart
from fsmn_ref.arguments import Array

MOST_FRAMES = 20
FEWEST_CUT = 4
"""So many elements at least lie at a limit, or it is none."""


def fitted(result: str, answers: Sequence[Answer]) -> list[Explanation]:
    """Return maps whose numbers fit a few answers; whether they explain all is another question.

    Parameters
    ----------
    result : str
        The result.
    answers : sequence of Answer
        Answers of the target.
    """
    mine, wrong = told_apart(result, answers)
    some = [each for each in mine if each.case.frames <= MOST_FRAMES]
    if not wrong or any(each.results[result].shape != each.right(result).shape for each in some):
        return []
    return [Explanation((each,), ALWAYS) for each in (*_factors(result, some), *_limits(result, some))]


def _kinds(facts: Facts) -> dict[str, Callable[[Entries], Array]]:
    """Return the kinds of terms in words, and which entries are of each."""
    first = facts.first_rows
    if facts.form is UNI:
        return {
            "the identity term counts": lambda e: e.taps == facts.identity,
            "the taps count": lambda e: e.taps < facts.identity,
        }
    return {
        "the identity term counts": lambda e: e.taps == facts.identity,
        "the current frame's own tap counts": lambda e: e.taps == 0,
        "the look-back taps count": lambda e: (e.taps > 0) & (e.taps < first["ffilter"]),
        "the look-ahead taps count": lambda e: (e.taps >= first["ffilter"]) & (e.taps < facts.identity),
    }


def _factors(result: str, some: Sequence[Answer]) -> Iterator[Named]:
    """Yield the map of which each kind of terms has a factor, if there is one."""
    parts = []
    for each in some:
        right = mapped((), each.facts)
        kinds = _kinds(each.facts).values()
        parts.append([results_of(right.where(of(right)), each.facts, each.values, result).ravel() for of in kinds])
    table = np.concatenate([np.array(part) for part in parts], axis=1)
    got = np.concatenate([each.results[result].astype(np.float64).ravel() for each in some])
    used = np.flatnonzero(table.any(axis=1))
    if not len(used) or not np.isfinite(got).all():
        return
    found = np.linalg.lstsq(table[used].T, got, rcond=None)[0]
    factors = np.ones(len(table))
    factors[used] = [_plain(number) for number in found]
    if (factors == 1).all() or np.abs(factors @ table - got).max() > 1e-6 * np.abs(got).max(initial=1):
        return
    words = list(_kinds(some[0].facts))
    says = " and ".join(f"{w} {_times(n)}" for w, n in zip(words, factors, strict=True) if n != 1)
    names = [f"{w} {n:.9g}" for w, n in zip(words, factors, strict=True) if n != 1]

    def scaled(entries: Entries, facts: Facts) -> Entries:
        weights = entries.weights.copy()
        for of, factor in zip(_kinds(facts).values(), factors, strict=True):
            weights = np.where(of(entries), weights * factor, weights)
        return entries.but(weights=weights)

    yield Named(f"factors: {', '.join(names)}", says, entries=scaled)


def _plain(number: float) -> float:
    """Return a number of few digits, or one over such, if it is near."""
    if abs(number) < 1e-9:
        return 0.0
    for near in (round(number, 6), 1 / round(1 / number, 6) if abs(number) < 1e5 and round(1 / number, 6) else number):
        if abs(near - number) < 1e-9 * abs(number):
            return float(near)
    return float(number)


def _times(factor: float) -> str:
    return {0.0: "nothing", 2.0: "twice", -1.0: "with the wrong sign"}.get(factor, f"{factor:g} times")


def _limits(result: str, some: Sequence[Answer]) -> Iterator[Named]:
    """Yield limits that cut the result, or the sum of its taps before the identity is added."""
    got = np.concatenate([each.results[result].astype(np.float64).ravel() for each in some])
    right = np.concatenate([each.right(result).astype(np.float64).ravel() for each in some])
    name = {"memory": "hidden", "dhidden": "dmemory"}.get(result, "")
    identity = np.concatenate([each.values[name].ravel() for each in some]) if name else 0 * got
    for what, base in (("it", 0 * got), ("the sum of the taps, without the identity term,", identity)):
        low, high = (got - base).min(initial=0), (got - base).max(initial=0)
        cut = ((right - base > high).sum(), (right - base < low).sum())
        if (what != "it" and not name) or max(cut) < FEWEST_CUT:
            continue
        if np.array_equal(np.clip(right - base, low, high) + base, got):
            ends = [f"at most {high:g}"] * bool(cut[0]) + [f"at least {low:g}"] * bool(cut[1])
            limits = (low if cut[1] else -np.inf, high if cut[0] else np.inf)
            says = f"{what} is cut to {' and '.join(ends)}"
            yield Named(
                f"limits {limits}: {what}", says, outputs=_cut(limits, "" if what == "it" else name), only=(result,)
            )
    for kind in (np.int8, np.uint8, np.int16):
        if np.array_equal(right.astype(np.int64).astype(kind), got):
            says = f"it wraps as {np.dtype(kind).name} does"
            yield Named(f"wraps as {np.dtype(kind).name}", says, outputs=_wrapped(kind))


def _cut(limits: tuple[float, float], identity: str) -> Callable[[Array, Values, Facts, str], Array]:
    def cut(value: Array, values: Values) -> Array:
        base = values[identity] if identity else 0
        found: Array = np.clip(value - base, *limits) + base
        return found

    return lambda value, values, *_: cut(value, values)


def _wrapped(kind: type) -> Callable[[Array, Values, Facts, str], Array]:
    return lambda value, *_: value.astype(np.int64).astype(kind).astype(np.float64)
