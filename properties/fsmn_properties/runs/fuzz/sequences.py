"""Every position sequence of a few frames more than `check` enumerates: in blocks, each once, over any number of runs.

A sequence is a number in the factorial base: the position of frame r is a digit below r + 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import factorial
from typing import Any, NamedTuple

import numpy as np

from fsmn_properties.cases import values
from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.exhaustive import BI_FRAMES, UNI_FRAMES, with_results
from fsmn_properties.catalogue.statement import Source
from fsmn_properties.contract.forms import FORMS, UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.drawing import Picks, spread
from fsmn_ref.arguments import Array

BLOCK = 720
"""So many sequences are a block."""

MOST_FRAMES = {"uni": 10, "bi": 6}
TAPS = range(10)
STRIDES = (1, 2, 3)
NUMBERS = range(256)


class Block(NamedTuple):
    """Sequences of a number of frames, from the number `BLOCK * place` on."""

    form: str
    frames: int
    place: int

    @property
    def text(self) -> str:
        """The block as text."""
        return f"{self.form} {self.frames} {self.place}"


def blocks(form: Form, promises: Promises) -> Iterator[Block]:
    """Yield all promised blocks of more frames than `check` enumerates, those of few frames first."""
    least, most = promises.frames
    first = (UNI_FRAMES if form is UNI else BI_FRAMES) + 1
    last = min(MOST_FRAMES[form.short], MOST_FRAMES[form.short] if most is None else most)
    for frames in range(max(first, least), last + 1):
        for place in range(-(-count(form, frames) // BLOCK)):
            yield Block(form.short, frames, place)


def count(form: Form, frames: int) -> int:
    """Return how many sequences, or pairs of sequences, there are."""
    return int(factorial(frames) ** len(form.positions))


def cases_of_block(block: Block, promises: Promises, number: int) -> Iterator[Case]:
    """Yield a case for each sequence of a block.

    Parameters
    ----------
    block : Block
        The block.
    promises : Promises
        What is promised.
    number : int
        What chooses values, taps and strides.
    """
    form = next(form for form in FORMS if form.short == block.form)
    rng = np.random.default_rng(number)
    columns = np.arange(block.place * BLOCK, min((block.place + 1) * BLOCK, count(form, block.frames)))
    back, ahead = (_sequences(block.frames, n) for n in np.divmod(columns, factorial(block.frames))[::-1])
    case = _case(lambda options: options[int(rng.integers(len(options)))], form, promises, block.frames)
    dtype = case[form.positions[0]].dtype
    sides = [side.astype(dtype) for side in (back, ahead[::-1])]
    yield from with_results(form, dict(case.plain), dict(zip(form.positions, sides, strict=False)), first=True)


def _sequences(frames: int, numbers: Array) -> Array:
    """Return look-back sequences by their numbers, one a column."""
    left, digits = numbers.copy(), np.empty((frames, len(numbers)), np.int64)
    for row in range(frames):
        left, digits[row] = np.divmod(left, row + 1)
    return digits


def _case(pick: Any, form: Form, promises: Promises, frames: int) -> Case:
    """Return a case of one channel with positions of zero."""
    taps = [pick(TAPS) for _ in form.filters]
    strides = [pick(STRIDES) for _ in form.strides]
    number, dtype = pick(NUMBERS), pick(promises.position_types)
    make = values.maker("whole", number, sum(taps) + 2)
    wide = np.dtype("float64" if "float64" in promises.formats else promises.float_formats[0])
    rows = {"hidden": frames, "dmemory": frames, **dict(zip(form.filters, taps, strict=True))}
    if "bfilter" in rows:
        rows["bfilter"] += 1
    plain: dict[str, Any] = {name: make((rows[name], 1), wide) for name in form.matrices}
    plain |= {name: np.zeros(frames, dtype) for name in form.positions}
    return Case(form, plain | dict(zip(form.strides, strides, strict=True)))


def _drawn(pick: Any, form: Form, promises: Promises) -> Case:
    """Draw a case of any one sequence, for what shrinks it."""
    frames = pick(range(1, 1 + MOST_FRAMES[form.short]))
    case = _case(pick, form, promises, frames)
    return case.but(**{name: _positions(pick, case[name], name) for name in form.positions})


def _positions(pick: Any, zeros: Array, name: str) -> Array:
    rows = [pick(range(row + 1)) for row in range(len(zeros))]
    return np.array(rows[::-1] if name == "fposition" else rows, zeros.dtype)


SEQUENCES = Source("sequences", draw=_drawn)


def picks_of(case: Case, promises: Promises, number: int) -> Picks:
    """Return the picks of SEQUENCES that make the same case as a block that `number` chose the values of."""
    rng, picks = np.random.default_rng(number), list[int]()
    digits = [case[name][::-1] if name == "fposition" else case[name] for name in case.form.positions]
    places = iter([case.frames - 1, *[-1] * (2 * len(digits) + 2), *np.concatenate(digits).tolist()])

    def pick(options: Sequence[Any]) -> Any:
        place = next(places)
        place = int(rng.integers(len(options))) if place < 0 else place
        if len(options) > 1:
            picks.append(place * spread(len(options), len(picks)))
        return options[place]

    _drawn(pick, case.form, promises)
    return tuple(picks)
