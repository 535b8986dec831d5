"""The space of cases: what a case may be, within what an implementation promises.

Every choice is one `pick` of a few options, the simplest first. Hypothesis picks at random, replays the picks of a case
that failed, and shrinks them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fsmn_properties.cases.layouts import LOSE_THEIR_TYPE
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Pair, Promises

Pick = Callable[[Sequence[Any]], Any]
"""Returns one of the options."""

NUMBERS = range(256)  # of more options, Hypothesis picks the first ones more often


@dataclass(frozen=True)
class Sizes:
    """The largest sizes that are drawn. Sizes of 1 and 0 are rare: what they show, a few cases show."""

    frames: int = 14
    channels: int = 4
    taps: int = 8
    stride: int = 3


SMALL = Sizes()
TINY = Sizes(frames=7, channels=2, taps=4, stride=3)


def within(options: Sequence[int], pair: Pair, multiple: int = 1) -> list[int]:
    """Return the options that lie within a promised pair; if none does, as many sizes from its least one on."""
    least, most = pair
    first = -(-least // multiple) * multiple

    def some(sizes: Sequence[int]) -> list[int]:
        return [n for n in sizes if n >= least and (most is None or n <= most) and n % multiple == 0]

    return some(options) or some([first + n for n in options]) or [first]


def _up_to(largest: int) -> list[int]:
    """Return sizes, of which 1 and 0 are rare; 0 comes last, where shrinking does not look for it first."""
    return [1, *[*range(2, largest + 1)] * (14 // largest or 1), 0]


@dataclass(frozen=True)
class Shape:
    """The sizes of one call."""

    frames: int
    channels: int
    taps: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def reach(self) -> int:
        """The frames that the taps of either side reach."""
        return max(1, *(taps * stride for taps, stride in zip(self.taps, self.strides, strict=True)))


def small_shape(pick: Pick, form: Form, promises: Promises, sizes: Sizes) -> Shape:
    """Return small sizes within the promises."""
    sides = len(form.positions)
    multiple = promises.channels_multiple_of
    several = [multiple * n for n in _up_to(sizes.channels)]
    channels = pick([n for n in within(several, promises.channels, multiple) if n or promises.empty] or [multiple])
    taps_options = [1, *range(2, sizes.taps + 1), 2, 3, 2, 0]
    pairs = (promises.taps, promises.ahead)[:sides]
    taps = tuple(pick(within(taps_options, pair)) for pair in pairs)
    strides = picked_strides(pick, form, promises, [*range(1, sizes.stride + 1), 1, 2, 1, 1, 1, sizes.frames + 1])
    shape = Shape(0, channels, taps, strides)
    options = _up_to(sizes.frames)
    if not promises.short:
        options = [shape.reach - 1 + n for n in options if n]
    frames = pick([n for n in within(options, promises.frames) if n or promises.empty] or [max(1, promises.frames[0])])
    return Shape(frames, channels, taps, strides)


def picked_strides(pick: Pick, form: Form, promises: Promises, options: Sequence[int]) -> tuple[int, ...]:
    """Return a stride for each side within the promises."""
    sides = len(form.positions)
    if promises.strides == "one":
        return (1,) * sides
    most = promises.most_stride
    some = [n for n in options if most is None or n <= most] or [1]
    if promises.strides == "equal":
        return (pick(some),) * sides
    return tuple(pick(some) for _ in range(sides))


def pool(form: Form, promises: Promises, sizes: Sizes) -> list[Shape]:
    """Return the few shapes of a run for what is compiled for each; none of them is empty."""
    promises = promises.but(empty=False)
    rng = np.random.default_rng(0)
    share = max(1, (promises.most_shapes or 1) // 2)

    def pick(options: Sequence[Any]) -> Any:
        return options[int(rng.integers(len(options)))]

    return [small_shape(pick, form, promises, sizes) for _ in range(share)]


def shape_of(pick: Pick, form: Form, promises: Promises, sizes: Sizes) -> Shape:
    """Return the sizes of a small case."""
    if promises.most_shapes is not None:
        shape: Shape = pick(pool(form, promises, SMALL))
        return shape
    return small_shape(pick, form, promises, sizes)


KINDS = {
    "any": ("utterances", "saturated", "whole", "arbitrary", "utterances", "arbitrary", "whole", "arbitrary", "zero"),
    "utterances": ("utterances",),
    "whole": ("whole",),
}


def picked_positions(pick: Pick, form: Form, promises: Promises, kinds: Sequence[str] = ()) -> Any:
    """Return kind and number of the positions of each side: of the same utterances, if only these are promised."""
    options = [k for k in kinds or KINDS["any"] if promises.positions == "any"] or KINDS[promises.positions]
    if promises.positions != "any":
        return ((pick(options), pick(NUMBERS)),) * len(form.positions)
    return tuple((pick(options), pick(NUMBERS)) for _ in form.positions)


def shortest(promises: Promises, shape: Shape) -> int:
    """Return the least length of an utterance."""
    return 1 if promises.short else shape.reach


def small_case(pick: Pick, form: Form, promises: Promises, values: str | Sequence[str], sizes: Sizes) -> Recipe:
    """Return the recipe of a case that is small enough to be read: plain arrays of one dtype."""
    shape = shape_of(pick, form, promises, sizes)
    formats = [name for name in promises.float_formats if name in {"float64", "float32"}] or promises.float_formats
    dtype, kind = pick(
        [(name, each) for name in formats for each in ((values,) if isinstance(values, str) else values)]
    )
    kinds = picked_positions(pick, form, promises)
    lists = ["a list"] if promises.lists and keeps_its_type("a list", promises) else []
    fitting = [t for t in promises.position_types if np.iinfo(t).max >= shape.frames] or [promises.position_types[0]]
    types = [pick([*fitting, *lists]) for _ in form.positions]
    return Recipe(
        form.short,
        shape.frames,
        shape.channels,
        shape.taps,
        shape.strides,
        kinds,
        tuple("int64" if each == "a list" else each for each in types),
        (dtype,) * len(form.matrices),
        values=kind,
        number=pick(NUMBERS),
        shortest=shortest(promises, shape),
        layouts={name: each for name, each in zip(form.positions, types, strict=True) if each in lists},
    )


def keeps_its_type(layout: str, promises: Promises) -> bool:
    """Return whether an argument that becomes a float64 or an int64 is within the promises."""
    return layout not in LOSE_THEIR_TYPE or ("float64" in promises.formats and "int64" in promises.position_types)
