"""Positions that should be refused and are not."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

CHECKED = "array.astype(np.uint64) > allowed.astype(np.uint64)"

BUGS = (
    Bug(
        "positions_checked_in_the_first_block",
        "Only the first 128 positions are checked, as many as one block of threads sees.",
        gathered,
        (
            Change(
                "np.flatnonzero(array.astype(np.uint64) > allowed.astype(np.uint64))",
                "np.flatnonzero(array[:128].astype(np.uint64) > allowed[:128].astype(np.uint64))",
            ),
        ),
    ),
    Bug(
        "positions_wrap_to_the_end",
        "Look-back positions are not checked, and frames before the first one are those at the end of the array.",
        gathered,
        (Change("if len(bad) > 0:", "if len(bad) > 0 and name == 'fposition':"),),
        row=4,
    ),
    Bug(
        "positions_read_out_of_bounds",
        "Look-ahead positions are not checked, and what lies behind the last frame is read: here, the filter.",
        gathered,
        (
            Change("if len(bad) > 0:", "if len(bad) > 0 and name != 'fposition':"),
            Change(
                "hidden[rows + lag]",
                "np.concatenate([hidden, np.resize(ffilter, hidden.shape)])[rows + lag]",
                BI.forward,
            ),
        ),
        row=5,
    ),
    Bug(
        "positions_clamped",
        "Positions out of range are clamped instead of refused.",
        gathered,
        (
            Change(
                "array = np.asarray(value)",
                "array = np.asarray(value)\n"
                "if array.dtype.kind in 'iu' and array.shape == allowed.shape:\n"
                "    array = np.where(array > allowed, allowed, np.maximum(array, 0)).astype(np.intp)",
                "_positions",
            ),
        ),
    ),
    Bug(
        "negative_positions_accepted",
        "Only positions that reach too far are refused, and negative ones read nothing.",
        gathered,
        (Change(CHECKED, "array > allowed"),),
    ),
    Bug(
        "unsigned_positions_checked_as_signed",
        "Positions are converted to int64 before they are checked, so the largest unsigned ones are negative.",
        gathered,
        (Change(CHECKED, "(array.astype(np.int64) > allowed) | (array < 0)"),),
    ),
    Bug(
        "last_position_not_checked",
        "The loop that checks positions ends one too early.",
        gathered,
        (Change("if len(bad) > 0:", "if len(bad) > 0 and bad[0] < len(array) - 1:"),),
    ),
    Bug(
        "look_ahead_checked_like_look_back",
        "Look-ahead positions are checked against the number of earlier frames instead of later ones.",
        gathered,
        (Change("np.arange(len(hidden))[::-1]", "np.arange(len(hidden))", times=2),),
    ),
    Bug(
        "checked_in_forward_only",
        "The backward function relies on the forward function to have checked the positions.",
        rows,
        (
            Change(
                'look_back_positions("position", position, len(hidden))',
                "np.asarray(position).astype(np.intp)",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "float_positions_accepted",
        "Positions may be floats, and NaN goes through fmin, which allows every frame.",
        gathered,
        (
            Change(
                "if array.size == 0",
                "if array.dtype.kind == 'f' and array.shape == allowed.shape:\n"
                "    array = np.fmin(array, allowed).astype(np.intp)\n"
                "if array.size == 0",
                "_positions",
            ),
        ),
        row=6,
    ),
    Bug(
        "bool_positions_accepted",
        "Bools count as positions 0 and 1.",
        gathered,
        (Change('not in "iu"', 'not in "iub"', "_positions"),),
    ),
    Bug(
        "longer_positions_cut",
        "Positions beyond the last frame's are ignored.",
        gathered,
        (
            Change("if len(array) != len(allowed):", "if len(array) < len(allowed):"),
            Change("    # Negative numbers", "    array = array[: len(allowed)]\n    # Negative numbers"),
        ),
    ),
    Bug(
        "positions_flattened",
        "Positions of any number of dimensions are flattened.",
        gathered,
        (Change("array = np.asarray(value)", "array = np.ravel(value)", "_positions"),),
    ),
)
