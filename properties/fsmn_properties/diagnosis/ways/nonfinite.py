"""Where NaN and infinities go: through taps that are not allowed, or not where they should."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.diagnosis.answers import answer
from fsmn_properties.diagnosis.difference import right_map
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.settings import filled
from fsmn_properties.targets.target import Target
from fsmn_ref.arguments import Array

MOST = 40
"""So many frames are tried."""


def leaks(target: Target, case: Case, result: str) -> list[str]:
    """Return where NaN goes that should not, and does not go where it should, at the sizes of a case, in words."""
    facts = Facts(case)
    if not case.channels or any(case[name].dtype.kind != "f" for name in case.form.matrices):
        return []
    ones = case.but(**{name: np.ones_like(case[name]) for name in case.form.matrices})
    if not all(answer(target, each).is_right(result) for each in (ones, filled(ones, 1), filled(ones, 2))):
        return []  # it is wrong in another way
    source = "dmemory" if result == "dhidden" else "hidden"
    for told in _of_frames(target, ones, facts, result, source):
        return [told]
    for told in _of_taps(target, ones, facts, result):
        return [told]
    return []


def _reads(facts: Facts, result: str) -> Array:
    """Return which elements of a result sum which frame of hidden or dmemory."""
    found = right_map(facts, result) != 0
    if result == "memory":
        return np.asarray(found.any(axis=2))
    if result == "dhidden":
        return np.asarray(found.any(axis=2).T)
    first, count = facts.first_rows[result[1:]], facts.counts[result[1:]]
    return np.asarray(found.any(axis=0).T[first : first + count])


def _of_frames(target: Target, ones: Case, facts: Facts, result: str, source: str) -> Iterator[str]:
    reads = _reads(facts, result)
    for frame in range(min(facts.frames, MOST)):
        value = ones[source].copy()
        value[frame, 0] = np.nan
        got = answer(target, ones.but(**{source: value})).results.get(result)
        if got is None or got.shape != ones.want[result].shape:
            return
        there = np.isnan(got)
        if there[:, 1:].any():
            channel = int(np.argwhere(there[:, 1:].any(axis=0))[0, 0]) + 1
            yield f"NaN in channel 0 of {source} reaches channel {channel} of {result}: channels are mixed"
            return
        wrong = np.flatnonzero(there[:, 0] & ~reads[:, frame])
        if len(wrong):
            row = int(wrong[0])
            why = "forbidden taps are multiplied by zero, not left out"
            yield f"NaN in {source}[{frame}] reaches {result}[{row}], {_forbidden(facts, result, row, frame)}: {why}"
            return
        missing = np.flatnonzero(~there[:, 0] & reads[:, frame])
        if len(missing):
            row = int(missing[0])
            yield f"NaN in {source}[{frame}] does not reach {result}[{row}], which sums it"
            return


def _forbidden(facts: Facts, result: str, row: int, frame: int) -> str:
    if result != "memory":
        return "which does not sum it"
    side = BACK if frame < row else AHEAD
    if side not in facts.positions:
        return "which does not look ahead"
    name = facts.form.positions[side == AHEAD]
    return f"which must not read it ({name}[{row}] = {facts.positions[side][row]})"


def _of_taps(target: Target, ones: Case, facts: Facts, result: str) -> Iterator[str]:
    """Yield what an infinite tap does to rows that do not use it."""
    if result not in {"memory", "dhidden"}:
        return
    found = right_map(facts, result) != 0
    for name, first in facts.first_rows.items():
        for row in range(facts.counts[name]):
            value = ones[name].copy()
            value[row, 0] = np.inf
            got = answer(target, ones.but(**{name: value})).results.get(result)
            if got is None or got.shape != ones.want[result].shape:
                return
            uses = found[:, :, first + row].any(axis=1 if result == "memory" else 0)
            wrong = np.flatnonzero(np.isnan(got[:, 0]) & ~uses)
            if len(wrong):
                what = f"{result}[{int(wrong[0])}] is NaN if {name}[{row}] is infinite, though it does not use that tap"
                yield f"{what}: zeros stand for frames that must not be read"
                return
            missing = np.flatnonzero(np.isfinite(got[:, 0]) & uses)
            if len(missing):
                yield f"{result}[{int(missing[0])}] is finite though {name}[{row}], which it uses, is infinite"
                return
