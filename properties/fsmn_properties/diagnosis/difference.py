"""The first place at which a map differs from the right one, in the contract's words."""

from __future__ import annotations

import numpy as np

from fsmn_properties.contract.forms import UNI
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.reading import entries_of, right_taps, tensor
from fsmn_properties.findings.mistake import Picture
from fsmn_ref.arguments import Array


def right_map(facts: Facts, result: str) -> Array:
    """Return the right map of a result; the gradient of a filter has its taps alone."""
    right = tensor(entries_of(right_taps(facts), facts), facts)
    if result.endswith("filter"):
        first = facts.first_rows[result[1:]]
        right[:, :, :first] = right[:, :, first + facts.counts[result[1:]] :] = 0
    return right


def first_difference(found: Array, facts: Facts, result: str) -> str:
    """Return the first difference between a map that was found and the right one, or nothing if there is none."""
    right = right_map(facts, result)
    places = np.argwhere(found != right)
    if len(places) == 0:
        return ""
    row, frame, tap = (int(n) for n in places[0])
    got, want = found[row, frame, tap], right[row, frame, tap]
    name = facts.tap_names()[tap]
    through = "as its own identity term" if tap == facts.identity else f"through {name}"
    who = f"row {row}" if result == "memory" else f"in {result}, row {row}"
    if want == 0:
        times = "" if got == 1 else f" with a factor of {_number(got)}"
        return f"{who} reads frame {frame} {through}{times}; {_allowed(facts, row, tap)}"
    if got == 0:
        return f"{who} does not read frame {frame} {through}; {_allowed(facts, row, tap)}"
    return f"{who} reads frame {frame} {through} with a factor of {_number(got)} instead of {_number(want)}"


def _number(value: float) -> str:
    return f"{value:g}"


def _allowed(facts: Facts, row: int, tap: int) -> str:
    """Say what the contract allows a row to read on the side of a tap."""
    if tap == facts.identity:
        return f"the identity term of row {row} is frame {row}"
    side = BACK if facts.form is UNI or tap < facts.counts["bfilter"] else AHEAD
    position, filter = facts.form.positions[side == AHEAD], facts.filter_of(side)
    taps = [each for each in right_taps(facts) if each.side == side and each.reach <= each.position[row]]
    held = f"{position}[{row}] = {facts.positions[side][row]}"
    if not taps:
        return f"{held} allows none of {filter}"
    sign = -1 if side == BACK else 1
    told = ", ".join(f"{filter}[{each.row}] to read frame {row + sign * each.lag}" for each in taps[:3])
    more = f" and {len(taps) - 3} more" if len(taps) > 3 else ""
    return f"{held} allows {told}{more}"


def picture(found: Array, facts: Facts, result: str) -> Picture:
    """Return a map that was found beside the one that was expected."""
    function = facts.form.forward if result == "memory" else facts.form.backward
    caption = f"{result} at {facts.case.outline()}"
    return Picture(
        function,
        caption,
        facts.frames,
        facts.frames,
        facts.tap_names(),
        _entries(found),
        _entries(right_map(facts, result)),
    )


def _entries(found: Array) -> tuple[tuple[int, int, int, float], ...]:
    return tuple((int(r), int(s), int(k), float(found[r, s, k])) for r, s, k in np.argwhere(found != 0))
