"""Positions refused in the wrong words, or refused though they are valid."""

from __future__ import annotations

from fsmn_properties.contract.forms import UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

CHECKED = "array.astype(np.uint64) > allowed.astype(np.uint64)"

BUGS = (
    Bug(
        "last_bad_position_reported",
        "The error names the last bad index instead of the first.",
        gathered,
        (Change("r = bad[0]", "r = bad[-1]"),),
    ),
    Bug(
        "wrapped_value_reported",
        "The error gives the bad value as it is after conversion to int32.",
        gathered,
        (Change("not {array[r]}", "not {array.astype(np.int32)[r]}"),),
    ),
    Bug(
        "wrong_argument_named",
        "The error says position whichever of the two position arguments is bad.",
        gathered,
        (Change('f"{name}[{r}] should', 'f"position[{r}] should'),),
    ),
    Bug(
        "index_error_for_a_position",
        "A position out of range raises an IndexError.",
        gathered,
        (Change('raise ValueError(f"{name}[{r}]', 'raise IndexError(f"{name}[{r}]'),),
    ),
    Bug(
        "unsigned_positions_refused",
        "Unsigned positions are refused, as where there are no such tensors.",
        gathered,
        (Change('not in "iu"', 'not in "i"', "_positions"),),
    ),
    Bug(
        "empty_list_of_positions_refused",
        "An empty list of positions is refused, since NumPy makes it an array of floats.",
        gathered,
        (
            Change(
                "if array.size == 0 and isinstance(value, list | tuple):",
                "if array.size == 0 and array.dtype.kind in 'iu':",
            ),
        ),
    ),
    Bug(
        "positions_beyond_the_taps_refused",
        "A position that is larger than the filter's span is refused.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if (position > N * stride).any():\n"
                "    raise ValueError('position exceeds the order of the filter')\n"
                "memory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
)
