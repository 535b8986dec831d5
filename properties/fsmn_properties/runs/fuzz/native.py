"""The entry for coverage-guided fuzzers, such as atheris: bytes make a case, and a statement is asked about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from fsmn_properties.cases.conjunctions import POSITIONS, Extent, conjunction
from fsmn_properties.cases.position_families import FAMILIES
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.catalogue.conjunctions import CONJUNCTIONS
from fsmn_properties.catalogue.statement import CATALOGUE, Statement
from fsmn_properties.checks.trial import Trial
from fsmn_properties.targets.target import target_of

SMALL = Extent(work=20_000, elements=10_000, frames=2000, channels=64, taps=64, positions=(*POSITIONS, *FAMILIES))
"""How large cases are: a fuzzer that is guided by coverage wants many calls more than large ones."""


def fuzz_one_input(implementation: object, promises: Any = None) -> Callable[[bytes], None]:
    """Return the function that a coverage-guided fuzzer calls with bytes.

    Parameters
    ----------
    implementation : object
        As in `verify`.
    promises : mapping, optional
        As in `verify`.

    Returns
    -------
    callable
        `fuzz_one_input(data)` asks one statement about the case that the bytes make. All bytes make a case: those that
        are missing count as zeros. It raises a Violation, an AssertionError, if the statement does not hold.

    Examples
    --------
    >>> import fsmn_vec
    >>> fuzz_one_input(fsmn_vec)(b"any bytes")
    """
    target = target_of(implementation, promises)
    asked = [each for each in CATALOGUE if each.source.draw is not None and not each.not_promised(target)]

    def one_input(data: bytes) -> None:
        pick = _Bytes(data)
        statement: Statement = pick(asked)
        draw = _draw_of(statement)
        drawn = draw(pick, statement.form, target.promises)
        case = drawn.case() if isinstance(drawn, Recipe) else drawn
        with np.errstate(all="ignore"):
            statement.check(Trial(target, statement.form), case)

    return one_input


def _draw_of(statement: Statement) -> Callable[..., Any]:
    source = statement.source
    if source.name == CONJUNCTIONS.name:
        source = replace(source, draw=partial(conjunction, extent=SMALL))
    assert source.draw is not None
    return source.draw


class _Bytes:
    """Picks by bytes: one for each pick among up to 256 options, two for more."""

    def __init__(self, data: bytes) -> None:
        self._data, self._place = data, 0

    def __call__(self, options: Sequence[Any], name: str = "") -> Any:  # noqa: ARG002, the name of a feature
        if len(options) == 1:
            return options[0]
        length = 1 if len(options) <= 256 else 2
        number = int.from_bytes(self._data[self._place : self._place + length], "little")
        self._place += length
        return options[number % len(options)]
