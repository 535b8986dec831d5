"""Which promise leaves a case out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.layouts import EXPANDED, LAYOUTS, LISTS, LOSE_THEIR_TYPE, applies
from fsmn_properties.cases.space import SMALL, pool
from fsmn_properties.contract.formats import format_of, name_of
from fsmn_properties.contract.promises import Pair, Promises
from fsmn_ref.arguments import Array


def outside(case: Case, promises: Promises) -> str:
    """Return the name of a promise that leaves a case out, or nothing."""
    return next(_outside(case, promises), "")


def _outside(case: Case, promises: Promises) -> Iterator[str]:
    yield from _sizes(case, promises)
    yield from _types(case, promises)
    strides = tuple(map(int, case.strides.values()))
    if promises.strides == "one" and any(stride != 1 for stride in strides):
        yield "strides"
    if promises.strides == "equal" and len(set(strides)) > 1:
        yield "strides"
    if promises.most_stride is not None and max(strides, default=1) > promises.most_stride:
        yield "most_stride"
    if promises.positions != "any" or not promises.short:
        yield from _utterances(case, promises)
    if not promises.nonfinite and not all(np.isfinite(case[name]).all() for name in case.form.matrices):
        yield "nonfinite"
    if not promises.subnormals and any(_may_be_subnormal(case[name]) for name in case.form.matrices):
        yield "subnormals"
    used = {layout for name, layout in case.layouts.items() if applies(layout, case[name])}
    if promises.layouts != "any" and used & {*LAYOUTS, *EXPANDED}:
        yield "layouts"
    if not promises.lists and used & {*LISTS}:
        yield "lists"


def _sizes(case: Case, promises: Promises) -> Iterator[str]:
    if not promises.empty and (case.frames == 0 or case.channels == 0 or any(c.frames == 0 for c in case.chunks)):
        yield "empty"
    sizes = {"frames": case.frames, "channels": case.channels, **dict(zip(("taps", "ahead"), case.taps, strict=False))}
    for key, size in sizes.items():
        least, most = _pair(promises, key)
        if size < least or (most is not None and size > most):
            yield key
    if case.channels % promises.channels_multiple_of:
        yield "channels_multiple_of"
    if promises.most_shapes is not None:
        mine = (case.frames, case.channels, case.taps)
        if mine not in {(s.frames, s.channels, s.taps) for s in pool(case.form, promises, SMALL)}:
            yield "most_shapes"


def _may_be_subnormal(array: Array) -> bool:
    """Return whether a sum of products of two such values may be subnormal."""
    if array.dtype.kind != "f":
        return False
    number_format = format_of(array.dtype)
    least = np.ldexp(np.longdouble(1), (number_format.bottom + 2 * number_format.digits) // 2)
    magnitudes = np.abs(array[array != 0])
    return bool((magnitudes < least).any())


def _pair(promises: Promises, key: str) -> Pair:
    pair: Pair = getattr(promises, key)
    return pair


def _format(case: Case, name: str) -> str:
    """Return the format of a matrix; a list has lost its own."""
    layout = case.layouts.get(name, "")
    if layout in LOSE_THEIR_TYPE and applies(layout, case[name]):
        return "int64" if case[name].dtype.kind in "iu" else "float64"
    return name_of(case[name].dtype)


def _types(case: Case, promises: Promises) -> Iterator[str]:
    formats = {_format(case, name) for name in case.form.matrices}
    if not formats <= set(promises.formats):
        yield "formats"
    if len(formats) > 1 and not promises.mixed:
        yield "mixed"
    types = {
        "int64" if case.layouts.get(name) in LOSE_THEIR_TYPE else name_of(case[name].dtype)
        for name in case.form.positions
    }
    if not types <= set(promises.position_types):
        yield "position_types"


def _utterances(case: Case, promises: Promises) -> Iterator[str]:
    """Yield the promise that positions break: to count the frames of utterances that are long enough."""
    reach = max(case.reach)
    lengths = [case.frames] if promises.positions == "any" else utterances(case)
    if not lengths and case.frames:
        yield "positions"
    if promises.positions == "whole" and len(lengths) > 1:
        yield "positions"
    if not promises.short and lengths and min(lengths) < reach:
        yield "short"


def utterances(case: Case) -> list[int]:
    """Return the lengths of the utterances whose frames the positions count, or nothing if they count none."""
    back, *ahead = (np.asarray(case[name]).astype(np.int64) for name in case.form.positions)
    starts = np.flatnonzero(back == 0)
    if case.frames == 0 or len(starts) == 0 or starts[0] != 0:
        return []
    ends = np.append(starts[1:], case.frames)
    rows = np.arange(case.frames)
    held = np.searchsorted(starts, rows, side="right") - 1
    counts: list[Array] = [rows - starts[held], ends[held] - 1 - rows]
    matches = all(np.array_equal(mine, count) for mine, count in zip((back, *ahead), counts, strict=False))
    return (ends - starts).tolist() if matches else []
