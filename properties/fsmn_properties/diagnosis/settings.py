"""The cases that a target is probed at: small, of all kinds that differ, within what it promises."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.space import SMALL, pool, small_case, within
from fsmn_properties.cases.within import outside
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises

WHOLE, SEVERAL, ANY, NEAR, NONE = "whole", "utterances", "arbitrary", "within reach", "zero"

# Frames, channels, taps back and ahead, strides back and ahead, kind of positions.
_SETTINGS = (
    (9, 3, (3, 2), (1, 1), SEVERAL),
    (11, 2, (3, 2), (2, 3), SEVERAL),
    (8, 3, (2, 3), (1, 1), WHOLE),
    (10, 2, (4, 3), (1, 1), ANY),
    (12, 2, (3, 3), (2, 1), WHOLE),
    (13, 3, (4, 2), (3, 2), ANY),
    (14, 1, (2, 4), (2, 2), SEVERAL),
    (12, 4, (5, 4), (1, 2), SEVERAL),
    (3, 2, (4, 5), (1, 1), WHOLE),
    (5, 3, (3, 1), (3, 3), WHOLE),
    (1, 2, (2, 2), (1, 1), WHOLE),
    (7, 2, (1, 1), (1, 1), WHOLE),
    (9, 5, (1, 1), (2, 3), WHOLE),
    (8, 2, (0, 2), (1, 1), SEVERAL),
    (8, 2, (2, 0), (1, 1), SEVERAL),
    (16, 2, (3, 3), (3, 3), SEVERAL),
    (17, 3, (6, 5), (1, 1), WHOLE),
    (9, 2, (2, 2), (1, 1), ANY),
    (2, 2, (1, 2), (1, 2), ANY),
    (6, 6, (5, 4), (1, 1), NEAR),
    (6, 2, (3, 2), (1, 1), NONE),
    (70, 2, (3, 3), (1, 1), WHOLE),
    (45, 17, (9, 9), (1, 2), SEVERAL),
)
_NUMBERED = (
    (131, 2, (3, 3), (1, 1), WHOLE),
    (128, 2, (3, 2), (1, 1), WHOLE),
    (65, 2, (3, 3), (1, 1), WHOLE),
    (200, 2, (3, 3), (1, 2), SEVERAL),
    (150, 2, (3, 2), (1, 1), ANY),
    (140, 2, (3, 2), (1, 1), SEVERAL),
    (20, 3, (12, 11), (1, 1), WHOLE),
    (24, 2, (16, 17), (1, 1), WHOLE),
    (40, 2, (33, 32), (1, 1), WHOLE),
    (9, 33, (3, 3), (1, 1), WHOLE),
    (9, 16, (3, 3), (1, 1), WHOLE),
    (9, 8, (4, 8), (1, 1), WHOLE),
)
"""Sizes that tell apart what a number may be part of."""

_STRETCHED = (
    (17, 5, (3, 2), (1, 1), ANY),
    (18, 6, (4, 3), (2, 1), SEVERAL),
    (19, 7, (5, 4), (1, 2), WHOLE),
    (21, 8, (6, 5), (1, 1), ANY),
    (24, 9, (7, 6), (1, 1), SEVERAL),
    (25, 3, (8, 7), (2, 2), WHOLE),
    (32, 4, (9, 8), (1, 3), SEVERAL),
    (33, 2, (10, 9), (3, 1), ANY),
    (36, 1, (3, 10), (1, 1), SEVERAL),
    (48, 3, (2, 3), (4, 5), ANY),
    (63, 2, (3, 2), (1, 1), SEVERAL),
    (64, 2, (4, 5), (1, 1), ANY),
)
"""Sizes just beyond those of small cases."""

DRAWN = 40
"""So many further cases are drawn, all of which a map must predict."""


def probes(form: Form, promises: Promises) -> list[Case]:
    """Return all cases that the target is probed at."""
    return [*settings(form, promises), *drawn(form, promises, DRAWN)]


def settings(form: Form, promises: Promises) -> list[Case]:
    """Return the cases that the target is probed at, at least some of each kind that is promised."""
    return _cases(form, promises, _SETTINGS)


def numbered(form: Form, promises: Promises) -> list[Case]:
    """Return larger cases, which tell one number from another."""
    return _cases(form, promises, _NUMBERED)


def _cases(form: Form, promises: Promises, table: Sequence[tuple[Any, ...]]) -> list[Case]:
    found: dict[str, Case] = {}
    for number, (frames, channels, taps, strides, kind) in enumerate(table):
        recipe = _recipe(form, promises, number + 1, int(frames), int(channels), taps, strides, str(kind))
        for each in _allowed(recipe, form, promises):
            case = filled(each.case(), number + 1)
            if not outside(case, promises) and each.frames * each.channels:
                found.setdefault(repr(replace(each, number=0)), case)
                break
    return list(found.values())


def stretched(form: Form, promises: Promises) -> list[Case]:
    """Return cases of more frames, channels or taps than small ones have, by one and by a few."""
    return _cases(form, promises, _STRETCHED)


def drawn(form: Form, promises: Promises, count: int, seed: int = DRAWN) -> list[Case]:
    """Return small cases of any kind at random: what was seen so far is held against them."""
    rng, found = np.random.default_rng(seed), []

    def pick(options: Sequence[Any]) -> Any:
        return options[int(rng.integers(len(options)))]

    for number in range(count):
        recipe = small_case(pick, form, promises, "small whole", SMALL)
        case = filled(replace(recipe, layouts={}, **_types(form, promises)).case(), number)
        if case.frames and case.channels and not outside(case, promises):
            found.append(case)
    return found


def _recipe(
    form: Form,
    promises: Promises,
    number: int,
    frames: int,
    channels: int,
    taps: tuple[int, int],
    strides: tuple[int, int],
    kind: str,
) -> Recipe:
    sides = len(form.positions)
    most = promises.most_stride or 10**9
    strides = (1, 1) if promises.strides == "one" else (min(strides[0], most), min(strides[1], most))
    if promises.strides == "equal":
        strides = (strides[0], strides[0])
    kinds = {"any": kind, "utterances": SEVERAL if kind == SEVERAL else WHOLE, "whole": WHOLE}[promises.positions]
    # The number 1 cuts an array at one or two places, others where they will.
    cut = 1 + number
    positions = tuple((kinds, cut if kinds == SEVERAL else cut + side * (kinds == ANY)) for side in range(sides))
    multiple = promises.channels_multiple_of
    pairs = (promises.taps, promises.ahead)
    return Recipe(
        form.short,
        within([frames], promises.frames)[0],
        within([-(-channels // multiple) * multiple], promises.channels, multiple)[0],
        tuple(within([n], pair)[0] for n, pair in zip(taps, pairs, strict=True))[:sides],
        strides[:sides],
        positions,
        values="small whole",
        number=number,
        **_types(form, promises),
    )


def _types(form: Form, promises: Promises) -> dict[str, Any]:
    """Return the most usual types that are promised."""
    dtype = next((name for name in ("float64", "float32") if name in promises.formats), promises.float_formats[0])
    types = promises.position_types
    positions = "int64" if "int64" in types else next((t for t in types if np.iinfo(t).max > 200), types[0])
    return {"formats": (dtype,) * len(form.matrices), "position_types": (positions,) * len(form.positions)}


def _allowed(recipe: Recipe, form: Form, promises: Promises) -> Iterator[Recipe]:
    """Yield recipes near one, the nearest first, until one lies within the promises."""
    if promises.most_shapes is not None:
        shapes = pool(form, promises, SMALL)
        shape = shapes[recipe.number % len(shapes)]
        recipe = replace(recipe, frames=shape.frames, channels=shape.channels, taps=shape.taps, strides=shape.strides)
        reach = shape.reach
    else:
        reach = max(1, *(n * s for n, s in zip(recipe.taps, recipe.strides, strict=True)))
    if promises.short:
        yield recipe
    elif SEVERAL in dict(recipe.positions):
        # Two utterances of one length, and of another one in every other case.
        length = reach + recipe.number % 2
        positions = (("utterances of", length),) * len(recipe.positions)
        yield replace(recipe, shortest=reach, frames=2 * length, positions=positions)
    else:
        yield replace(recipe, shortest=reach, frames=max(recipe.frames, reach))
    whole = replace(recipe, positions=((WHOLE, 0),) * len(recipe.positions), shortest=reach)
    yield whole
    yield replace(whole, frames=max(whole.frames, reach, promises.frames[0]))
    yield replace(whole, channels=within([8, 16], promises.channels, promises.channels_multiple_of)[0])


def filled(case: Case, number: int) -> Case:
    """Return a case whose matrices hold small random whole numbers, none of them 0."""
    rng = np.random.default_rng(number)
    values = {}
    for name in case.form.matrices:
        array = case[name]
        signs = 1 if array.dtype.kind == "u" else rng.choice([-1, 1], array.shape)
        values[name] = (signs * rng.integers(1, 9, array.shape, endpoint=True)).astype(array.dtype)
    return case.but(**values)
