"""Arguments that are read wrongly, and results that are changed after the sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fsmn_properties.contract.forms import UNI, Form
from fsmn_properties.diagnosis.facts import BACK, Facts
from fsmn_properties.diagnosis.named import Named, Values, each_side
from fsmn_properties.diagnosis.reading import entries_of, results_of, right_taps
from fsmn_ref.arguments import Array

LIMITS = (4, 8, 16, 32, 64, 128, 256, 512, 1024)


def maps(form: Form) -> Iterator[Named]:
    """Yield the maps of a form."""
    yield from _filters(form)
    yield from _frames()
    yield from _arguments(form)
    yield from _outputs()


def _with(names: tuple[str, ...], change: Callable[[Array], Array]) -> Callable[[Values, Facts, str], Values]:
    return lambda values, facts, result: {
        name: change(value) if name in names else value for name, value in values.items()
    }


def _filters(form: Form) -> Iterator[Named]:
    for _, suffix, words, names in each_side(form):
        filters = tuple(names["filter"].split(" and "))
        filter = names["filter"]
        for key, says, change in (
            (
                "filter read channel by channel",
                f"{filter} is read as though it lay channel by channel: its numbers are transposed",
                lambda a: a.reshape(-1).reshape(a.shape[::-1]).T,
            ),
            ("absolute weights", f"the weights in {filter} lose their sign", np.abs),
            ("weights squared", f"the weights in {filter} are squared", np.square),
            ("negative weights dropped", f"negative weights in {filter} count as 0", lambda a: np.maximum(a, 0)),
        ):
            yield Named(f"{key}{suffix}", says, values=_with(filters, change))
        yield from _channels(filters, suffix, words)


def _channels(filters: tuple[str, ...], suffix: str, words: str) -> Iterator[Named]:
    def kept(end: Callable[[int], int]) -> Callable[[Values, Facts, str], Values]:
        def change(values: Values, facts: Facts, result: str) -> Values:
            cut = {name: values[name].copy() for name in filters}
            for name, value in cut.items():
                own = facts.own(BACK) if name == facts.filter_of(BACK) else 0
                value[own:, end(value.shape[1]) :] = 0
            return {**values, **cut}

        return change

    no = f"have no part of {words}"
    yield Named(
        f"last channel untapped{suffix}", f"the last channel has no part of {words}", values=kept(lambda D: D - 1)
    )
    for K in LIMITS:
        yield Named(
            f"channels from {K} on untapped{suffix}",
            f"channels from {K} on {no}",
            values=kept(lambda D, K=K: K),  # type: ignore[misc]
        )
        if K <= 64:
            yield Named(
                f"channels after whole vectors of {K} untapped{suffix}",
                f"channels are taken {K} at a time, and those beyond the last whole {K}, if there are so many, {no}",
                values=kept(lambda D, K=K: D // K * K or D),  # type: ignore[misc]
            )
            yield Named(
                f"channels after vectors of {K} untapped{suffix}",
                f"channels are taken {K} at a time, and those beyond the last whole {K} {no}",
                values=kept(lambda D, K=K: D // K * K),  # type: ignore[misc]
            )
    yield Named(
        f"odd channel untapped{suffix}",
        f"channels are taken 2 at a time, and a last one without a partner has no part of {words}",
        values=kept(lambda D: D // 2 * 2),
    )


def _frames() -> Iterator[Named]:
    for key, says, change in (
        ("frames one late", "hidden is read one frame late: row r has frame r - 1", _late),
        ("frames one early", "hidden is read one frame early: row r has frame r + 1", _early),
        ("frames reversed", "hidden is read from its last frame to its first", lambda a: a[::-1]),
        ("absolute frames", "hidden loses its sign", np.abs),
        ("frames rectified", "negative elements of hidden count as 0", lambda a: np.maximum(a, 0)),
        ("frames squared", "hidden is squared", np.square),
        ("channels of hidden reversed", "the channels of hidden are read in reverse", lambda a: a[:, ::-1]),
        ("running sum of frames", "hidden is summed up from the first frame on", lambda a: a.cumsum(axis=0)),
    ):
        yield Named(key, says, values=_with(("hidden",), change), only=("memory", "dfilter"))
        key, says = key.replace("frames", "gradients"), says.replace("hidden", "dmemory")
        yield Named(
            key.replace("channels of hidden", "channels of dmemory"),
            says,
            values=_with(("dmemory",), change),
            only=("dhidden", "dfilter"),
        )


def _late(array: Array) -> Array:
    return np.concatenate([np.zeros_like(array[:1]), array[:-1]])


def _early(array: Array) -> Array:
    return np.concatenate([array[1:], np.zeros_like(array[:1])])


def _arguments(form: Form) -> Iterator[Named]:
    yield Named(
        "hidden for dmemory",
        "it is computed from hidden instead of dmemory",
        values=lambda values, facts, result: {**values, "dmemory": values["hidden"]},
        only=("dhidden", "dfilter"),
    )
    yield Named(
        "dmemory for hidden",
        "it is computed from dmemory instead of hidden",
        values=lambda values, facts, result: {**values, "hidden": values["dmemory"]},
        only=("dfilter",),
    )
    if form is not UNI:
        yield Named(
            "gradients of filters exchanged",
            "the gradients of the two filters are exchanged",
            whole=_exchanged,
            only=("dfilter",),
        )
    for sides, suffix, words, _ in each_side(form):
        yield Named(
            f"taps multiply hidden{suffix}",
            f"{words} multiply hidden instead of dmemory",
            whole=_taps_from_hidden(sides),
            only=("dhidden",),
        )
        if sides == (BACK,):
            yield Named(
                f"memory computed in place{suffix}",
                "the memory replaces hidden row by row, so later rows look back at memories instead of frames",
                whole=_in_place,
                only=("memory",),
            )


def _taps_from_hidden(sides: tuple[str, ...]) -> Callable[[Values, Facts, str], Array]:
    def whole(values: Values, facts: Facts, result: str) -> Array:
        taps = right_taps(facts)
        theirs = [tap for tap in taps if tap.side in sides and tap.number > 0]
        entries, some = entries_of(taps, facts), entries_of(theirs, facts)
        some = some.where(some.taps < facts.identity)
        from_hidden = results_of(some, facts, {**values, "dmemory": values["hidden"]}, result)
        return results_of(entries, facts, values, result) - results_of(some, facts, values, result) + from_hidden

    return whole


def _exchanged(values: Values, facts: Facts, result: str) -> Array:
    other = "dffilter" if result == "dbfilter" else "dbfilter"
    return results_of(entries_of(right_taps(facts), facts), facts, values, other)


def _in_place(values: Values, facts: Facts, result: str) -> Array:
    memory = values["hidden"].copy()
    taps = right_taps(facts)
    for row in range(facts.frames):
        own = memory[row].copy()
        for tap in taps:
            if tap.reach <= tap.position[row]:
                frame = row - tap.lag if tap.side == BACK else row + tap.lag
                read = own if tap.lag == 0 else memory[frame]
                memory[row] += values[tap.filter][tap.row] * read
    return memory


def _outputs() -> Iterator[Named]:
    def of(key: str, says: str, change: Callable[[Array], Any], **more: Any) -> Named:
        return Named(key, says, outputs=lambda value, values, facts, result: change(value), **more)

    yield of("rectified", "negative elements are replaced by 0, as by a rectifier", lambda a: np.maximum(a, 0))
    yield of("absolute", "it loses its sign", np.abs)
    yield of("negated", "it has the wrong sign", lambda a: -a)
    yield of("doubled", "it is twice as large as it should be", lambda a: 2 * a)
    yield of("halved", "it is half as large as it should be", lambda a: a / 2)
    yield of("one row late", "it is one row late", _late)
    yield of("one row early", "it is one row early", _early)
    yield of("rows reversed", "its rows are in reverse order", lambda a: a[::-1])
    yield of("channels reversed", "its channels are in reverse order", lambda a: a[:, ::-1])
    yield of("running sum", "it is summed up from the first row on", lambda a: a.cumsum(axis=0))
    yield Named(
        "gated by hidden",
        "it is zero where hidden is not positive, as though a rectifier belonged to the memory",
        outputs=lambda value, values, facts, result: np.where(values["hidden"] > 0, value, 0),
        only=("memory", "dhidden"),
    )
    yield Named(
        "hidden where it is zero",
        "where the sum is zero, hidden stands in for it",
        outputs=lambda value, values, facts, result: np.where(value == 0, values["hidden"], value),
        only=("memory",),
    )
