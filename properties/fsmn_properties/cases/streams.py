"""The space of streams: how an utterance is cut, at every size, within what an implementation promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import product

from fsmn_properties.cases.conjunctions import Chooser, conjunction, size_between
from fsmn_properties.cases.layouts import LOSE_THEIR_TYPE
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.space import SMALL, Pick, Sizes, small_case
from fsmn_properties.contract.formats import FLOATS, INTEGERS
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises

Cycle = tuple[tuple[int, str, str], ...]
"""Frames, layout and dtype of chunks, as in `Recipe`."""

FAR = (7, 31, 1 << 31, 1 << 63, 1 << 70)
MOST_PUSHES = 200

EVENTS = ("refused push", "another stream", "rows written", "chunk overwritten", "filters overwritten", "whole call")
"""What happens between two pushes and changes nothing."""


def small_stream(
    pick: Pick, form: Form, promises: Promises, values: str | Sequence[str], sizes: Sizes = SMALL
) -> Recipe:
    """Return the recipe of a stream that is small enough to be read: plain chunks of one dtype."""
    recipe = small_case(pick, form, one_utterance(promises), values, sizes)
    strides = recipe.strides
    far = [n for n in FAR if promises.most_stride is None or n <= promises.most_stride]
    if promises.strides != "one" and promises.short and far and pick((0, 0, 0, 0, 1)):
        side = pick(range(len(strides)))
        strides = tuple(pick(far) if n == side or promises.strides == "equal" else s for n, s in enumerate(strides))
        strides = strides if promises.strides != "equal" else strides[:1] * len(strides)
    lengths = [1, 2, 3, *range(4, recipe.frames + 1), *([0] if promises.empty else [])]
    chunks = tuple((pick(lengths), "", "") for _ in range(pick((1, 2, 3, 4))))
    return replace(recipe, strides=strides, chunks=few_shapes(promises, chunks))


@cache
def one_utterance(promises: Promises) -> Promises:
    """Return the promises for a single utterance, with positions in arrays."""
    return promises.but(positions="whole", lists=False)


@cache
def _whole_utterance(promises: Promises) -> Promises:
    return promises.but(positions="whole")


def few_shapes(promises: Promises, chunks: Cycle) -> Cycle:
    """Return the chunks, all of one frame if there may be few shapes."""
    return ((1, *chunks[0][1:]),) if promises.most_shapes is not None else chunks


def laid_stream(pick: Pick, form: Form, promises: Promises, layouts: Iterable[str]) -> Recipe:
    """Return the recipe of a small stream whose filters and chunks have some layouts."""
    recipe = small_stream(pick, form, promises.but(empty=False), "small whole")
    own = recipe.formats[0] == "float64"
    options = ["", *(each for each in layouts if own or each not in LOSE_THEIR_TYPE)]
    chunks = tuple((frames, pick(options), "") for frames, _, _ in recipe.chunks or ())
    return replace(recipe, chunks=chunks, layouts={name: pick(options) for name in form.filters})


def typed_stream(pick: Pick, form: Form, promises: Promises) -> Recipe:
    """Return the recipe of a small stream whose filters and chunks differ in dtype."""
    recipe = small_stream(pick, form, promises.but(empty=False), "small whole")
    names = [*(name for name in FLOATS if name in promises.formats), *(n for n in INTEGERS if n in promises.formats)]
    signed = [name for name in names if not name.startswith("u")] if promises.mixed else [recipe.formats[0]]
    chunks = tuple((frames or 1, "", pick(signed)) for frames, _, _ in recipe.chunks or ())
    filters = tuple(pick(signed) for _ in form.filters)
    return replace(recipe, chunks=chunks, formats=(*recipe.formats[:2], *filters))


def any_stream(pick: Chooser, form: Form, promises: Promises) -> Recipe:
    """Return the recipe of a stream of any size, with any layout, dtype, values, and events between its pushes."""
    recipe = conjunction(pick, form, _whole_utterance(promises))
    layouts = {name: layout for name, layout in (recipe.layouts or {}).items() if name in (*form.filters, "hidden")}
    layout = layouts.pop("hidden", "")
    if layout in LOSE_THEIR_TYPE and recipe.formats[1] != "float64":
        layout = ""
    lengths = []
    for _ in range(pick((1, 2, 3, 4))):
        most = max(1, min(recipe.frames, pick((1, 3, 14, 64, 300, 1100, 4200))))
        lengths.append(size_between(pick, 0 if promises.empty and pick((0, 0, 0, 1)) else 1, most))
    if recipe.frames * len(lengths) > MOST_PUSHES * max(1, sum(lengths)):
        lengths.append(recipe.frames * (len(lengths) + 1) // MOST_PUSHES)
    laid = pick((1, 2, 3))
    chunks = tuple((length, layout if number % laid == 0 else "", "") for number, length in enumerate(lengths))
    events = [event for event in EVENTS if promises.refusals != "none" or "refused" not in event]
    near = recipe.strides
    if promises.short and pick((False, True, True)):  # taps that reach frames say more of what is kept
        near = tuple(
            type(s)(min(s, max(1, recipe.frames // (2 * n + 1)))) for n, s in zip(recipe.taps, near, strict=True)
        )
        near = near if promises.strides != "equal" else (min(near),) * len(near)
    return replace(
        recipe,
        strides=near,
        layouts=layouts,
        shared=recipe.shared if recipe.shared.startswith("filters") else "",  # a stream is handed no other arguments
        chunks=few_shapes(promises, chunks),
        history=tuple(pick(("", *events), "history") for _ in range(pick((1, 2, 3)))),
    )


def every_cut(frames: int, *, empty: bool = True) -> Iterator[Cycle]:
    """Yield every way of cutting an utterance, each with no and with one empty chunk at every place."""
    for cuts in product((False, True), repeat=max(0, frames - 1)):
        lengths = [1] if frames else []
        for is_cut in cuts:
            lengths = [*lengths, 1] if is_cut else [*lengths[:-1], lengths[-1] + 1]
        for zeros in product((0, 1), repeat=len(lengths) + 1) if empty else [(0,) * (len(lengths) + 1)]:
            chunks = [0] * zeros[0]
            for length, zero in zip(lengths, zeros[1:], strict=True):
                chunks += [length] + [0] * zero
            yield tuple((length, "", "") for length in chunks)
