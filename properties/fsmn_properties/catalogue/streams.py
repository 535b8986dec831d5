"""Streams: however an utterance is cut, the rows one after another are its memory, and come in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.chunks import cut
from fsmn_properties.cases.layouts import LAYOUTS, LISTS
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.space import SMALL, TINY, Pick
from fsmn_properties.cases.streams import any_stream, every_cut, laid_stream, small_stream, typed_stream
from fsmn_properties.catalogue.nonfinite import special
from fsmn_properties.catalogue.statement import Source, mixed, statement
from fsmn_properties.checks.streaming import Streamed, streamed
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.formats import name_of, result_dtype
from fsmn_properties.contract.forms import UNI, Form
from fsmn_properties.contract.promises import Promises

FRAMES = range(6)
CUT_TAPS = {
    "uni": (((0,), (1,)), ((1,), (1,)), ((2,), (1,)), ((2,), (2,)), ((4,), (1,)), ((1,), (9,))),
    "bi": (
        *(((0, 0), (1, 1)), ((1, 1), (1, 1)), ((2, 1), (1, 2)), ((2, 1), (2, 1)), ((0, 2), (1, 1))),
        *(((1, 3), (1, 2)), ((3, 0), (1, 1)), ((1, 1), (1, 9))),
    ),
}
"""Taps and strides of each side for which every way of cutting is asked."""


def _whole(pick: Pick, form: Form, promises: Promises) -> Recipe:
    return small_stream(pick, form, promises, ("whole", "small whole"))


def _floats(pick: Pick, form: Form, promises: Promises) -> Recipe:
    kinds = "floats" if promises.subnormals else ("full", "middling", "outlier")
    return small_stream(pick, form, promises, kinds, TINY)


def _special(pick: Pick, form: Form, promises: Promises) -> Case:
    recipe = small_stream(pick, form, promises.but(empty=False), "whole", SMALL)
    return special(pick, recipe.case())


def _laid(pick: Pick, form: Form, promises: Promises) -> Recipe:
    return laid_stream(pick, form, promises, LAYOUTS)


def _like(pick: Pick, form: Form, promises: Promises) -> Recipe:
    return laid_stream(pick, form, promises, LISTS)


def _every_cut(form: Form, promises: Promises) -> Iterator[Case]:
    cases = [case for frames in FRAMES for case in _cuts_of(frames, form, promises)]
    yield from mixed(cases)


def _cuts_of(frames: int, form: Form, promises: Promises) -> Iterator[Case]:
    formats = (promises.float_formats[0],) * len(form.matrices)
    types = (promises.position_types[0],) * len(form.positions)
    for number, (taps, strides) in enumerate(CUT_TAPS[form.short]):
        channels = promises.channels_multiple_of * (1 + number % 2)
        recipe = Recipe(form.short, frames, channels, taps, strides, (), types, formats)
        case = recipe.case()
        for chunks in every_cut(frames, empty=promises.empty):
            each = replace(case, made=repr(replace(recipe, chunks=chunks)), chunks=cut(chunks, frames))
            each.__dict__["want"] = case.want
            yield each


STREAMS = Source("streams", draw=_whole)
"""Small streams of whole numbers."""

FLOAT_STREAMS = Source("float streams", draw=_floats)
EVERY_CUT = Source(
    "every cut", listed=_every_cut, note=f"all ways of cutting up to {FRAMES[-1]} frames, empty chunks at every place"
)
NONFINITE_STREAMS = Source("nonfinite streams", draw=_special)
LAID_STREAMS = Source("laid streams", draw=_laid)
LIKE_STREAMS = Source("streams of array-likes", draw=_like)
TYPED_STREAMS = Source("typed streams", draw=typed_stream)
ANY_STREAMS = Source("any streams", draw=any_stream, covers=True)


@statement(STREAMS, "S1, F1, F2, R1", "stream", few=40)
def stream_equals_the_whole(trial: Trial, case: Case) -> None:
    """On whole numbers, the rows of all pushes and of finish are the memory of the utterance with ==."""
    streamed(trial, case).is_right()


@statement(EVERY_CUT, "S1, D6", "stream", few=60)
def every_way_of_cutting_gives_the_memory(trial: Trial, case: Case) -> None:
    """The rows are the memory for every way of cutting a few frames into chunks, empty ones among them."""
    streamed(trial, case).is_right()


@statement(STREAMS, "S2", "stream", few=20)
def rows_are_returned_in_time(trial: Trial, case: Case) -> None:
    """After n frames, at least n - N2*fstride rows have been returned."""
    stream = Streamed(trial, case)
    reach = 0 if case.form is UNI else case.reach[1]
    while stream.left:
        stream.push()
        returned, least = sum(map(len, stream.rows)), stream.frames - reach
        told = f"{returned} rows were returned after {stream.frames} frames, should be at least {least}"
        stream.require(returned >= least, told, f"sum(map(len, rows)) >= {least}, sum(map(len, rows))")
    stream.finish()


@statement(FLOAT_STREAMS, "S1, R4", "stream", effort=2)
def stream_is_within_the_rounding_bound(trial: Trial, case: Case) -> None:
    """On floats of any magnitude, the rows are the exact memory within the contract's rounding bound."""
    streamed(trial, case).is_right(rounds=True)


@statement(NONFINITE_STREAMS, "S1, R5", "stream", "nonfinite", effort=2)
def nonfinite_values_in_a_stream_reach_what_sums_them(trial: Trial, case: Case) -> None:
    """NaN and infinities in frames or filters reach the rows whose sum holds them, and nothing else."""
    streamed(trial, case).is_right()


@statement(LAID_STREAMS, "S1, R3", "stream", "layouts=any")
def layout_of_chunks_changes_nothing(trial: Trial, case: Case) -> None:
    """Chunks and filters may be Fortran-ordered, reversed, strided, misaligned, byte-swapped or read-only."""
    streamed(trial, case).is_right()


@statement(LIKE_STREAMS, "S1, D1", "stream", "lists")
def array_likes_are_chunks(trial: Trial, case: Case) -> None:
    """Lists and whatever else makes an array may be pushed, and be filters."""
    streamed(trial, case).is_right()


@statement(TYPED_STREAMS, "S1, R1", "stream")
def rows_have_the_type_of_the_chunks_so_far(trial: Trial, case: Case) -> None:
    """The rows that a call returns have the dtype of the filters and all chunks so far, and the memory is right."""
    stream = Streamed(trial, case)
    kinds = [case[name] for name in case.form.filters]
    for chunk in (*case.chunks, None):
        kinds += [np.empty(0, chunk.dtype)] if chunk else []
        rows, want = stream.push() if chunk else stream.finish(), result_dtype(kinds)
        told = f"{'push' if chunk else 'finish'} returned rows of {rows.dtype}, should be of {want}"
        name = f"rows[-1].dtype == np.dtype({name_of(want)!r})"
        stream.require(rows.dtype == want, told, f"{name}, rows[-1].dtype")
    whole = replace(case, plain={**case.plain, "hidden": case["hidden"].astype(want)})
    stream.case = whole
    stream.is_right()
