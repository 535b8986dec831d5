"""The bank of planted bugs, by idea."""

from __future__ import annotations

from planted_bugs.bank import (
    arguments,
    boundaries,
    caches,
    conjunctions_calls,
    conjunctions_dtypes,
    conjunctions_kept,
    conjunctions_layouts,
    conjunctions_nonfinite,
    conjunctions_reach,
    conjunctions_refusals,
    conjunctions_sizes,
    conjunctions_taps,
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
    streams,
    strides,
    taps,
    utterances,
)
from planted_bugs.bug import Bug
from planted_bugs.wrapped import WrappedBug

BANK: tuple[Bug | WrappedBug, ...] = (
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
    *conjunctions_sizes.BUGS,
    *conjunctions_reach.BUGS,
    *conjunctions_taps.BUGS,
    *conjunctions_kept.BUGS,
    *conjunctions_layouts.BUGS,
    *conjunctions_dtypes.BUGS,
    *conjunctions_nonfinite.BUGS,
    *conjunctions_calls.BUGS,
    *conjunctions_refusals.BUGS,
    *streams.BUGS,
)


def called(name: str) -> Bug | WrappedBug:
    """Return the bug of a name."""
    return next(bug for bug in BANK if bug.name == name)
