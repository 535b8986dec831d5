"""Positions misread: too far, not far enough, or of another frame."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, gathered, rows

BUGS = (
    Bug(
        "position_is_exclusive",
        "A frame exactly `position` frames back is not read: < where <= belongs.",
        rows,
        (Change("(i + 1) * stride <= position[r]", "(i + 1) * stride < position[r]", UNI.forward),),
    ),
    Bug(
        "look_ahead_position_is_exclusive_in_backward",
        "The last frame that may be looked ahead at gets no gradient: < where <= belongs.",
        rows,
        (Change("j * fstride <= fposition[r]", "j * fstride < fposition[r]", BI.backward),),
    ),
    Bug(
        "position_counts_taps",
        "The position is compared with a tap's number instead of its distance, so strides reach other utterances.",
        rows,
        (Change("(i + 1) * stride <= position[r]", "i + 1 <= position[r] and (i + 1) * stride <= r", times=2),),
    ),
    Bug(
        "strides_rounded_up",
        "A position that is no multiple of the stride is rounded up to one.",
        blocked,
        (
            Change(
                "counts = np.minimum(position // min(stride, len(position) + 1), taps)",
                "within = min(stride, len(position) + 1)\n"
                "counts = np.minimum(-(-position // within), np.arange(len(position)) // within)\n"
                "counts = np.minimum(counts, taps)",
            ),
        ),
    ),
    Bug(
        "positions_saturate_at_127",
        "Positions are narrowed to int8 with saturation, so nothing reads further than 127 frames.",
        gathered,
        (Change("rows = np.flatnonzero(lag <= position)", "rows = np.flatnonzero(lag <= np.minimum(position, 127))"),),
    ),
    Bug(
        "look_ahead_positions_saturate_at_32767",
        "Look-ahead positions are narrowed to int16 with saturation.",
        gathered,
        (Change("_uses(fposition, ", "_uses(np.minimum(fposition, 32767), ", BI.forward),),
    ),
    Bug(
        "positions_wrap_at_256",
        "The backward function keeps positions in bytes, so position 256 reads nothing.",
        gathered,
        (Change("_uses(position, ", "_uses(position % 256, ", UNI.backward),),
    ),
    Bug(
        "bytes_read_as_signed",
        "Look-back positions that come as unsigned bytes are read as signed ones, so those from 128 on are negative.",
        gathered,
        (
            Change(
                "bposition = _positions(",
                "signed = np.int8 if np.asarray(bposition).dtype == np.uint8 else np.intp\nbposition = _positions(",
                BI.forward,
            ),
            Change("_uses(bposition, ", "_uses(bposition.astype(signed), ", BI.forward),
        ),
    ),
    Bug(
        "unsigned_positions_wrap",
        "position - lag is computed in the unsigned type that the positions come in, so it is never below zero.",
        rows,
        (
            Change(
                "position = look_back_positions",
                "unsigned = np.asarray(position).dtype.kind == 'u'\nposition = look_back_positions",
                UNI.forward,
            ),
            Change("if (i + 1)", "if unsigned or (i + 1)", UNI.forward),
        ),
    ),
)
