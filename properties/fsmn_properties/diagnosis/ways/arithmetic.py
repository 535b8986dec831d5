"""How many bits of a number survive, what is flushed and what is clamped: sums and products too narrow."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.contract.formats import FLOATS, format_of
from fsmn_properties.diagnosis.answers import answer
from fsmn_properties.diagnosis.difference import right_map
from fsmn_properties.diagnosis.facts import Facts
from fsmn_properties.diagnosis.settings import filled
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array

NARROW = {8: "bfloat16", 11: "float16 or TF32", 24: "float32", 53: "float64"}
"""Formats by the bits of their significand."""


FEWEST = 3
"""No format has so few bits."""


class Path(NamedTuple):
    """One product that a result sums: which elements are its factors, and where it ends."""

    result: str
    element: tuple[int, int]
    factors: tuple[tuple[str, int], ...]


def arithmetic(target: Target, case: Case, result: str) -> list[str]:
    """Return what is wrong with the arithmetic of a result at the sizes and types of a case, in words."""
    if case.dtype(result).kind != "f" or not case.channels:
        return []
    if not all(answer(target, filled(case, number)).is_right(result) for number in (1, 2)):
        return []  # it is wrong in another way
    digits = format_of(case.dtype(result)).digits
    for path in _paths(case, result):
        # What is too narrow flushes and clamps as well.
        for told in chain(
            _narrow(target, case, path, digits), _flushed(target, case, path), _clamped(target, case, path)
        ):
            return [told]
    return []


def _paths(case: Case, result: str) -> Iterator[Path]:
    """Yield a product through the identity, and one through each filter, if there are such."""
    facts = Facts(case)
    found = right_map(facts, result)
    for tap in _taps(facts):
        # Where a row taps its own frame, the identity is in the sum as well.
        alone = tap == facts.identity or result.endswith("filter")
        places = [(int(r), int(s)) for r, s in np.argwhere(found[:, :, tap]) if alone or r != s]
        if not places:
            continue
        row, frame = places[-1]
        weight = () if tap == facts.identity else (_weight(facts, tap),)
        if result == "memory":
            yield Path(result, (row, 0), (("hidden", frame), *weight))
        elif result == "dhidden":
            yield Path(result, (frame, 0), (("dmemory", row), *weight))
        elif weight and f"d{weight[0][0]}" == result:
            yield Path(result, (weight[0][1], 0), (("dmemory", row), ("hidden", frame)))


def _taps(facts: Facts) -> list[int]:
    """Return the identity and the last tap of each filter that has an own row, or its first."""
    last = [first + facts.counts[name] - 1 for name, first in facts.first_rows.items() if facts.counts[name]]
    first = [first for name, first in facts.first_rows.items() if facts.counts[name]]
    return list(dict.fromkeys([facts.identity, *first, *last]))


def _weight(facts: Facts, tap: int) -> tuple[str, int]:
    return next((name, tap - first) for name, first in reversed(facts.first_rows.items()) if tap >= first)


def _value(target: Target, case: Case, path: Path, values: dict[str, float], extra: float = 0.0) -> float | None:
    """Return an element of a result of which only one product, and perhaps the identity, are not zero."""
    matrices: dict[str, Array] = {name: np.zeros_like(case[name]) for name in case.form.matrices}
    if path.result.endswith("filter"):
        matrices |= {name: np.ones_like(case[name]) for name in case.form.filters}
    for name, row in path.factors:
        matrices[name][row, 0] = values[name]
    if extra:
        matrices["hidden" if path.result == "memory" else "dmemory"][path.element] = extra
    probe = case.but(**matrices)
    got = answer(target, probe).results.get(path.result)
    want = probe.want[path.result]
    if got is None or got.shape != want.shape:
        return None
    return float(got[path.element])


def _narrow(target: Target, case: Case, path: Path, digits: int) -> Iterator[str]:
    """Say how many bits of a factor, or of a sum, survive."""
    for name, _ in path.factors:
        held = format_of(case[name].dtype).digits if case[name].dtype.kind == "f" else 0
        bits = _bits(target, case, path, name, min(digits, held))
        if 0 < bits < min(digits, held):
            yield f"{path.result} has {bits} of the {held} bits of {name}: {_passes(target, case, path, name, bits)}"
            return
    own = len(path.factors) == 2 and path.result in {"memory", "dhidden"} and path.factors[0][1] != path.element[0]
    if own:
        ones = dict.fromkeys((name for name, _ in path.factors), 1.0)
        name = path.factors[0][0]
        for bits in range(1, digits):
            got = _value(target, case, path, {**ones, name: 2.0**-bits}, 1.0)
            if got is None:
                return
            if got != 1 + 2.0**-bits:
                if abs(got - 1) > 2.0 ** (1 - bits) or bits <= FEWEST:
                    return
                yield f"{path.result} is summed in {bits} bits, where its format has {digits}: {_format(bits)}"
                return


def _bits(target: Target, case: Case, path: Path, name: str, most: int) -> int:
    ones = dict.fromkeys((each for each, _ in path.factors), 1.0)
    for bits in range(1, most):
        got = _value(target, case, path, {**ones, name: 1 + 2.0**-bits})
        if got is None:
            return 0
        if got != 1 + 2.0**-bits:
            # Else it is wrong in another way.
            return bits if abs(got - 1) <= 2.0 ** (1 - bits) and bits > FEWEST else 0
    return most


def _passes(target: Target, case: Case, path: Path, name: str, bits: int) -> str:
    """Say which format a number passes through; two of 11 bits differ in what they hold at most."""
    if bits == 11:
        ones = dict.fromkeys((each for each, _ in path.factors), 1.0)
        large = _value(target, case, path, {**ones, name: 2.0**17})
        return f"it passes through {'TF32' if large == 2.0**17 else 'float16'}"
    return f"it passes through {NARROW[bits]}" if bits in NARROW else "it is cut to that many"


def _format(bits: int) -> str:
    return NARROW.get(bits, "it is cut to that many")


def _flushed(target: Target, case: Case, path: Path) -> Iterator[str]:
    """Say whether subnormal numbers count as zero."""
    number_format = FLOATS.get(case.dtype(path.result).name)
    if number_format is None or number_format.name == "longdouble":
        return
    tiny = float(np.ldexp(1.0, max(number_format.bottom + 2, -1070)))
    ones = dict.fromkeys((name for name, _ in path.factors), 1.0)
    for name, _ in path.factors:
        if format_of(case[name].dtype).bottom > number_format.bottom + 2 if case[name].dtype.kind == "f" else True:
            continue
        if _value(target, case, path, ones) == 1 and _value(target, case, path, {**ones, name: tiny}) == 0:
            normal = number_format.bottom + number_format.digits - 1
            lost = [e for e in range(normal, 0) if _value(target, case, path, {**ones, name: 2.0**e}) == 0]
            if lost:
                yield f"{path.result} takes {name} for 0 where it is below about {2.0 ** (lost[-1] + 1):.1g}"
            else:
                yield f"{path.result} is 0 where {name} is subnormal: subnormal numbers are flushed to zero"
            return


def _clamped(target: Target, case: Case, path: Path) -> Iterator[str]:
    """Say whether large numbers are cut."""
    number_format = format_of(case.dtype(path.result))
    ones = dict.fromkeys((name for name, _ in path.factors), 1.0)
    name = path.factors[0][0]
    if case[name].dtype != case.dtype(path.result):
        return
    for sign in (1.0, -1.0):
        large = sign * 2.0 ** min(number_format.top - 1, 1000)
        got, again = (_value(target, case, path, {**ones, name: each}) for each in (large, large / 4))
        if got is not None and got == again and np.isfinite(got) and sign * got >= 1:
            yield f"{path.result} is cut at {got:g}"
            return
