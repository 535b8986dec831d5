"""What is not promised is tried a few times all the same: if it works, the account says so."""

from __future__ import annotations

from collections.abc import Iterator

from fsmn_properties.checks.trial import Violation, clipped
from fsmn_properties.contract.formats import FLOATS, INTEGERS
from fsmn_properties.contract.forms import FUNCTIONS, NAMES
from fsmn_properties.contract.promises import ARGUMENTS, Promises
from fsmn_properties.findings.account import Beyond
from fsmn_properties.runs.isolated import Journal, in_another_process
from fsmn_properties.runs.ways import (
    ANY_LAYOUT,
    ANY_LIST,
    Way,
    contiguous,
    in_format,
    in_type,
    nonfinite,
    one_in_format,
    refuses,
    strided,
    subnormal,
    tried,
)
from fsmn_properties.targets.target import Target

SAID_SO = "refused with NotImplementedError, as agreed for calls beyond the promise"


def beyond_the_promise(target: Target) -> list[Beyond]:
    """Try everything that a target does not promise, a few times, and return what works and what speaks against it.

    It happens in another process, which may die of it, if the target can be reached there.
    """
    if next(_ways(target), None) is None:
        return []
    if not target.reachable:
        return found_beyond(target, Journal({}, lambda _: None))
    found = in_another_process(target, "beyond")
    return [Beyond(**each) for each in found.get("beyond", [])]


def found_beyond(target: Target, journal: Journal) -> list[Beyond]:
    """Do what `beyond_the_promise` does, in this process."""
    found = []
    for way, anywhere in _ways(target):
        outside = None if anywhere else target.promises
        why = journal.tried(way.what, lambda way=way, outside=outside: _against(tried(target, way, outside, few=4)))  # type: ignore[misc]
        found.append(Beyond(way.what, not why, why))
    return found


def _against(violation: Violation | None) -> str:
    why = "" if violation is None else clipped(violation.problem, 120)
    return SAID_SO if "raised NotImplementedError" in why else why


def _ways(target: Target) -> Iterator[tuple[Way, bool]]:  # noqa: C901, PLR0912, one for each promise
    """Yield each way, and whether its calls themselves lie within the promises."""
    mine = target.promises
    narrowed = mine.narrowed
    for name in NAMES:
        if name not in mine.functions and callable(getattr(target.functions, name, None)):
            yield Way(name, mine.but(functions=(name,))), True
    for argument in ARGUMENTS:
        forms = [name for name in mine.functions if name.endswith("backward")]
        if argument not in mine.gradients and any(("bi_" in name) == (argument[:2] in {"bf", "ff"}) for name in forms):
            yield Way(f"the gradient of {argument}", mine.but(gradients=(argument,), functions=tuple(forms))), True
    for name in (*FLOATS, *INTEGERS):
        if name not in mine.formats and name in target.most.formats:
            yield Way(name, mine, in_format(name)), False
    if not mine.mixed:
        other = next((name for name in mine.float_formats[1:]), "")
        if other:
            yield Way("arguments of different formats", mine, one_in_format(other)), False
    for name in INTEGERS:
        if name not in mine.position_types:
            yield Way(f"positions of {name}", mine.but(position_types=("int64",)), in_type(name)), False
    with_positions = bool({*mine.functions} & {*FUNCTIONS})
    if mine.positions == "whole" and with_positions:
        yield Way("several utterances", mine.but(positions="utterances")), False
    if mine.positions != "any" and with_positions:
        yield Way("positions of any kind", mine.but(positions="any")), False
    if mine.strides != "any":
        yield Way("strides of any kind", mine.but(strides="any")), False
    if mine.most_stride is not None and mine.strides != "one":
        yield Way(f"strides above {mine.most_stride}", mine, strided([mine.most_stride + 1, 2**40])), False
    yield from _sizes(mine)
    if not mine.short:
        yield Way("sequences shorter than the taps reach", mine.but(short=True)), False
    if mine.channels_multiple_of > 1:
        what = f"channels that are no multiple of {mine.channels_multiple_of}"
        yield Way(what, mine.but(channels_multiple_of=1)), False
    for key, way in (
        ("nonfinite", Way("NaN and infinities", mine, nonfinite)),
        ("subnormals", Way("subnormal numbers", mine.but(subnormals=True), subnormal)),
        ("lists", Way("lists and array-likes", mine, ANY_LIST)),
        ("layouts", Way("arguments of any layout", mine, ANY_LAYOUT)),
    ):
        if key in narrowed and key not in target.most.narrowed:
            yield way, False
    if mine.refusals == "none":
        yield Way("refusals of the right type", mine, ask=refuses("types")), True
    if mine.refusals != "words":
        yield Way("refusals that name argument, index and value", mine, ask=refuses("words")), True
    if mine.results != "contiguous":
        yield Way("C-contiguous results", mine.but(results="contiguous"), ask=contiguous), True


def _sizes(mine: Promises) -> Iterator[tuple[Way, bool]]:
    if not mine.empty:
        yield Way("no frames", mine.but(empty=True, short=True, frames=(0, 0))), False
        yield Way("no channels", mine.but(empty=True, channels=(0, 0))), False
    for key in ("frames", "channels", "taps", "ahead"):
        least, most = getattr(mine, key)
        if least > (1 if not mine.empty and key in {"frames", "channels"} else 0):
            yield Way(f"fewer than {least} {key}", mine.but(short=True, **{key: (0, least - 1)})), False
        if most is not None:
            yield Way(f"more than {most} {key}", mine.but(short=True, **{key: (most + 1, 2 * most + 2)})), False
