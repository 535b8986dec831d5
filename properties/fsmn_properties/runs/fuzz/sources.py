"""What the fuzzer draws from: the sources of the catalogue, deeper the longer it runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from random import Random
from typing import Any, NamedTuple

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.conjunctions import POSITIONS, Extent, choices_for, conjunction
from fsmn_properties.cases.layouts import EXPANDED
from fsmn_properties.cases.position_families import FAMILIES
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.catalogue.conjunctions import CONJUNCTIONS
from fsmn_properties.catalogue.exhaustive import LOOK_BACKS, PAIRS
from fsmn_properties.catalogue.statement import CATALOGUE, Source, Statement
from fsmn_properties.contract.forms import FORMS, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import Picks, spread
from fsmn_properties.runs.fuzz.sequences import SEQUENCES, Block, cases_of_block, picks_of
from fsmn_properties.runs.fuzz.written import recipe_of
from fsmn_properties.targets.target import Target

DEEPEST = 4

IN_BLOCK = "block"
"""The source of an origin that names one of the sequences that are enumerated."""

OTHER_SHARE = 1
SHARES = {
    "conjunctions": 50,
    "conjunctions outside the domain": 8,
    "bad conjunctions": 8,
    "whole": 12,
    "floats": 6,
    "nonfinite": 6,
    "sequences": 8,
    "tiny whole": 4,
    "bad positions": 2,
    "any streams": 4,
}
"""How the time is divided among sources; all others have a share of OTHER_SHARE each."""


class Origin(NamedTuple):
    """All that makes a case of the fuzzer again.

    Parameters
    ----------
    source, form : str
        Their names.
    depth : int
        How deep the source was.
    picks : tuple of int
        The picks.
    made : str
        The recipe, if it has one: it makes the case whatever picks mean in another version.
    """

    source: str
    form: str
    depth: int
    picks: Picks
    made: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {**self._asdict(), "picks": list(self.picks)}

    @staticmethod
    def of_data(data: Mapping[str, Any]) -> Origin:
        """Return the origin that `as_data` was of."""
        picks = tuple(int(pick) for pick in data["picks"])
        return Origin(str(data["source"]), str(data["form"]), int(data["depth"]), picks, str(data.get("made", "")))


class Made(NamedTuple):
    """A case, its recipe if it has one, and its origin."""

    case: Case
    recipe: Recipe | None
    origin: Origin


def extent(depth: int) -> Extent:
    """Return how large cases are at some depth."""
    return Extent(
        work=250_000 << depth,
        elements=150_000 << min(depth, 3),
        frames=min(70_000 << depth, 500_000),
        channels=min(600 << depth, 4096),
        taps=min(260 << depth, 2000),
        events=1 + depth,
        positions=(*POSITIONS * 2, *FAMILIES),  # a family shows fewer bugs than a kind of `check` does
        narrow=4,
    )


@lru_cache(2 * DEEPEST)
def deep(depth: int) -> Source:
    """Return the source of conjunctions at some depth."""
    return replace(CONJUNCTIONS, draw=partial(conjunction, extent=extent(depth)))


def source_of(origin: Origin) -> Source | None:
    """Return the source of an origin, or None if there is none of its name."""
    if origin.source == CONJUNCTIONS.name:
        return deep(min(max(0, origin.depth), DEEPEST))
    return next((each for each in drawn_sources() if each.name == origin.source), None)


def drawn_sources() -> list[Source]:
    """Return all sources that are drawn."""
    every = {each.source.name: each.source for each in CATALOGUE if each.source.draw is not None}
    return [*every.values(), SEQUENCES]


def form_named(short: str) -> Form:
    """Return the form of a short name."""
    return next(form for form in FORMS if form.short == short)


def share_of(source: str) -> int:
    """Return the share of the time that a source has."""
    return SHARES.get(source, OTHER_SHARE)


def asked_of(source: str, form: Form, target: Target) -> list[Statement]:
    """Return the statements about the cases of a source that are promised."""
    drawn = [each for each in CATALOGUE if each.form is form and _is_of(each, source)]
    return [each for each in drawn if not each.not_promised(target)]


def _is_of(statement: Statement, source: str) -> bool:
    if source == SEQUENCES.name:
        return statement.source in (LOOK_BACKS, PAIRS)
    return statement.source.name == source and statement.source.draw is not None


def draw(origin: Origin, promises: Promises, rng: Random, wanted: Mapping[str, str]) -> Made | None:
    """Draw a new case.

    Parameters
    ----------
    origin : Origin
        Where from; its picks are none.
    promises : Promises
        What is promised.
    rng : Random
        What picks.
    wanted : mapping of str to str
        Features that the case should have, where possible.
    """
    source, picks = source_of(origin), list[int]()
    chosen = choices_for(wanted, rng.choice) if wanted else {}

    def pick(options: Sequence[Any], name: str = "") -> Any:
        if len(options) == 1:
            return options[0]
        mine = chosen.get(name) if name else None
        index = options.index(mine) if mine is not None and mine in options else int(rng.random() * len(options))
        picks.append(index * spread(len(options), len(picks)))
        return options[index]

    return _made(source, pick, promises, origin, picks)


def again(origin: Origin, promises: Promises) -> Made | None:
    """Return the case of an origin, or None if its picks are none of its source."""
    if origin.made:
        return _written(origin)
    if origin.source == IN_BLOCK:
        origin = _out_of_block(origin, promises)
    source, left, count = source_of(origin), list(origin.picks), 0

    def pick(options: Sequence[Any], name: str = "") -> Any:  # noqa: ARG001, the name of a feature
        nonlocal count
        if len(options) == 1:
            return options[0]
        count += 1
        return options[left.pop(0) // spread(len(options), count - 1)]

    try:
        return _made(source, pick, promises, origin, list(origin.picks))
    except (IndexError, ValueError, KeyError, TypeError):  # of another version
        return None


def _written(origin: Origin) -> Made | None:
    try:
        recipe = recipe_of(origin.made)
    except ValueError:  # of another version
        return None
    case = case_of(recipe)
    return None if case is None else Made(case, recipe, origin)


def case_of(recipe: Recipe) -> Case | None:
    """Return the case of a recipe that was changed, or None if it makes none, or other values than it says."""
    try:
        case = recipe.case()
    except Exception:  # what was changed does not go with the rest
        return None
    expanded = [case[name] for name, layout in case.layouts.items() if layout in EXPANDED]
    return case if all((array == array[:1]).all() for array in expanded) else None


def in_block(block: Block, number: int, column: int) -> Origin:
    """Return the origin of one sequence of a block, which `number` chose the values of."""
    return Origin(IN_BLOCK, block.form, 0, (block.frames, block.place, number, column))


def _out_of_block(origin: Origin, promises: Promises) -> Origin:
    frames, place, number, column = origin.picks
    case = next(islice(cases_of_block(Block(origin.form, frames, place), promises, number), column, None))
    return Origin(SEQUENCES.name, origin.form, 0, picks_of(case, promises, number))


def _made(
    source: Source | None, pick: Callable[..., Any], promises: Promises, origin: Origin, picks: list[int]
) -> Made | None:
    if source is None or source.draw is None:
        return None
    drawn = source.draw(pick, form_named(origin.form), promises)
    case, recipe = (drawn.case(), drawn) if isinstance(drawn, Recipe) else (drawn, None)
    return Made(case, recipe, origin._replace(picks=tuple(picks)))


def text_of(origin: Origin) -> str:
    """Return an origin as JSON."""
    return json.dumps(origin.as_data(), separators=(",", ":"))
