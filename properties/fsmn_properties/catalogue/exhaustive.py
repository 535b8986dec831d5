"""Small scope, exhaustively: every valid position sequence up to a few frames. No randomness.

Frames and taps are powers of two, 2**s and 2**(7*i), so every product has a bit of its own: the bits of a result say
which tap met which frame, and nothing can cancel.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.forms import BI, UNI
from fsmn_properties.oracles.exact import all_equal
from fsmn_properties.property import Covered, Property

UNI_FRAMES, UNI_TAPS, UNI_STRIDES = 6, 7, (1, 2)
BI_FRAMES, BI_TAPS, BI_STRIDES = 4, ((1, 1), (2, 1), (1, 2), (0, 3), (3, 0), (4, 4)), ((1, 1), (1, 2), (2, 1))


def look_backs(frames: int) -> Iterator[list[int]]:
    """Yield every valid look-back sequence of a number of frames: there are factorial(frames)."""
    return (list(sequence) for sequence in product(*(range(r + 1) for r in range(frames))))


def _bits(rows: int, first: int, step: int) -> Any:
    return np.ldexp(1.0, first + step * np.arange(rows)).reshape(rows, 1)


def _compare(implementation: Any, case: Case) -> None:
    want = case.results(fsmn_ref)
    all_equal(case, case.results(implementation), want)


def _every_look_back(implementation: Any) -> Iterator[Covered]:
    for frames in range(UNI_FRAMES + 1):
        hidden, dmemory = _bits(frames, 0, 1), _bits(frames, 0, 6)
        for position in look_backs(frames):
            for taps, stride in product(range(UNI_TAPS + 1), UNI_STRIDES):
                floats = {"hidden": hidden, "filter": _bits(taps, 7, 6)}
                _compare(implementation, Case(UNI, floats, {"position": position}, {"stride": stride}, dmemory))
            yield Covered(cases=(UNI_TAPS + 1) * len(UNI_STRIDES), sequences=1)


def _every_pair(implementation: Any) -> Iterator[Covered]:
    for frames in range(BI_FRAMES + 1):
        hidden, dmemory = _bits(frames, 0, 1), _bits(frames, 0, 4)
        for bposition, reversed_fposition in product(look_backs(frames), repeat=2):
            positions = {"bposition": bposition, "fposition": reversed_fposition[::-1]}
            for (back, ahead), (bstride, fstride) in product(BI_TAPS, BI_STRIDES):
                floats = {"hidden": hidden, "bfilter": _bits(back + 1, 4, 4), "ffilter": _bits(ahead, 24, 4)}
                strides = {"bstride": bstride, "fstride": fstride}
                _compare(implementation, Case(BI, floats, positions, strides, dmemory))
            yield Covered(cases=len(BI_TAPS) * len(BI_STRIDES), sequences=1)


PROPERTIES = (
    Property(
        "uni_every_look_back_sequence",
        "Memory and gradients equal the reference's for every valid look-back sequence of a few frames.",
        _every_look_back,
        None,
        note=f"all look-back sequences up to T = {UNI_FRAMES}, N up to {UNI_TAPS}",
    ),
    Property(
        "bi_every_pair_of_sequences",
        "Memory and gradients equal the reference's for every pair of look-back and look-ahead sequences.",
        _every_pair,
        None,
        note=f"all pairs of look-back and look-ahead sequences up to T = {BI_FRAMES}",
    ),
)
