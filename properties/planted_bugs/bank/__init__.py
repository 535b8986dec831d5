"""The bank of planted bugs, by idea."""

from __future__ import annotations

from planted_bugs.bank import (
    arguments,
    boundaries,
    caches,
    consistent,
    dtypes,
    indices,
    memory,
    messages,
    nonfinite,
    one_sided,
    positions,
    refusals,
    rounding,
    sizes,
    strides,
    taps,
    utterances,
)
from planted_bugs.bug import Bug

BANK: tuple[Bug, ...] = (
    *indices.BUGS,
    *taps.BUGS,
    *positions.BUGS,
    *utterances.BUGS,
    *strides.BUGS,
    *boundaries.BUGS,
    *caches.BUGS,
    *dtypes.BUGS,
    *rounding.BUGS,
    *nonfinite.BUGS,
    *memory.BUGS,
    *sizes.BUGS,
    *refusals.BUGS,
    *messages.BUGS,
    *arguments.BUGS,
    *one_sided.BUGS,
    *consistent.BUGS,
)
