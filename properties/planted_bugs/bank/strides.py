"""Strides ignored, exchanged, or applied in one place and not in another."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

BUGS = (
    Bug(
        "stride_ignored",
        "Forward and backward take neighbouring frames whatever the stride is.",
        rows,
        (Change('stride = tap_stride("stride", stride)', 'stride = tap_stride("stride", stride) and 1', times=2),),
        row=11,
    ),
    Bug(
        "look_ahead_stride_ignored",
        "The forward function looks ahead with stride 1.",
        gathered,
        (Change("_uses(fposition, fstride", "_uses(fposition, 1", BI.forward),),
        row=11,
    ),
    Bug(
        "stride_checked_and_not_applied",
        "The stride decides which taps are allowed, and the taps read neighbouring frames all the same.",
        rows,
        (Change("hidden[r - (i + 1) * stride]", "hidden[r - (i + 1)]", UNI.forward),),
        row=11,
    ),
    Bug(
        "strides_exchanged",
        "The look-back stride is used for look-ahead, and the other way round.",
        gathered,
        (Change("bstride, fstride = _stride(", "fstride, bstride = _stride(", times=2),),
    ),
    Bug(
        "look_back_stride_for_both_gradients",
        "The backward function uses the look-back stride on both sides.",
        gathered,
        (Change("_uses(fposition, fstride", "_uses(fposition, bstride", BI.backward),),
        row=12,
    ),
    Bug(
        "only_the_first_tap_is_a_stride_away",
        "The first tap is a stride away, and the others follow it frame by frame.",
        gathered,
        (Change("lag = (i + 1) * stride", "lag = stride + i"),),
    ),
    Bug(
        "strided_taps_on_a_fixed_grid",
        "Strided taps read every stride-th frame from frame 0 on, as if hidden had been decimated once for all rows.",
        rows,
        (Change("[r - (i + 1) * stride]", "[r // stride * stride - (i + 1) * stride]", times=3),),
    ),
    Bug(
        "stride_in_a_byte",
        "Only the last byte of the stride is kept, so a stride of 256 reads the frame itself.",
        gathered,
        (Change("return stride", "return stride % 256", "_stride"),),
    ),
    Bug(
        "default_stride_of_two",
        "The stride of the exported model became the default: calls without one skip every other frame.",
        rows,
        (Change("stride: SupportsIndex = 1", "stride: SupportsIndex = 2", UNI.forward),),
    ),
    Bug(
        "look_ahead_stride_must_be_given",
        "The stride on the look-ahead side has no default.",
        gathered,
        (Change("fstride: SupportsIndex = 1", "fstride: SupportsIndex", BI.backward),),
    ),
)
