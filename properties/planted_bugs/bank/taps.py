"""Taps in the wrong order, forgotten, folded or shared."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, gathered, rows

BUGS = (
    Bug(
        "look_back_filter_flipped_alone",
        "The look-back taps are stored oldest first, the look-ahead taps newest first.",
        blocked,
        (
            Change("back, ahead = bfilter[1:], ffilter", "back, ahead = bfilter[:0:-1], ffilter", times=2),
            Change("dbfilter[1:])", "dbfilter[:0:-1])", BI.backward),
        ),
        row=2,
    ),
    Bug(
        "look_ahead_taps_reversed_in_forward",
        "The forward function reads the look-ahead taps last row first.",
        gathered,
        (Change("ffilter[j]", "ffilter[len(ffilter) - 1 - j]", BI.forward),),
        row=2,
    ),
    Bug(
        "dfilter_oldest_first",
        "The filter's gradient is returned with its rows in reverse.",
        gathered,
        (Change("dfilter[i] =", "dfilter[-1 - i] =", UNI.backward),),
    ),
    Bug(
        "look_ahead_filter_never_used",
        "The look-ahead filter is accepted and never used, in forward and backward.",
        rows,
        (Change("for j in range(1, N2 + 1):", "for j in range(0):", times=2),),
        row=14,
    ),
    Bug(
        "own_tap_forgotten",
        "The current frame's own tap is left out of the memory.",
        gathered,
        (Change("    memory += bfilter[0] * hidden\n", "", BI.forward),),
    ),
    Bug(
        "own_tap_gradient_forgotten",
        "Row 0 of dbfilter stays zero.",
        gathered,
        (Change("    dbfilter[0] = np.sum(hidden * dmemory, axis=0)\n", "", BI.backward),),
    ),
    Bug(
        "last_look_back_tap_dropped_in_forward",
        "A filter of order N is taken for N-1 taps and the frame itself.",
        rows,
        (Change("for i in range(N):", "for i in range(N - 1):", UNI.forward),),
        row=3,
    ),
    Bug(
        "first_tap_for_all_channels",
        "The taps of channel 0 are used for all channels.",
        gathered,
        (Change("filter[i] *", "filter[i, :1] *", UNI.forward),),
    ),
    Bug(
        "taps_averaged_over_channels_in_backward",
        "The gradient of hidden uses the mean of each look-ahead tap over the channels.",
        gathered,
        (Change("ffilter[j] *", "ffilter[j].sum() / max(1, ffilter.shape[1]) *", BI.backward),),
    ),
    Bug(
        "look_ahead_reads_the_look_back_filter",
        "If both filters have as many taps, those of the look-back are used on both sides.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if N1 == N2:\n    ffilter = bfilter[1:]\nmemory = hidden.copy",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "pruned_taps_get_no_gradient",
        "A tap of zeros is taken for pruned and gets no gradient, so it can never be learned.",
        rows,
        (Change("if (i + 1) * stride <=", "if filter[i].any() and (i + 1) * stride <=", UNI.backward),),
    ),
    Bug(
        "small_taps_pruned",
        "Look-back taps below 1e-6 are taken for zero.",
        blocked,
        (Change("bfilter[1:], ffilter", "np.where(abs(bfilter[1:]) < 1e-6, 0, bfilter[1:]), ffilter", BI.forward),),
    ),
    Bug(
        "only_32_taps_fit",
        "Taps beyond the 32 that fit in constant memory are ignored.",
        rows,
        (Change("T, N = len(hidden), len(filter)", "T, N = len(hidden), min(32, len(filter))", times=2),),
    ),
    Bug(
        "only_128_look_back_taps_in_backward",
        "The backward loop over look-back taps stops at the 128th.",
        rows,
        (Change("for i in range(N1 + 1):", "for i in range(min(128, N1) + 1):", BI.backward),),
    ),
    Bug(
        "taps_padded_to_a_multiple_of_four",
        "The filter is padded with zero taps to a multiple of four, and they multiply frames that may be infinite.",
        rows,
        (
            Change(
                "T, N = len(hidden), len(filter)",
                "filter = np.concatenate([filter, np.zeros_like(filter)[: -len(filter) % 4]])\n"
                "T, N = len(hidden), len(filter)",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "taps_numbered_in_a_byte",
        "The number of a tap is kept in a byte, so the 257th is the first again.",
        gathered,
        (Change("memory[rows] += filter[i] *", "memory[rows] += filter[i % 256] *", UNI.forward),),
    ),
    Bug(
        "numbers_of_a_filter_counted_in_uint16",
        "The place of a number in the look-ahead filter is kept in uint16, so the 65537th is the first again.",
        gathered,
        (
            Change(
                "memory[rows] += ffilter[j] *",
                "D = ffilter.shape[1]\n"
                "memory[rows] += ffilter.ravel()[np.arange(j * D, j * D + D).astype(np.uint16)] *",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "full_last_group_of_taps_lost",
        "Taps come in groups of 16, and the last group is taken for an empty one if it is full.",
        rows,
        (Change("for i in range(N):", "for i in range(N if N % 16 else max(0, N - 16)):", UNI.forward),),
    ),
)
