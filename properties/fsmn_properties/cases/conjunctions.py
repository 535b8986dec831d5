"""The space of cases of every size: sizes, strides, positions, types, layouts, values and history, all at once.

A size is drawn on a log scale, as a power of two and how far it lies above: the neighbours of powers of two and round
numbers are favoured, and no size is left out that a kernel could fall between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np

from fsmn_properties.cases import values as kinds_of_values
from fsmn_properties.cases.layouts import EXPANDED, LAYOUTS, LISTS, LOSE_THEIR_TYPE, OF_POSITIONS
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.sharing import sharings
from fsmn_properties.cases.space import SMALL, pool
from fsmn_properties.contract.formats import FLOATS, INTEGERS
from fsmn_properties.contract.forms import BI, Form
from fsmn_properties.contract.promises import Pair, Promises

MOST_WORK = 400_000
"""Products of a call: fewer taps are taken until there are no more."""

MOST_ELEMENTS = 100_000
SLOW = {"longdouble": 12, "float16": 12}
"""How many times as long the oracle takes for these formats."""


class Chooser(Protocol):
    """Returns one of the options; the name is that of the feature, if it is one."""

    def __call__(self, options: Sequence[Any], name: str = "") -> Any:
        """Return one of the options."""


FRAMES = {"1": (1, 1), "2 to 14": (2, 14), "to 64": (15, 64), "to 300": (65, 300), "to 1100": (301, 1100)}
FRAMES |= {"to 4200": (1101, 4200), "to 70000": (4201, 70_000)}
CHANNELS = {
    "1": (1, 1),
    "2 to 4": (2, 4),
    "to 16": (5, 16),
    "to 64": (17, 64),
    "to 140": (65, 140),
    "to 600": (141, 600),
}
TAPS = {"0": (0, 0), "1 to 8": (1, 8), "to 32": (9, 32), "to 130": (33, 130), "to 260": (131, 260)}
FAR = (1 << 31, 1 << 30, 1 << 61, (1 << 32) + 1, (1 << 32) + 2, 1 << 40, 1 << 62, (1 << 63) + 1, 1 << 70)
"""Strides that are wrong, or small, in fewer bits: they, or few of them."""

STRIDES = {"1": (1, 1), "2": (2, 2), "to 20": (3, 20), "to 70000": (21, 70_000), "far": (min(FAR), max(FAR))}
POSITIONS = (
    "whole",
    "utterances",
    "utterances of",
    "arbitrary",
    "saturated",
    "within reach",
    "at reach",
    "all or nothing",
    "here and there",
    "mostly whole",
    "zero",
)
VALUES = ("whole", "bytes", "ones", "zeros", "equal rows", "blocks", "full", "outlier", "floats", "huge", "nonfinite")
HISTORY = (
    "again",
    "other values",
    "other positions",
    "other form",
    "refused",
    "longer",
    "nearly equal",
    "written",
    "reused",
    "other strides",
    "other format",
    "held",
)
"""What happens between two calls that must give the same bits."""

GRID_FRAMES = {"few": 14, "some": 300, "many": 1 << 62}
GRID_CHANNELS = {"few": 4, "some": 32, "many": 1 << 62}
"""Sizes of both together: a pair with this feature is a triple."""

IMPLIED = ({"grid", "frames"}, {"grid", "channels"})
"""Features that are no pair: one is a coarse form of the other."""

ROUND = (10, 20, 50, 100, 200, 300, 500, 1000, 2000, 3000, 5000, 10_000, 20_000, 50_000)


def size_between(pick: Chooser, least: int, most: int) -> int:
    """Return a size of a range: a neighbour of a power of two or of a round number as often as any other.

    Whatever the range, there are as many picks: a case keeps its other picks while Hypothesis shrinks a size.
    """
    special: bool = pick((False, True))
    coarse: int = pick(range(256))
    fine: int = pick(range(256))
    favoured = _neighbours(least, most) if special else ()
    if favoured:
        return favoured[coarse * len(favoured) >> 8]
    return least + ((256 * coarse + fine) * (most - least + 1) >> 16)


@cache
def _neighbours(least: int, most: int) -> tuple[int, ...]:
    round_numbers = (*(1 << exponent for exponent in range(17)), *ROUND)
    return tuple(sorted({n + d for n in round_numbers for d in (-1, 0, 1) if least <= n + d <= most}))


def _levels(levels: Mapping[str, tuple[int, int]], pair: Pair, multiple: int = 1) -> dict[str, tuple[int, int]]:
    """Return the levels of a size that a promise leaves, each cut to it."""
    least, most = pair
    cut = {name: (max(least, low), high if most is None else min(high, most)) for name, (low, high) in levels.items()}
    fits = {name: (low, high) for name, (low, high) in cut.items() if -(-low // multiple) * multiple <= high}
    return fits or {"least": (max(least, multiple), max(least, multiple))}


def _seldom_first(levels: Mapping[str, Any]) -> list[str]:
    """Return the levels of a size, the first of them less often: where nothing is summed, little goes wrong."""
    names = list(levels)
    return names + 2 * names[1:]


@dataclass(frozen=True)
class Extent:
    """How large cases are at most, and how much happens in them.

    Parameters
    ----------
    work, elements : int
        Products of a call, and elements of its largest matrix.
    frames, channels, taps : int
        The largest sizes.
    events : int
        How many events the history of a case has.
    positions : tuple of str
        Kinds of positions, where any are promised.
    narrow : int
        By how many times the products are more in cases of few channels and many taps.
    """

    work: int = MOST_WORK
    elements: int = MOST_ELEMENTS
    frames: int = 70_000
    channels: int = 600
    taps: int = 260
    events: int = 1
    positions: tuple[str, ...] = POSITIONS
    narrow: int = 4


GATE = Extent()


def _as_far_as(levels: Mapping[str, tuple[int, int]], largest: int) -> dict[str, tuple[int, int]]:
    """Return the levels of a size, with those above them if it may be larger."""
    end = max(high for _, high in levels.values())
    return {**levels, "far": (end + 1, largest)} if largest > end else {**levels}


def conjunction(pick: Chooser, form: Form, promises: Promises, extent: Extent = GATE) -> Recipe:
    """Return the recipe of a case of any size.

    Half of the cases are ordinary in most respects: kernels take short cuts for whole utterances, strides of 1 and
    plain arrays, and what is wrong with them at some sizes shows in no case that is unusual in every respect.
    """
    multiple = promises.channels_multiple_of
    usual = _Usual(pick, ordinary=pick((True, False), "ordinary"))
    dtype = usual(list(promises.float_formats), "format", ("float64", "float32"))
    left_out = {"nonfinite": not promises.nonfinite, **dict.fromkeys(("floats", "huge"), not promises.subnormals)}
    value = pick([v for v in (*VALUES, "nonfinite") if not left_out.get(v, False)], "values")
    structure = usual(("", *kinds_of_values.STRUCTURES, *(kinds_of_values.OF_SIDES if form is BI else ())), "structure")
    shared = usual(("", *(sharings(form) if promises.layouts == "any" else ())), "shared")
    layout = usual(["", *(LAYOUTS if promises.layouts == "any" else ()), *(LISTS if promises.lists else ())], "layout")
    share, slower = pick((1, 8, 16), "work"), 8 if layout in LOSE_THEIR_TYPE else 1
    channels, taps, strides, frames, filled = _sizes(usual, form, promises, dtype, value, share, slower, extent)
    channels = max(-(-max(promises.channels[0], 1) // multiple), channels // multiple) * multiple
    positions, types = _positions(usual, form, promises, frames, filled, extent)
    layouts, by_name = _layouts(pick, form, promises, dtype, value if not structure else "", "" if shared else layout)
    matrices = dict.fromkeys(form.matrices, dtype) | _others(usual, form, promises, dtype, value, layouts)
    history = tuple(
        pick([h for h in HISTORY if h != "refused" or promises.refusals != "none"], "history")
        for _ in range(extent.events)
    )
    reach = max([1, *(n * int(s) for n, s in zip(taps, strides, strict=True))])
    specials = _specials(pick, form, matrices, frames, channels, taps) if value == "nonfinite" else ()
    kind = pick(("whole", "blocks", "ones", "zeros")) if value == "nonfinite" else value
    if specials or not _can_share(shared, value, matrices, types, {*layouts}, frames, taps):
        shared = ""
    return Recipe(
        form.short,
        frames,
        channels,
        taps,
        strides,
        positions,
        types,
        tuple(matrices.values()),
        values=kind,
        number=pick(range(256)),
        shortest=1 if promises.short else reach,
        layouts={name: layout for name, layout in layouts.items() if layout},
        by_name=by_name,
        structure=structure,
        shared=shared,
        specials=specials,
        history=history,
    )


def _can_share(
    shared: str,
    value: str,
    formats: Mapping[str, str],
    types: tuple[str, ...],
    laid: set[str],
    frames: int,
    taps: tuple[int, ...],
) -> bool:
    """Return whether arguments can share memory: of one type, not laid otherwise, and as many as they need."""
    if shared == "one array of positions":
        return len(set(types)) == 1 and not any("position" in name for name in laid)
    if len(set(formats.values())) > 1 or laid & formats.keys():
        return False
    if shared == "filters are tied":
        return taps[1] <= taps[0]
    if shared == "filter is frames" and frames <= taps[0]:
        return False
    # The product of two huge numbers is no number of the format.
    return value != "huge" or "filters in" in shared


class _Usual:
    """A chooser that takes the first options three times out of four where a case is ordinary."""

    def __init__(self, pick: Chooser, *, ordinary: bool) -> None:
        self.evenly, self._ordinary = pick, ordinary

    def __call__(self, options: Sequence[Any], name: str = "", ordinary: Sequence[Any] = ()) -> Any:
        """Return one of the options; the ordinary ones are the first, if none are given."""
        if self._ordinary and len(options) > 1:
            options = _mostly(tuple(options), tuple(ordinary))
        return self.evenly(options, name)


@cache
def _mostly(options: tuple[Any, ...], ordinary: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return options of which three out of four are ordinary ones."""
    known = tuple(each for each in ordinary if each in options) or options[:1]
    return known * (3 * len(options) // len(known)) + options


def _sizes(
    usual: _Usual, form: Form, promises: Promises, dtype: str, value: str, share: int, slower: int, extent: Extent
) -> tuple[int, tuple[int, ...], tuple[int, ...], int, str]:
    """Return channels, taps, strides and frames, and the type that positions fill.

    There are fewer with a slower oracle, and of most cases only a share of what a call may take.
    """
    sides, multiple, pick = len(form.positions), promises.channels_multiple_of, usual.evenly  # no size is ordinary
    if promises.most_shapes is not None:
        shape = pick(pool(form, promises, SMALL))
        return shape.channels or multiple, shape.taps, shape.strides, shape.frames or 1, ""
    frame_levels = _levels(_as_far_as(FRAMES, extent.frames), promises.frames)
    rational = dtype == "longdouble" and value in kinds_of_values.ROUNDED
    # Of more terms of half precision, not even sums of ones are exact; and rational numbers take long.
    largest = 14 if rational else 1100 if dtype == "float16" else extent.frames
    frame_levels = {n: b for n, b in frame_levels.items() if b[1] <= largest} or frame_levels
    frames = size_between(pick, *frame_levels[pick(_seldom_first(frame_levels), "frames")])
    frames = min(frames, 1 + max(np.iinfo(t).max for t in promises.position_types))
    filled = pick((*[""] * 10, "int8", "uint8"), "filled")
    full = 1 + np.iinfo(filled).max if filled in promises.position_types else 0
    if full and full <= largest and promises.frames[0] <= full <= (promises.frames[1] or full):
        frames = full
    else:
        filled = ""
    channel_levels = _levels(_as_far_as(CHANNELS, extent.channels), promises.channels, multiple)
    channels = size_between(pick, *channel_levels[pick(_seldom_first(channel_levels), "channels")])
    vector = pick((1, 1, 8, 16, 32))  # whole vectors go other ways than those with a tail
    channels = max(channels // vector, 1) * vector if channels > 8 else channels
    slower *= SLOW.get(dtype, 1) * (1500 if rational else 6 if value in kinds_of_values.ROUNDED else 1)
    narrow = pick((False, False, False, True), "narrow")
    if narrow:  # which leaves room for many taps among many frames
        channels, share, work = min(channels, multiple * pick((1, 1, 2, 3))), 1, extent.work * extent.narrow
    else:
        channels, work = max(multiple, min(channels, extent.elements // (slower * share) // frames)), extent.work
    most = max(2, work // (slower * share) // (frames * channels) // sides)
    taps = []
    for name in ("taps", "ahead")[:sides]:
        least, levels = getattr(promises, name)[0], _levels(_as_far_as(TAPS, extent.taps), getattr(promises, name))
        drawn = size_between(pick, *levels[pick([*levels][-3:] if narrow else _seldom_first(levels), name)])
        taps.append(max(least, min(drawn, most)))
    if pick((False, False, True), "as many taps") and sides == 2 and _fits(taps[0], promises.ahead):
        taps[1] = taps[0]
    strides = _strides(usual, form, promises)
    if not promises.short:
        frames = max(frames, *(n * int(s) for n, s in zip(taps, strides, strict=True)))
        filled = ""
    return channels, tuple(taps), strides, frames, filled


def _fits(size: int, pair: Pair) -> bool:
    return pair[0] <= size <= (size if pair[1] is None else pair[1])


def _strides(usual: _Usual, form: Form, promises: Promises) -> tuple[int, ...]:
    sides = len(form.positions)
    if promises.strides == "one":
        return (1,) * sides
    levels = _levels(STRIDES, (1, promises.most_stride if promises.short else min(promises.most_stride or 3, 3)))
    strides: list[int] = []
    for name in form.strides:
        low, high = levels[usual([*levels], name)]
        far = usual.evenly(FAR)
        near = size_between(usual.evenly, low, min(high, 1 << 20) if low < 1 << 20 else low)
        strides.append(far if low == min(FAR) and high >= max(FAR) else near)
    kind = usual(("", *INTEGERS), "type of strides")
    if kind and max(strides) <= np.iinfo(kind).max:
        strides = [np.dtype(kind).type(stride) for stride in strides]
    return (strides[0],) * sides if promises.strides == "equal" else tuple(strides)


def _positions(
    usual: _Usual, form: Form, promises: Promises, frames: int, filled: str, extent: Extent
) -> tuple[Any, tuple[str, ...]]:
    """Return kind and number of each side, and their integer types."""
    promised = {"any": extent.positions, "utterances": ("utterances", "utterances of"), "whole": ("whole",)}
    options = promised[promises.positions]
    if not promises.short and promises.positions == "utterances":
        options = ("utterances",)
    # Where any positions are promised, those that a type does not hold become its largest number.
    fits = [t for t in promises.position_types if np.iinfo(t).max >= frames - 1 or promises.positions == "any"]
    fitting = fits or [*promises.position_types]
    chosen = []
    for name in form.positions:
        kind = usual(options, f"kind of {name}", ("whole", "utterances"))
        number = usual.evenly(range(1, 200) if kind == "utterances of" else range(256))
        chosen.append((kind, number))
    types = tuple(usual(fitting, f"type of {name}", ("int64", "int32")) for name in form.positions)
    if filled:
        types = (filled,) * len(types)
    return (chosen[0],) * len(chosen) if promises.positions != "any" else tuple(chosen), types


def _layouts(
    pick: Chooser, form: Form, promises: Promises, dtype: str, value: str, layout: str
) -> tuple[dict[str, str], bool]:
    """Return the layout of each argument, and whether all are given by name."""
    if value in {"equal rows", "ones", "zeros"} and promises.layouts == "any" and pick((False, True), "expanded"):
        return dict.fromkeys((pick(form.matrices),), next(iter(EXPANDED))), False
    groups = {
        "all": (*form.matrices, *form.positions),
        "hidden": ("hidden",),
        "dmemory": ("dmemory",),
        "filters": form.filters,
        "last filter": form.filters[-1:],
        "positions": form.positions,
    }
    names = form.positions if layout in OF_POSITIONS else groups[pick([*groups], "laid")]
    if layout in LOSE_THEIR_TYPE:
        others = () if dtype == "float64" or (promises.mixed and "float64" in promises.formats) else form.matrices
        names = tuple(name for name in names if name not in others)
        if "int64" not in promises.position_types:
            names = tuple(name for name in names if name not in form.positions)
    return dict.fromkeys(names, layout), pick((False, True), "by name")


def _others(
    usual: _Usual, form: Form, promises: Promises, dtype: str, value: str, layouts: Mapping[str, str]
) -> dict[str, str]:
    """Return the arguments whose format differs from that of the rest."""
    lost = {name: "float64" for name in form.matrices if layouts.get(name) in LOSE_THEIR_TYPE}
    if not promises.mixed:
        return lost
    # Long double is rounded in rational numbers, which takes too long for many.
    left_out = "longdouble" if value in kinds_of_values.ROUNDED else ""
    # Integers are of no magnitude, and of no other value that rounds.
    kinds = FLOATS if value in {"huge", "full", "outlier"} else (*FLOATS, *INTEGERS)
    names = [name for name in kinds if name in promises.formats and name != left_out]
    # Kernels tell float32 and float64 apart more often than other formats.
    common = [name for name in ("float32", "float64", "int64") if name in names]
    other = usual([*[""] * (1 + len(names) // 2), *names, *common, *common], "other format")
    # Often all floats or all matrices: kernels have paths of their own for integers alone.
    every, floats = (1 << len(form.matrices)) - 1, sum(1 << form.matrices.index(name) for name in form.floats)
    some = usual.evenly((*range(1, every), every, every, every, floats, floats, floats), "in the other format")
    chosen = [name for place, name in enumerate(form.matrices) if some >> place & 1]
    if other in SLOW and len(chosen) == len(form.matrices):
        chosen = chosen[1:]  # the sizes are those that the common format allows
    return (dict.fromkeys(chosen, other) if other and other != dtype else {}) | lost


def _specials(
    pick: Chooser, form: Form, formats: Mapping[str, str], frames: int, channels: int, taps: tuple[int, ...]
) -> tuple[tuple[str, int, int, float], ...]:
    """Return NaN and infinities, and where they are."""
    rows = {"hidden": frames, "dmemory": frames, **dict(zip(form.filters, taps, strict=True))}
    if "bfilter" in rows:
        rows["bfilter"] += 1
    found = []
    for _ in range(pick((1, 2, 3, 8))):
        name = pick([name for name in form.matrices if rows[name] and formats[name] in FLOATS] or [""])
        if not name:
            break
        row = min(rows[name] - 1, pick(range(256)) * rows[name] // 256)
        found.append((name, row, pick(range(256)) * channels // 256, float(pick(kinds_of_values.SPECIAL))))
    return tuple(found)


def features_of(recipe: Recipe, form: Form) -> dict[str, str]:
    """Return the level of each feature of a finished recipe."""

    def level(levels: Mapping[str, tuple[int, int]], size: int) -> str:
        return next((name for name, (low, high) in levels.items() if low <= size <= high), "far")

    rows = next(name for name, most in GRID_FRAMES.items() if recipe.frames <= most)
    columns = next(name for name, most in GRID_CHANNELS.items() if recipe.channels <= most)
    whole = "whole vectors" if recipe.channels % 8 == 0 else "a tail"
    features = {
        "grid": f"{rows} x {columns}, {whole}",
        "frames": level(FRAMES, recipe.frames),
        "channels": level(CHANNELS, recipe.channels),
        "values": "nonfinite" if recipe.specials else recipe.values,
        "structure": recipe.structure,
        "shared": recipe.shared,
        "format": max([f for f in recipe.formats if f in FLOATS] or ["float64"], key=recipe.formats.count),
        "by name": str(recipe.by_name),
        "history": recipe.history[0] if recipe.history else "",
    }
    for name, taps in zip(("taps", "ahead"), recipe.taps, strict=False):
        features[name] = level(TAPS, taps)
    for name, stride in zip(form.strides, recipe.strides, strict=True):
        features[name] = level(STRIDES, int(stride))
    for name, (kind, _), dtype in zip(form.positions, recipe.positions, recipe.position_types, strict=True):
        features[f"kind of {name}"] = kind
        features[f"type of {name}"] = dtype
    layouts = recipe.layouts or {}
    features["layout"] = next(iter(layouts.values()), "")
    features["laid"] = "all" if len(layouts) > 3 else next(iter(layouts), "")
    odd = [name for name in dict.fromkeys(recipe.formats) if name != features["format"]]
    features["other format"] = odd[0] if odd else ""
    return features


def choices_for(features: Mapping[str, str], pick: Callable[[Sequence[str]], str]) -> dict[str, Any]:
    """Return the choices that make features likely, by the names of the choices."""
    chosen: dict[str, Any] = dict(features) | (
        {"work": 1, "ordinary": False, "filled": "", "as many taps": False} if features else {}
    )
    if "grid" in chosen:
        rows, _, columns = chosen.pop("grid").partition(", ")[0].partition(" x ")
        frames = {"few": ("1", "2 to 14"), "some": ("to 64", "to 300"), "many": ("to 1100", "to 4200")}[rows]
        channels = {"few": ("1", "2 to 4"), "some": ("to 16", "to 64"), "many": ("to 64", "to 140", "to 600")}[columns]
        if chosen.get("frames") not in frames:
            chosen["frames"] = pick(frames)
        if chosen.get("channels") not in channels:
            chosen["channels"] = pick(channels)
    if chosen.get("layout") in EXPANDED:
        chosen |= {"values": chosen.get("values", "ones"), "expanded": True, "structure": "", "shared": ""}
    if chosen.get("layout") or chosen.get("laid") or chosen.get("other format"):
        chosen |= {"shared": chosen.get("shared", ""), "expanded": chosen.get("expanded", False)}
    if chosen.get("layout") in LOSE_THEIR_TYPE:
        chosen.setdefault("format", "float64")
    if chosen.get("shared"):
        chosen |= {"layout": chosen.get("layout", ""), "other format": chosen.get("other format", "")}
        chosen["values"] = chosen.get("values", "whole")
    groups = {"filter": "filters", "bfilter": "filters", "ffilter": "last filter", "position": "positions"}
    if "laid" in chosen:
        chosen["laid"] = {**groups, "bposition": "positions"}.get(chosen["laid"], chosen["laid"])
    return chosen
