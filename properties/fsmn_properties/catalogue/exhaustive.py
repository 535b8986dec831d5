"""Small scope, exhaustively: every valid position sequence up to a few frames. No randomness.

Frames and taps are powers of two, 2**s and 2**(7*i), so every product has a bit of its own: the bits of a result say
which tap met which frame, and nothing can cancel.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from fsmn_properties.cases import values
from fsmn_properties.cases.case import Case
from fsmn_properties.cases.oracle import results_of
from fsmn_properties.catalogue.statement import Source, statement
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_ref.arguments import Array


def look_backs(frames: int) -> Iterator[list[int]]:
    """Yield every valid look-back sequence of a number of frames: there are factorial(frames)."""
    return (list(sequence) for sequence in product(*(range(r + 1) for r in range(frames))))


UNI_FRAMES, UNI_TAPS, UNI_STRIDES = 6, 7, (1, 2)
BI_FRAMES, BI_TAPS, BI_STRIDES = 4, ((1, 1), (2, 1), (1, 2), (0, 3), (3, 0), (4, 4)), ((1, 1), (1, 2), (2, 1))


def _bits(rows: int, first: int, step: int, promises: Promises) -> Array:
    """Return powers of two; where no promised format holds all their sums, whole numbers that say nearly as much."""
    if "float64" in promises.formats:
        return np.ldexp(1.0, first + step * np.arange(rows)).reshape(rows, 1)
    dtype = np.dtype(promises.float_formats[0])
    return values.maker("whole", 1 + first, 8)((rows, 1), dtype)


def with_results(form: Form, plain: dict[str, Any], sequences: dict[str, Array], first: bool) -> Iterator[Case]:
    """Yield a case for each column of the position sequences, with its exact results.

    They are computed at once, each sequence in a channel of its own.
    """
    many = next(iter(sequences.values())).shape[1]
    wide = {name: np.repeat(plain[name], many, axis=1) for name in form.matrices}
    found = results_of(form, {**plain, **wide, **sequences}, plain["hidden"].dtype)
    columns = {name: np.ascontiguousarray(value.T)[..., None] for name, value in found.items()}
    positions = {name: np.ascontiguousarray(value.T) for name, value in sequences.items()}
    for number in range(many):
        mine = {name: value[number] for name, value in positions.items()}
        case = Case(form, {**plain, **mine}, sequences=int(first))
        case.__dict__["want"] = {name: value[number] for name, value in columns.items()}
        yield case


def _every_look_back(form: Form, promises: Promises) -> Iterator[Case]:
    for frames in range(UNI_FRAMES + 1):
        hidden, dmemory = _bits(frames, 0, 1, promises), _bits(frames, 0, 6, promises)
        position = np.array(list(look_backs(frames)), promises.position_types[0]).T
        for taps, stride in product(range(UNI_TAPS + 1), UNI_STRIDES):
            plain = {"hidden": hidden, "filter": _bits(taps, 7, 6, promises), "stride": stride, "dmemory": dmemory}
            yield from with_results(form, plain, {"position": position}, taps == 0 and stride == 1)


def _every_pair(form: Form, promises: Promises) -> Iterator[Case]:
    for frames in range(BI_FRAMES + 1):
        hidden, dmemory = _bits(frames, 0, 1, promises), _bits(frames, 0, 4, promises)
        pairs = list(product(look_backs(frames), repeat=2))
        bposition = np.array([back for back, _ in pairs], promises.position_types[0]).T
        fposition = np.array([ahead[::-1] for _, ahead in pairs], promises.position_types[0]).T
        for number, ((back, ahead), (bstride, fstride)) in enumerate(product(BI_TAPS, BI_STRIDES)):
            filters = {"bfilter": _bits(back + 1, 4, 4, promises), "ffilter": _bits(ahead, 24, 4, promises)}
            plain = {"hidden": hidden, **filters, "bstride": bstride, "fstride": fstride, "dmemory": dmemory}
            yield from with_results(form, plain, {"bposition": bposition, "fposition": fposition}, number == 0)


LOOK_BACKS = Source(
    "every look-back sequence",
    listed=_every_look_back,
    note=f"all look-back sequences up to T = {UNI_FRAMES}, N up to {UNI_TAPS}",
)
PAIRS = Source(
    "every pair of sequences",
    listed=_every_pair,
    note=f"all pairs of look-back and look-ahead sequences up to T = {BI_FRAMES}",
)


@statement(LOOK_BACKS, "F1, F4", forms=(UNI,))
def every_look_back_sequence(trial: Trial, case: Case) -> None:
    """Memory and gradients are right for every valid look-back sequence of a few frames."""
    agree(case, trial.results(case))


@statement(PAIRS, "F2, F4", forms=(BI,))
def every_pair_of_sequences(trial: Trial, case: Case) -> None:
    """Memory and gradients are right for every pair of look-back and look-ahead sequences."""
    agree(case, trial.results(case))
