"""Forward and backward wrong together: what no gradient check can see."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

BUGS = (
    Bug(
        "taps_oldest_first",
        "Forward and backward read the taps oldest first, so every gradient check passes.",
        rows,
        (
            Change("filter[i]", "filter[N - 1 - i]", UNI.forward),
            Change("filter[i]", "filter[N - 1 - i]", UNI.backward, times=2),
        ),
        row=25,
    ),
    Bug(
        "first_tap_reads_the_frame_itself",
        "Forward and backward take row 0 of the filter for the current frame.",
        rows,
        (Change("(i + 1) * stride", "i * stride", times=5),),
        row=3,
    ),
    Bug(
        "last_tap_never_used",
        "Forward and backward leave out the last tap.",
        rows,
        (Change("for i in range(N):", "for i in range(N - 1):", times=2),),
    ),
    Bug(
        "positions_below_the_number_of_taps",
        "Forward and backward take min(position, N - 1) for min(position, N).",
        rows,
        (Change("<= position[r]", "<= min(position[r], N - 1)", times=2),),
    ),
    Bug(
        "look_ahead_position_is_exclusive",
        "Forward and backward do not read the last frame that may be looked ahead at.",
        rows,
        (Change("j * fstride <= fposition[r]", "j * fstride < fposition[r]", times=2),),
    ),
    Bug(
        "bidirectional_identity_missing",
        "The identity term is missing from the bidirectional form, in forward and backward.",
        rows,
        (
            Change('hidden.copy(order="C")', 'np.zeros_like(hidden, order="C")', BI.forward),
            Change('dmemory.copy(order="C")', 'np.zeros_like(dmemory, order="C")', BI.backward),
        ),
    ),
    Bug(
        "taps_divided_by_their_number",
        "Forward and backward divide every tap by the number of taps, as an average does.",
        rows,
        (
            Change("memory = hidden.copy", "filter = filter / max(1, N)\nmemory = hidden.copy", UNI.forward),
            Change("dhidden = dmemory.copy", "filter = filter / max(1, N)\ndhidden = dmemory.copy", UNI.backward),
            Change("return dhidden, dfilter", "return dhidden, dfilter / max(1, N)", UNI.backward),
        ),
    ),
    Bug(
        "channels_of_the_look_ahead_reversed",
        "Forward and backward read the channels of the look-ahead filter in reverse.",
        rows,
        (
            Change("ffilter[j - 1]", "ffilter[j - 1, ::-1]", BI.forward),
            Change("ffilter[j - 1]", "ffilter[j - 1, ::-1]", BI.backward, times=2),
        ),
    ),
    Bug(
        "time_runs_backwards",
        "Forward and backward take the rows of bfilter for later frames and those of ffilter for earlier ones.",
        gathered,
        (
            Change("_uses(bposition, bstride", "_uses(fposition, bstride", times=2),
            Change("_uses(fposition, fstride", "_uses(bposition, fstride", times=2),
            Change("bfilter[i + 1] * hidden[rows - lag]", "bfilter[i + 1] * hidden[rows + lag]", BI.forward),
            Change("ffilter[j] * hidden[rows + lag]", "ffilter[j] * hidden[rows - lag]", BI.forward),
            Change("dhidden[rows - lag] += bfilter", "dhidden[rows + lag] += bfilter", BI.backward),
            Change(
                "dbfilter[i + 1] = np.sum(hidden[rows - lag]",
                "dbfilter[i + 1] = np.sum(hidden[rows + lag]",
                BI.backward,
            ),
            Change("dhidden[rows + lag] += ffilter", "dhidden[rows - lag] += ffilter", BI.backward),
            Change("dffilter[j] = np.sum(hidden[rows + lag]", "dffilter[j] = np.sum(hidden[rows - lag]", BI.backward),
        ),
    ),
)
