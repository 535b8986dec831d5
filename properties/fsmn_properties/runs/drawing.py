"""Cases of a source: drawn once by Hypothesis for all statements that ask about them, and replayed to be shrunk."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any, NamedTuple

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.database import ExampleDatabase, choices_from_bytes, choices_to_bytes

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.conjunctions import IMPLIED, choices_for, features_of
from fsmn_properties.cases.covering import Covering
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.within import outside
from fsmn_properties.catalogue.statement import Source
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises

Picks = tuple[int, ...]

EVENLY_DRAWN = 257


class Drawn(NamedTuple):
    """A case, and the picks that Hypothesis made it by; None for a listed case."""

    case: Case
    picks: Picks | None


def cases_of(
    source: Source, form: Form, promises: Promises, examples: int, seed: str, about: str = ""
) -> Iterable[Drawn]:
    """Return the cases of a source within the promises.

    Parameters
    ----------
    source, form, promises
        What to draw from.
    examples : int
        How many cases to draw, if any are drawn.
    seed : str
        Where Hypothesis starts: the same seed draws the same cases.
    about : str
        As in `Statement`.
    """
    if source.listed is not None:
        return _listed(source, form, promises)
    if source.covers:
        rows = covered(source, form, promises, seed)
        chosen = rows.rows_about(about) if about else rows.rows(examples)
        return (Drawn(recipe.case(), picks) for recipe, picks in chosen)
    return (_even if source.evenly else _drawn)(source, form, promises, examples, seed)


def _listed(source: Source, form: Form, promises: Promises) -> Iterator[Drawn]:
    for case in source.listed(form, promises) if source.listed else ():
        if promises.is_whole or not outside(case, promises):
            yield Drawn(case, None)


@cache
def _drawn(source: Source, form: Form, promises: Promises, examples: int, seed: str) -> list[Drawn]:
    found: list[Drawn] = []

    @hypothesis.seed(_start(source, form, seed))
    @_settings(max_examples=examples, database=None, phases=[Phase.generate])
    @hypothesis.given(strategy(source, form, promises))
    def collect(drawn: Drawn) -> None:
        found.append(drawn)

    collect()
    return found


def _even(source: Source, form: Form, promises: Promises, examples: int, seed: str) -> Iterator[Drawn]:
    rng = Random(_start(source, form, seed))  # noqa: S311, no secret
    for _ in range(examples):
        made, picks = _at_random(source, form, promises, rng, {})
        yield Drawn(made.case() if isinstance(made, Recipe) else made, picks)


def _start(source: Source, form: Form, seed: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{source.name} {form.short} {seed}".encode()).digest()[:8])


def _at_random(
    source: Source, form: Form, promises: Promises, rng: Random, chosen: Mapping[str, Any]
) -> tuple[Any, Picks]:
    """Return what a source makes of random picks, where possible those chosen by name, and the picks."""
    picks: list[int] = []

    def pick(options: Sequence[Any], name: str = "") -> Any:
        count = len(options)
        if count == 1:
            return options[0]
        mine = chosen.get(name)
        index = options.index(mine) if mine is not None and mine in options else int(rng.random() * count)
        picks.append(index * spread(count, len(picks)))
        return options[index]

    assert source.draw is not None
    return source.draw(pick, form, promises), tuple(picks)


@cache
def covered(source: Source, form: Form, promises: Promises, seed: str) -> Covering[tuple[Recipe, Picks]]:
    """Return the recipes of a source, in which every possible pair of its features occurs, each with its picks."""

    def random_row(rng: Random, wanted: Mapping[str, str]) -> tuple[Any, Mapping[str, str]]:
        row = _at_random(source, form, promises, rng, choices_for(wanted, rng.choice))
        return row, features_of(row[0], form)

    return Covering(random_row, _start(source, form, seed), IMPLIED)


def strategy(source: Source, form: Form, promises: Promises) -> st.SearchStrategy[Drawn]:
    """Return a strategy of the cases of a source, each with its picks."""

    @st.composite
    def drawn(draw: st.DrawFn) -> Drawn:
        picks: list[int] = []

        def pick(options: Sequence[Any], name: str = "") -> Any:  # noqa: ARG001, the name of a feature
            if len(options) == 1:
                return options[0]
            # Not integers(): of more numbers than 257, Hypothesis draws the small ones more often.
            width = spread(len(options), len(picks))
            picks.append(draw(_below(len(options) * width)))
            return options[picks[-1] // width]

        made = source.draw(pick, form, promises) if source.draw else None
        case = made.case() if isinstance(made, Recipe) else made
        assert case is not None
        return Drawn(case, tuple(picks))

    return drawn()


@cache
def spread(options: int, place: int) -> int:
    """Return how many numbers stand for each option of a pick at some place.

    Hypothesis at times copies what one draw gave into another of the same range. Neighbouring picks have other ranges,
    so the two sides of a case do not become alike.
    """
    return 1 + place % max(1, min(5, EVENLY_DRAWN // options))


@cache
def _below(end: int) -> st.SearchStrategy[int]:
    return st.sampled_from(range(end))


def replayed(source: Source, form: Form, promises: Promises, picks: Iterable[int]) -> Case | None:
    """Return the case that was made by some picks, or None if they are none of this source."""
    left, made_of = list(picks), 0

    def pick(options: Sequence[Any], name: str = "") -> Any:  # noqa: ARG001, the name of a feature
        nonlocal made_of
        if len(options) == 1:
            return options[0]
        made_of += 1
        return options[left.pop(0) // spread(len(options), made_of - 1)]

    try:
        made = source.draw(pick, form, promises) if source.draw else None
    except IndexError:
        return None
    return made.case() if isinstance(made, Recipe) else made


def shrink(source: Source, form: Form, promises: Promises, picks: Picks, fails: Callable[[Drawn], None]) -> None:
    """Let Hypothesis shrink the case of some picks, for which `fails` raises."""

    @_settings(max_examples=1, database=_Once(picks), phases=[Phase.reuse, Phase.shrink])
    @hypothesis.given(strategy(source, form, promises))
    def again(drawn: Drawn) -> None:
        fails(drawn)

    again()


def _settings(**changes: Any) -> hypothesis.settings:
    return hypothesis.settings(
        deadline=None,  # the first call of an implementation may compile it
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.nested_given, HealthCheck.differing_executors],
        **changes,
    )


class _Once(ExampleDatabase):
    """A database with one entry for every key: Hypothesis begins with it."""

    def __init__(self, picks: Picks) -> None:
        # Hypothesis shrinks what it reuses only if that is more than the test draws.
        self._entry = choices_to_bytes([*picks, 0])

    def fetch(self, key: bytes) -> Iterator[bytes]:  # noqa: ARG002, of any key
        yield self._entry

    def save(self, key: bytes, value: bytes) -> None:
        """Keep nothing."""

    def delete(self, key: bytes, value: bytes) -> None:
        """Keep the entry."""


def random_seed() -> str:
    """Return a seed that no other run has."""
    return secrets.token_hex(8)


def saved(database: ExampleDatabase | None, name: str) -> list[Picks]:
    """Return the picks of cases that a statement failed for in an earlier run."""
    entries = database.fetch(_key(name)) if database is not None else ()
    found = [choices_from_bytes(entry) for entry in entries]
    return [tuple(int(pick) for pick in picks) for picks in found if picks]


def save(database: ExampleDatabase | None, name: str, picks: Picks) -> None:
    """Keep the picks of a case that a statement fails for."""
    if database is not None:
        database.save(_key(name), choices_to_bytes(picks))


def forget(database: ExampleDatabase | None, name: str, picks: Picks) -> None:
    """Drop the picks of a case that a statement holds of by now."""
    if database is not None:
        database.delete(_key(name), choices_to_bytes(picks))


def _key(name: str) -> bytes:
    return f"fsmn_properties {name}".encode()
