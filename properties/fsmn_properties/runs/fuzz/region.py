"""Where round its smallest case a bug shows: which features it needs, and at which levels of them it fails as well.

A failure that has all that a known bug needs is taken for that bug. A failure that lacks any of it is of another one,
so that a bug that fails most cases does not hide the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fsmn_properties.cases.conjunctions import HISTORY, POSITIONS, VALUES
from fsmn_properties.cases.layouts import LAYOUTS, LISTS
from fsmn_properties.cases.position_families import FAMILIES
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.values import KINDS, STRUCTURES
from fsmn_properties.cases.within import outside
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.fuzz.asking import Asks, Symptom
from fsmn_properties.runs.fuzz.limits import timer
from fsmn_properties.runs.fuzz.sources import Made, case_of, form_named

ORDINARY = 2
"""Sizes up to this one are not what a bug needs."""

USUAL = ("", "False", "float64", "int64", "whole")
"""Levels that a case has if nothing is special about it."""

PROBING = 2.0
"""Seconds of trying other levels of the features of a smallest case."""

MORE = 13
"""So many frames more show what a kind of positions does."""

NUMBERS = (0, 1, 2, 5)
"""What is random is tried with these numbers before a level counts as one that does not fail."""


@dataclass(frozen=True)
class Facts:
    """Sizes and levels of a case.

    Parameters
    ----------
    sizes : mapping of str to int
        What is larger in a larger case.
    levels : mapping of str to str
        Everything else.
    """

    sizes: Mapping[str, int]
    levels: Mapping[str, str]

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"sizes": dict(self.sizes), "levels": dict(self.levels)}

    @staticmethod
    def of_data(data: Mapping[str, Any]) -> Facts:
        """Return the facts that `as_data` was of."""
        return Facts(dict(data.get("sizes", {})), dict(data.get("levels", {})))


def facts_of(made: Made) -> Facts:
    """Return the facts of a case."""
    case, recipe = made.case, made.recipe
    form = case.form
    sizes = {"frames": case.frames, "channels": case.channels}
    sizes |= dict(zip(("taps", "ahead"), case.taps, strict=False))
    sizes |= {name: int(value) for name, value in case.strides.items()}
    levels = {"by name": str(case.by_name), "shared": case.shared}
    levels |= {f"layout of {name}": case.layouts.get(name, "") for name in (*form.matrices, *form.positions)}
    levels |= {f"type of {name}": case[name].dtype.name for name in form.positions}
    formats = [case[name].dtype.name for name in form.matrices]
    levels["format"] = max(formats, key=formats.count)
    levels |= {
        f"format of {n}": "" if f == levels["format"] else f for n, f in zip(form.matrices, formats, strict=True)
    }
    levels |= {f"after {event}": str(event in case.history) for event in HISTORY}
    if recipe is not None:
        levels |= {f"kind of {n}": kind for n, (kind, _) in zip(form.positions, recipe.positions, strict=False)}
        levels["values"] = "nonfinite" if recipe.specials else recipe.structure or recipe.values
    return Facts(sizes, levels)


@dataclass(frozen=True)
class Region:
    """Where a bug shows.

    Parameters
    ----------
    sizes : mapping of str to int
        The least sizes.
    levels : mapping of str to tuple of str
        The levels at which it fails, of each feature that matters.
    """

    sizes: Mapping[str, int] = field(default_factory=dict)
    levels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def holds(self, facts: Facts) -> bool:
        """Return whether a case has everything that the bug needs."""
        return all(facts.sizes.get(name, 0) >= size for name, size in self.sizes.items()) and all(
            facts.levels.get(name, "") in levels for name, levels in self.levels.items()
        )

    def is_like(self, other: Region) -> bool:
        """Return whether two regions are of one bug, as far as can be told: it needs the same, and about as much."""
        mine, theirs = self._large(), other._large()
        return (
            mine.keys() == theirs.keys()
            and all(2 * max(mine[name], theirs[name]) <= 3 * min(mine[name], theirs[name]) for name in mine)
            and self.levels.keys() == other.levels.keys()
            and all({*levels} & {*other.levels[name]} for name, levels in self.levels.items())
        )

    def _large(self) -> dict[str, int]:
        return {name: size for name, size in self.sizes.items() if size > ORDINARY}

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {"sizes": dict(self.sizes), "levels": {name: list(levels) for name, levels in self.levels.items()}}

    @staticmethod
    def of_data(data: Mapping[str, Any]) -> Region:
        """Return the region that `as_data` was of."""
        levels = {name: tuple(levels) for name, levels in data.get("levels", {}).items()}
        return Region(dict(data.get("sizes", {})), levels)


def region_of(asks: Asks, statement: Statement, made: Made, symptom: Symptom, promises: Promises) -> Region:
    """Return the region of a bug round its smallest case, by asking about its neighbours."""
    facts, over = facts_of(made), timer(PROBING)
    needed: dict[str, tuple[str, ...]] = {}
    if made.recipe is None or made.recipe.chunks is not None:
        return Region(facts.sizes)
    for name, level in facts.levels.items():
        failing, passing = [level], False
        for other, recipes in _neighbours(made.recipe, form_named(made.recipe.form), promises, name, level):
            if over():
                passing = passing or level not in USUAL
                break
            if any(_fails(asks, statement, recipe, symptom, promises) for recipe in recipes):
                failing.append(other)
            else:
                passing = True
        if passing:
            needed[name] = tuple(failing)
    return Region(facts.sizes, needed)


def _fails(asks: Asks, statement: Statement, recipe: Recipe, symptom: Symptom, promises: Promises) -> bool:
    case = case_of(recipe)
    if case is None or (not promises.is_whole and outside(case, promises)):
        return False
    found = asks.ask(statement, case)
    return found is not None and found.symptom == symptom


def _neighbours(
    recipe: Recipe, form: Form, promises: Promises, name: str, level: str
) -> Iterator[tuple[str, list[Recipe]]]:
    """Yield other levels of a feature, each with the recipes that have it."""
    for other in _levels_of(promises, name):
        if other != level:
            changed = _changed(recipe, form, name, other)
            if changed:
                yield other, changed


def _levels_of(promises: Promises, name: str) -> tuple[str, ...]:
    """Return the levels that a feature is tried at."""
    what, _, argument = name.partition(" of ")
    if what == "format":
        return ("", *promises.formats) if argument else promises.float_formats
    every = {
        "layout": ("", *LAYOUTS, *LISTS),
        "type": promises.position_types,
        "kind": (*POSITIONS, *FAMILIES),
        "values": (*dict.fromkeys((*VALUES, *KINDS)),),
    }
    return every.get(what) or {"by name": ("False", "True"), "shared": ("",)}.get(what, ("False",))


def _changed(recipe: Recipe, form: Form, name: str, level: str) -> list[Recipe]:
    """Return recipes that differ in one feature."""
    what, _, argument = name.partition(" of ")
    change = {"layout": _layout, "type": _type, "kind": _kind, "format": _format, "values": _values}.get(what)
    if change is not None:
        return change(recipe, form, argument, level)
    if what == "by name":
        return [replace(recipe, by_name=level == "True")]
    if what == "shared":
        return [replace(recipe, shared="")]
    event = name.removeprefix("after ")
    return [replace(recipe, history=tuple("again" if each == event else each for each in recipe.history))]


def _layout(recipe: Recipe, form: Form, argument: str, level: str) -> list[Recipe]:  # noqa: ARG001, one of several
    layouts = {**(recipe.layouts or {}), argument: level}
    return [replace(recipe, layouts={name: each for name, each in layouts.items() if each})]


def _type(recipe: Recipe, form: Form, argument: str, level: str) -> list[Recipe]:
    types = recipe.position_types or ("int64",) * len(form.positions)
    return [replace(recipe, position_types=_exchanged(types, form.positions.index(argument), level))]


def _kind(recipe: Recipe, form: Form, argument: str, level: str) -> list[Recipe]:
    place = form.positions.index(argument)
    kinds = [replace(recipe, positions=_exchanged(recipe.positions, place, (level, number))) for number in NUMBERS]
    # Among few frames, kinds are alike that are not among more.
    return [*kinds, *(replace(each, frames=recipe.frames + MORE) for each in kinds[:2])]


def _values(recipe: Recipe, form: Form, argument: str, level: str) -> list[Recipe]:  # noqa: ARG001, one of several
    if level == "nonfinite" or recipe.specials:
        return [replace(recipe, specials=())] if level == recipe.values else []
    if level in STRUCTURES:
        return [replace(recipe, structure=level, values="whole", number=number) for number in NUMBERS]
    return [replace(recipe, structure="", values=level, number=number) for number in NUMBERS]


def _format(recipe: Recipe, form: Form, argument: str, level: str) -> list[Recipe]:
    formats = recipe.formats or ("float64",) * len(form.matrices)
    most = max(formats, key=formats.count)
    if argument:
        return [replace(recipe, formats=_exchanged(formats, form.matrices.index(argument), level or most))]
    return [replace(recipe, formats=tuple(level if each == most else each for each in formats))]


def _exchanged(items: tuple[Any, ...], place: int, item: Any) -> tuple[Any, ...]:
    return (*items[:place], item, *items[place + 1 :])
