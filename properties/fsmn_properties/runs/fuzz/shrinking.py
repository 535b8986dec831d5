"""Shrinking a recipe: each size to the least that fails, everything else to what is usual, small cases first.

Hypothesis shrinks picks, one small step after the other; a case of thousands of frames takes it minutes. What is small
is quickly asked about, so the sizes are tried from below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from fsmn_properties.cases.recipe import Recipe

Fails = Callable[[Recipe], bool]
Read = Callable[[Recipe], int]
Write = Callable[[Recipe, int], Recipe]

ROUNDS = 4


def shrunk(recipe: Recipe, fails: Fails, over: Callable[[], bool]) -> Recipe:
    """Return the smallest recipe found that fails.

    Parameters
    ----------
    recipe : Recipe
        One that fails.
    fails : callable
        Whether a recipe fails.
    over : callable
        Whether the time is over.
    """
    for _ in range(ROUNDS):
        before = recipe
        for read, write in _sizes(recipe):
            recipe = _least(recipe, read, write, fails, over)
        place = 0
        while place < len(groups := [*_usual(recipe)]):  # what is usual depends on what was changed so far
            if over():
                return recipe
            recipe = _first(recipe, groups[place], fails)
            place += 1
        if recipe == before:
            break
    return recipe


def _first(recipe: Recipe, group: Iterable[dict[str, Any]], fails: Fails) -> Recipe:
    """Return the recipe with the first of some changes with which it fails: as it is, if that comes first."""
    for changes in group:
        changed = replace(recipe, **changes)
        if changed == recipe or fails(changed):
            return changed
    return recipe


def _usual(recipe: Recipe) -> Iterator[list[dict[str, Any]]]:
    """Yield groups of changes towards what is usual; in each the most usual comes first."""
    if recipe.chunks is not None:
        yield from _usual_stream(recipe, recipe.chunks)
        return
    sides, matrices = len(recipe.taps), len(recipe.formats)
    plain, types, formats = ("float64",) * matrices, ("int64",) * sides, recipe.formats
    everything = {"layouts": {}, "by_name": False, "shared": "", "formats": plain, "position_types": types}
    yield [everything | {"history": recipe.history[:1]}]
    yield [{"layouts": {}}]
    yield from ([{"layouts": _less(recipe.layouts, name)}] for name in recipe.layouts or {})
    yield [{"formats": plain}, {"formats": ("float32",) * matrices}, {"formats": formats[:1] * matrices}]
    most = max(formats, key=formats.count)
    yield from ([{"formats": _exchanged(formats, place, most)}] for place in range(matrices))
    yield [{"position_types": types}]
    yield from ([{"position_types": _exchanged(recipe.position_types, place, "int64")}] for place in range(sides))
    yield [{"shared": ""}]
    yield [{"structure": ""}]
    yield [{"by_name": False}]
    yield [{"specials": ()}, *({"specials": (each,)} for each in recipe.specials)]
    yield [{"history": (each,)} for each in dict.fromkeys(recipe.history)]
    yield [{"strides": (1,) * sides}, {"strides": tuple(int(each) for each in recipe.strides)}]
    yield [{"values": kind, "number": 0} for kind in ("whole", "ones", "full")]
    yield [{"number": 0}]
    kinds = [(kind, 1) for kind in ("whole", "zero", "utterances", "arbitrary")]
    yield [{"positions": (kind,) * sides} for kind in kinds]
    yield from ([{"positions": _exchanged(recipe.positions, place, k)} for k in kinds] for place in range(sides))


def _usual_stream(recipe: Recipe, chunks: tuple[tuple[int, str, str], ...]) -> Iterator[list[dict[str, Any]]]:
    """Yield groups of changes of a stream: its positions are those of one utterance, its types go with its chunks."""
    plain = tuple((frames, "", dtype) for frames, _, dtype in chunks)
    yield [{"layouts": {}, "chunks": plain}, {"layouts": {}}, {"chunks": plain}]
    yield [{"chunks": ((1, *chunks[0][1:]),)}, *({"chunks": (each,)} for each in chunks), {"chunks": chunks[:2]}]
    yield [{"history": ()}, *({"history": (each,)} for each in dict.fromkeys(recipe.history))]
    yield [{"strides": (1,) * len(recipe.taps)}]
    yield [{"by_name": False, "shared": "", "structure": ""}]
    yield [{"number": 0}]


def _less(layouts: Mapping[str, str] | None, name: str) -> dict[str, str]:
    return {each: layout for each, layout in (layouts or {}).items() if each != name}


def _exchanged(items: tuple[Any, ...], place: int, item: Any) -> tuple[Any, ...]:
    return (*items[:place], item, *items[place + 1 :])


def _sizes(recipe: Recipe) -> Iterator[tuple[Read, Write]]:
    """Yield how each size is read and written."""
    for name in ("frames", "channels"):
        yield partial(_read, name), partial(_write, name)
    for name in ("taps", "strides"):
        for place in range(len(recipe.taps)):
            yield partial(_read_one, name, place), partial(_write_one, name, place)


def _read(name: str, recipe: Recipe) -> int:
    return int(getattr(recipe, name))


def _write(name: str, recipe: Recipe, size: int) -> Recipe:
    changes: dict[str, Any] = {name: size}
    return replace(recipe, **changes)


def _read_one(name: str, place: int, recipe: Recipe) -> int:
    return int(getattr(recipe, name)[place])


def _write_one(name: str, place: int, recipe: Recipe, size: int) -> Recipe:
    changes: dict[str, Any] = {name: _exchanged(getattr(recipe, name), place, size)}
    return replace(recipe, **changes)


def _least(
    recipe: Recipe,
    read: Read,
    write: Write,
    fails: Fails,
    over: Callable[[], bool],
) -> Recipe:
    """Return the recipe with the least size that fails, tried from below and then between two neighbours."""
    size, holds = read(recipe), -1
    for smaller in _from_below(size):
        if over():
            return recipe
        if fails(write(recipe, smaller)):
            recipe = write(recipe, smaller)
            break
        holds = smaller
    while read(recipe) - holds > 1 and not over():
        middle = (read(recipe) + holds) // 2
        if fails(write(recipe, middle)):
            recipe = write(recipe, middle)
        else:
            holds = middle
    return recipe


def _from_below(size: int) -> Iterator[int]:
    smaller = 0
    while smaller < size:
        yield smaller
        smaller = smaller + 1 if smaller < 4 else smaller * 3 // 2
