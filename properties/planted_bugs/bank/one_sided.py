"""Terms that are missing, doubled or wrong in one of forward and backward."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

BUGS = (
    Bug(
        "identity_gradient_missing",
        "The gradient of the identity term is missing from dhidden, which errs by exactly -dmemory.",
        rows,
        (Change('dmemory.copy(order="C")', 'np.zeros_like(dmemory, order="C")', UNI.backward),),
        row=1,
    ),
    Bug(
        "identity_missing_from_the_bidirectional_memory",
        "The bidirectional forward function takes the own tap for the identity term.",
        gathered,
        (Change("np.array(hidden, order", "np.zeros_like(hidden, order", BI.forward),),
    ),
    Bug(
        "identity_twice",
        "The identity term is added before the taps and after them.",
        rows,
        (Change("return memory", "return memory + hidden", UNI.forward),),
    ),
    Bug(
        "own_tap_missing_from_dhidden",
        "The gradient that the current frame's own tap passes on is missing from dhidden.",
        gathered,
        (Change("    dhidden += bfilter[0] * dmemory\n", "", BI.backward),),
    ),
    Bug(
        "backward_never_written",
        "The backward function is left to be done: all gradients are zero.",
        rows,
        (Change("return dhidden, dfilter", "return np.zeros_like(dhidden), np.zeros_like(dfilter)", UNI.backward),),
        row=8,
    ),
    Bug(
        "look_ahead_filter_frozen",
        "dffilter stays zero, so the look-ahead filter is used and never learned.",
        rows,
        (Change("dffilter[j - 1] += hidden[r + j * fstride] * dmemory[r]", "pass", BI.backward),),
    ),
    Bug(
        "dhidden_from_hidden",
        "The look-ahead part of dhidden multiplies the taps by hidden instead of dmemory.",
        gathered,
        (Change("ffilter[j] * dmemory[rows]", "ffilter[j] * hidden[rows]", BI.backward),),
    ),
    Bug(
        "look_ahead_gradient_subtracted",
        "The look-ahead part of dhidden has the wrong sign.",
        rows,
        (Change("dhidden[r + j * fstride] +=", "dhidden[r + j * fstride] -=", BI.backward),),
    ),
    Bug(
        "gradient_gated_by_hidden",
        "dhidden is zero where hidden is not positive, as if a rectifier belonged to the memory.",
        rows,
        (Change("return dhidden,", "return np.where(hidden > 0, dhidden, dhidden.dtype.type(0)),", BI.backward),),
    ),
    Bug(
        "memory_rectified",
        "Negative elements of the memory become zero, as if a rectifier belonged to it.",
        rows,
        (Change("return memory", "return np.maximum(memory, 0)", UNI.forward),),
    ),
    Bug(
        "dfilter_averaged",
        "dfilter is the mean over the rows instead of the sum.",
        gathered,
        (Change("np.sum(", "np.mean(", UNI.backward),),
    ),
    Bug(
        "last_row_left_out_of_dbfilter",
        "The last row that uses a look-back tap is left out of its gradient.",
        gathered,
        (
            Change(
                "np.sum(hidden[rows - lag] * dmemory[rows], axis=0)",
                "np.sum(hidden[rows[:-1] - lag] * dmemory[rows[:-1]], axis=0)",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "colliding_updates_lost",
        "All taps are scattered to dhidden at once, and of several updates to a frame only the last one counts.",
        gathered,
        (
            Change(
                "for i, rows, lag in _uses(",
                "frames, updates = [np.empty(0, np.intp)], [dmemory[:0]]\nfor i, rows, lag in _uses(",
                UNI.backward,
            ),
            Change(
                "dhidden[rows - lag] += filter[i] * dmemory[rows]",
                "frames.append(rows - lag)\nupdates.append(filter[i] * dmemory[rows])",
                UNI.backward,
            ),
            Change(
                "return dhidden",
                "dhidden[np.concatenate(frames)] += np.concatenate(updates)\nreturn dhidden",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "weight_decay_in_the_gradient",
        "dbfilter holds the weight decay as well, a ten thousandth of bfilter.",
        rows,
        (Change("return dhidden, dbfilter,", "return dhidden, dbfilter + 1e-4 * bfilter,", BI.backward),),
    ),
)
