"""Production scale, where blocking, unrolling, caching and overflow bugs live: every element of every result.

The oracle computes all of them, exactly on whole numbers, so nothing is sampled and nothing is left to chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import cycle, product

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.layouts import EXPANDED, LAYOUTS
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.values import SPECIAL
from fsmn_properties.catalogue.calls import independent
from fsmn_properties.catalogue.refusals import LONG, refused_position
from fsmn_properties.catalogue.statement import IN_PROCESS, Source, mixed, statement
from fsmn_properties.checks.arrays import unchanged
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.rounding import within_the_bound
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises

NUMBERS = (0, 1)
"""Each size twice, with other values; the second time with positions of the narrowest type that holds them."""


PERIODIC = 99
"""Of more channels, values repeat: the oracle takes no longer for many channels than for few."""


def sized(
    form: Form,
    promises: Promises,
    frames: int,
    channels: int,
    taps: int,
    ahead: int = 0,
    stride: int = 1,
    utterance: int = 300,
    dtype: str = "float32",
    positions: str = "utterances of",
    wider: int = 0,
    number: int = 1,
    values: str = "whole",
) -> Recipe:
    """Return the recipe of a call of some size, as near to it as the promises allow.

    Parameters
    ----------
    form, promises
        What the call is for.
    frames, channels, taps, ahead, stride : int
        Its sizes.
    utterance : int
        The length of all utterances but the last.
    dtype : str
        The float format.
    positions : str
        The kind of positions.
    wider : int
        How many frames more there are between look-ahead taps.
    number : int
        Where the random numbers start.
    values : str
        The kind of values.
    """
    sides = len(form.positions)
    frames = min(frames, 1 + max(np.iinfo(t).max for t in promises.position_types))
    strides = (stride, stride + wider)[:sides]
    if promises.strides != "any":
        strides = (stride if promises.strides == "equal" else 1,) * sides
    taps_of_sides = (taps, ahead)[:sides]
    reach = max(n * s for n, s in zip(taps_of_sides, strides, strict=True))
    if promises.positions == "whole":
        positions = "whole"
    elif promises.positions == "utterances":
        positions = "utterances of"
    if positions == "utterances of" and not promises.short:
        utterance = frames if utterance < reach or (frames % utterance or reach) < reach else utterance
    multiple = promises.channels_multiple_of
    dtype = dtype if dtype in promises.formats else promises.float_formats[0]
    kinds = ((positions, utterance if positions == "utterances of" else number + 1),) * sides
    narrowest = [t for t in ("uint8", "int16", "uint16", "int32") if frames - 1 <= np.iinfo(t).max]
    types = [t for t in (*narrowest, "int64") if t in promises.position_types] or list(promises.position_types)
    chosen = types[0] if number % 2 == 0 or "int64" not in types else "int64"
    return Recipe(
        form.short,
        frames,
        -(-channels // multiple) * multiple,
        taps_of_sides,
        strides,
        kinds,
        (chosen,) * sides,
        (dtype,) * len(form.matrices),
        values=values,
        number=number + 1,
        period=(61, 67)[number % 2] if channels > PERIODIC and values == "whole" else 0,
    )


Sizes = Callable[[Form, Promises, int], Iterable[Recipe]]


def at_scale(name: str, sizes: Sizes, note: str = "every element of every result") -> Source:
    """Return a source of sizes: each with one number, before any with another."""

    def listed(form: Form, promises: Promises) -> Iterator[Case]:
        for again in NUMBERS:
            for recipe in sizes(form, promises, again):
                yield recipe.case()

    return Source(name, listed=listed, note=note)


# The first ones alone show most of what goes wrong: whatever holds too few, loses a tail or drops a full last block.
LENGTHS = (1025, 256, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 257, 1000, 1023, 1024, 4097)
TAPS = (200, 128, 129, 65, 64, 33, 32, 31, 17, 16, 15, 5, 4, 3, 2, 1)
CHANNELS = (257, 15, 130, 1, 12, 100, 3, 5, 7, 9, 17, 31, 33, 63, 65, 127, 129, 200, 8, 16, 32, 64)
KINDS = ("utterances of", "arbitrary", "within reach", "at reach", "all or nothing", "here and there")


def _channels(form: Form, promises: Promises, number: int) -> Iterator[Recipe]:
    for channels in CHANNELS:
        yield sized(form, promises, 150, channels, 9, 4, 1 + channels % 2, 70, number=number)


def _kinds(form: Form, promises: Promises, number: int) -> Iterator[Recipe]:
    for kind in KINDS:
        for frames, taps, ahead, stride, dtype, wider in (
            (300, 20, 6, 1, "float32", 1),
            (1025, 9, 12, 2, "float64", -1),
            (200, 0, 5, 1, "float64", 2),
        ):
            yield sized(form, promises, frames, 3, taps, ahead, stride, frames, dtype, kind, wider, number)


def _taps(form: Form, promises: Promises, number: int) -> Iterator[Recipe]:
    for taps in TAPS:
        for stride, utterance in ((1, 260), (2, 120), (3, 20)):
            yield sized(form, promises, 260, 3, taps, taps // 2, stride, utterance, "float64", number=number)


def _lengths(form: Form, promises: Promises, number: int) -> Iterator[Recipe]:
    for length in LENGTHS:
        for utterance, dtype in ((length, "float32"), (50, "float64"), (3, "float32")):
            yield sized(form, promises, length, 5, 6, 3, 1, utterance, dtype, number=number)


def _small_integers(form: Form, promises: Promises, number: int) -> Iterator[Recipe]:
    yield sized(form, promises, 600, 2, 3, 2, 140, 600, "float64", number=number)
    yield sized(form, promises, 34_000, 1, 15, 15, 2_200, 34_000, "float64", number=number)


def _largest(form: Form, promises: Promises, number: int) -> Iterator[Recipe]:
    yield sized(form, promises, 1, 512, 20, 20, number=number)
    yield sized(form, promises, 3, 257, 40, 2, number=number)
    yield sized(form, promises, 7, 2, 150, 150, dtype="float64", number=number)
    yield sized(form, promises, 70, 1025, 5, 3, number=number)
    yield sized(form, promises, 70, 2049, 40, 33, dtype="float64", number=number)
    yield sized(form, promises, 300, 2, 257, 257, dtype="float64", number=number)
    yield sized(form, promises, 66_100, 1, 2, 2, 7, 66_100, "float64", number=number)
    yield sized(form, promises, 66_100, 5, 2, 2, 1, 500, number=number)
    if number == 0:  # more than 2**24 elements
        yield sized(form, promises, 32_800, 520, 1, 1, number=number)


def _production(form: Form, promises: Promises, number: int) -> Iterator[Recipe]:
    yield sized(form, promises, 6000, 128, 20, number=number)
    yield sized(form, promises, 2000, 200, 10, 2, number=number)
    yield sized(form, promises, 500, 512, 11, 5, utterance=500, number=number)
    yield sized(form, promises, 4096, 512, 20, 20, 2, number=number)
    yield sized(form, promises, 1000, 128, 20, dtype="float64", number=number)


@statement(LONG, "D3, D4", "either", "refusals", few=22)
def a_long_sequence_is_refused_for_one_position(trial: Trial, case: Case) -> None:
    """Among many positions, too, the one that is out of range is found and named."""
    refused_position(trial, case)


# Kernels choose other paths for no taps, for inputs of many frames or whose windows take many bytes, and for one
# channel, whose frames are neighbours in memory.
def _layout_sizes(form: Form, promises: Promises, number: int) -> Iterator[Recipe]:
    yield sized(form, promises, 6, 2, 0, 0, number=number)
    yield sized(form, promises, 6, 8, 3, 3, number=number)
    yield sized(form, promises, 420, 1, 20, 2, 1, 210, "float64", number=number)
    yield sized(form, promises, 140, 9, 20, 20, 1, 70, number=number)


def _rounded(form: Form, promises: Promises) -> Iterator[Case]:
    for number in NUMBERS:
        for recipe in _layout_sizes(form, promises, number):
            yield _of_values(recipe, "full").case()


def _of_values(recipe: Recipe, values: str) -> Recipe:
    return replace(recipe, values=values)


@statement(Source("long calls", listed=_rounded, note="calls before and after calls with other values"), "R6, R2")
def long_calls_do_not_know_of_each_other(trial: Trial, case: Case) -> None:
    """Among many frames, too, calls give the same bits every time, and change no earlier result."""
    independent(trial, case)


@statement(Source("long", listed=_rounded, note="among many frames"), "R2", "either", IN_PROCESS)
def long_inputs_are_not_changed(trial: Trial, case: Case) -> None:
    """Among many frames, too, neither function writes to an argument."""
    for function in trial.target.functions_of(case.form):
        unchanged(trial, case, function)


@statement(at_scale("channels", _channels), "F1, F2, F4", few=6)
def channels_of_any_number(trial: Trial, case: Case) -> None:
    """Results are right for channel counts that are no multiple of 4, 8 or 16, and that fill a vector or a warp."""
    agree(case, trial.results(case))


@statement(at_scale("kinds of positions", _kinds), "F1, F2, F3", few=6)
def positions_of_any_kind(trial: Trial, case: Case) -> None:
    """Results are right for long inputs with positions of any kind, and with strides of its own on each side."""
    agree(case, trial.results(case))


@statement(at_scale("taps", _taps), "F1, F2", few=6)
def taps_of_any_number(trial: Trial, case: Case) -> None:
    """Results are right for up to 200 taps, with strides, and for utterances shorter than the taps reach."""
    agree(case, trial.results(case))


@statement(at_scale("lengths", _lengths), "F1, F2", few=6)
def lengths_around_powers_of_two(trial: Trial, case: Case) -> None:
    """Results are right for lengths around powers of two and round numbers, in one utterance and in several."""
    agree(case, trial.results(case))


# Utterances with short and full windows, beyond a small block, and a last one of few frames. The taps are no multiples
# of 4: what pads them to whole vectors reads frames that are not allowed. And others for many channels, where the work
# is enough for matrices with zeros in them; and for thousands of frames or channels.
def _nonfinite_sizes(form: Form, promises: Promises) -> list[Recipe]:
    return [
        sized(form, promises, 300, 3, 21, 6, 1, 97, "float64"),
        sized(form, promises, 30, 66, 5, 3, 2, 17),
    ]


def _large_nonfinite_sizes(form: Form, promises: Promises) -> list[Recipe]:
    return [
        sized(form, promises, 4097, 2, 6, 4, 1, 4097),
        sized(form, promises, 70, 1025, 5, 3, 1, 40, "float64"),
    ]


def _with_zero_taps(case: Case) -> Case:
    """Return the case with a zero in the first tap of each filter: times NaN or infinity, that is NaN."""
    for name in case.form.filters:
        if len(case[name]):
            case = case.edited(name, (0, 0), 0.0)
    return case


def _nonfinite(form: Form, promises: Promises) -> Iterator[Case]:
    plain = [(recipe, recipe.case()) for recipe in _nonfinite_sizes(form, promises)]
    places = mixed((case, name, row) for recipe, case in plain for name, row in _places(case, recipe))
    for (case, name, row), special in zip(places, cycle(SPECIAL), strict=False):
        channel = row % case.channels if row % 3 else 0
        yield _with_zero_taps(case).edited(name, (row, channel), float(special))
    for recipe in _large_nonfinite_sizes(form, promises):
        case = recipe.case()
        for name in form.matrices:
            if case[name].size:
                yield case.edited(name, (len(case[name]) // 2, case.channels // 2), float("nan"))


def _places(case: Case, recipe: Recipe) -> Iterator[tuple[str, int]]:
    """Yield rows of each argument, among them those where the windows of some utterances begin, and are full."""
    utterance, taps = recipe.positions[0][1], recipe.taps[0]
    last = case.frames // utterance * utterance if utterance else 0
    around = (-1, 0, 1, 2, taps - 1, taps, taps + 1)
    near = {start + d for start in (0, utterance, last) for d in around}
    for name in case.form.matrices:
        height = len(case[name])
        middle = {0, height // 2, height - 1} if height else set()
        for row in sorted(near.intersection(range(height)) if height == case.frames else middle):
            yield name, row


NONFINITE = Source(
    "long nonfinite",
    listed=_nonfinite,
    note="one at a time among 300 or 4097 frames, 66 or 1025 channels",
)


@statement(NONFINITE, "R5", "either", "nonfinite", few=24)
def a_nonfinite_value_in_long_inputs_reaches_what_sums_it(trial: Trial, case: Case) -> None:
    """Among many frames or channels, too, NaN and infinities reach exactly the elements whose sum holds them."""
    agree(case, trial.results(case))


def _long_rounded(form: Form, promises: Promises) -> Iterator[Case]:
    # Kernels choose other paths for long inputs: of few bytes, and of more.
    yield sized(form, promises, 150, 2, 5, 3, 1, 110, values="full").case()
    yield sized(form, promises, 300, 2, 21, 4, 1, 110, "float64", values="full").case()
    yield sized(form, promises, 1030, 70, 21, 4, 1, 400, values="full").case()
    yield sized(form, promises, 600, 40, 9, 4, 2, 300, "float64", values="outlier").case()


@statement(Source("long rounded", listed=_long_rounded, note="memory and gradients, every element"), "R4", few=1)
def long_results_are_within_the_rounding_bound(trial: Trial, case: Case) -> None:
    """Among many frames, too, results are the exact ones within the contract's rounding bound."""
    within_the_bound(trial, case, trial.results(case))


def _laid(form: Form, promises: Promises) -> Iterator[Case]:
    floats, positions = [(name,) for name in form.matrices], [(name,) for name in form.positions]
    sizes = [recipe.case() for recipe in _layout_sizes(form, promises, 1)]
    equal = [_of_values(recipe, "equal rows").case() for recipe in _layout_sizes(form, promises, 1)]
    together = [(*form.matrices, *form.positions)]
    alone = [*floats, *positions]
    for cases, layouts, arguments in (sizes, LAYOUTS, together), (equal, EXPANDED, floats), (sizes, LAYOUTS, alone):
        for case, layout, names in product(cases, layouts, arguments):
            yield case.handed(**dict.fromkeys(names, layout))


LAID = Source(
    "laid otherwise",
    listed=_laid,
    note=f"each argument alone, and all, in {len(LAYOUTS)} layouts, or expanded from a row",
)


@statement(LAID, "R3", "either", "layouts=any", few=150)
def one_argument_laid_otherwise_changes_nothing(trial: Trial, case: Case) -> None:
    """The layout of one argument, or of all, changes no result, for few frames and for many."""
    agree(case, trial.results(case))


@statement(at_scale("beyond small integers", _small_integers), "D2, F1, F2", few=2)
def positions_beyond_small_integers(trial: Trial, case: Case) -> None:
    """Results are right where positions and distances exceed 127, 255 and 32767."""
    agree(case, trial.results(case))


@statement(at_scale("largest", _largest), "F1, F2", few=7)
def largest_sizes(trial: Trial, case: Case) -> None:
    """Results are right beyond 2048 channels, 256 taps, 65,535 frames and 2**24 numbers: where short integers end."""
    agree(case, trial.results(case))


@statement(at_scale("production", _production), "F1, F2", few=1)
def production_sizes(trial: Trial, case: Case) -> None:
    """Results are right at the sizes of FSMN-VAD, keyword spotting, Paraformer, SenseVoice and Kaldi's DFSMN."""
    agree(case, trial.results(case))
