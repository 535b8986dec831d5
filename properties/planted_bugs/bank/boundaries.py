"""Edges of blocks, tails of unrolled loops, and limits of what one launch covers."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, gathered, rows

BUGS = (
    Bug(
        "tail_of_the_unrolled_loop_lost",
        "The taps that all rows of a block use and that are no whole group of four are left out.",
        blocked,
        (Change("for i in range(unrolled, len(taps)):", "for i in range(block.common, len(taps)):", "_add_taps"),),
    ),
    Bug(
        "fourth_unrolled_tap_is_the_third",
        "In the unrolled loop the fourth frame is multiplied by the third tap, as copied.",
        blocked,
        (Change("taps[i + 3] * frames[d]", "taps[i + 2] * frames[d]", "_add_taps"),),
    ),
    Bug(
        "scratch_not_cleared",
        "Partial sums are added to what the scratch array still holds from the four taps before.",
        blocked,
        (
            Change("np.multiply(taps[i], frames[a], out=partial)", "partial += taps[i] * frames[a]"),
            Change("np.empty(*key)", "np.zeros(*key)"),
        ),
    ),
    Bug(
        "first_row_speaks_for_its_block",
        "A block takes the number of taps that its first row uses for that of all, so utterances in it are joined.",
        blocked,
        (Change("int(self.counts.min())", "int(self.counts[0])"),),
    ),
    Bug(
        "last_block_of_one_row_dropped",
        "A last block of a single row is left out: the loop over blocks ends one too early.",
        blocked,
        (Change("range(0, len(counts), BLOCK)", "range(0, len(counts) - 1, BLOCK)"),),
    ),
    Bug(
        "full_last_block_dropped",
        "The last block is taken for an empty one if the number of frames is a multiple of the block.",
        blocked,
        (Change("for block in plan:", "for block in plan[: len(plan) - (len(sums) % BLOCK == 0)]:", "_add_taps"),),
    ),
    Bug(
        "blocks_rounded_down",
        "The backward function launches T // 64 blocks, so the rows of a last, shorter one get nothing.",
        blocked,
        (Change("for block in plan:", "for block in plan[: len(sums) // BLOCK or 1]:", "_add_to_frames"),),
    ),
    Bug(
        "look_back_stops_at_the_block",
        "No row reads frames of an earlier block.",
        blocked,
        (
            Change(
                "_plans[key] = [",
                "counts = np.minimum(counts, np.arange(len(counts)) % BLOCK // min(stride, BLOCK))\n_plans[key] = [",
            ),
        ),
    ),
    Bug(
        "look_ahead_stops_at_the_chunk",
        "Frames come in chunks of 64, and the last frames of a chunk do not look ahead into the next one.",
        rows,
        (Change("j * fstride <= fposition[r]", "j * fstride <= min(fposition[r], 63 - r % 64)", BI.forward),),
        row=19,
    ),
    Bug(
        "gradient_stays_in_a_mixed_block",
        "Where the rows of a block use different numbers of taps, the gradient of frames before the block is lost.",
        blocked,
        (
            Change(
                "some = block.using(i)",
                "some = block.using(i)\nsome = some[some - (i + 1) * stride >= block.first]",
                "_add_to_frames",
            ),
        ),
    ),
    Bug(
        "tap_gradient_of_the_last_block_only",
        "The gradient of a tap that all rows of a block use replaces that of the blocks before it.",
        blocked,
        (
            Change(
                'taps[i] += np.einsum("td,td->d", frames[_earlier', 'taps[i] = np.einsum("td,td->d", frames[_earlier'
            ),
        ),
    ),
    Bug(
        "ring_of_64_frames",
        "History is kept in a ring of 64 frames, so a tap further away reads a later frame that has replaced its own.",
        rows,
        (Change("hidden[r - (i + 1) * stride]", "hidden[r - 1 - ((i + 1) * stride - 1) % 64]", UNI.forward),),
    ),
    Bug(
        "frames_beyond_1024_untapped",
        "One launch covers 1024 frames, and there is only one.",
        rows,
        (Change("for r in range(T):", "for r in range(min(T, 1024)):", BI.forward),),
    ),
    Bug(
        "channels_beyond_256_untapped",
        "A thread block has 256 threads, one for each channel, and further channels keep their identity term only.",
        gathered,
        (
            Change("memory[rows] += filter[i] *", "memory[rows, :256] += filter[i, :256] *", UNI.forward),
            Change("hidden[rows - lag]", "hidden[rows - lag, :256]", UNI.forward),
        ),
    ),
    Bug(
        "channels_beyond_1024_get_no_gradient",
        "A block has at most 1024 threads, one for each channel, and further channels get no gradient from look-back.",
        gathered,
        (
            Change(
                "dhidden[rows - lag] += bfilter[i + 1] * dmemory[rows]",
                "dhidden[rows - lag, :1024] += bfilter[i + 1, :1024] * dmemory[rows, :1024]",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "channels_beyond_the_last_whole_vector",
        "From 9 channels on they are computed 8 at a time, and those beyond the last 8 get no gradient from look-back.",
        gathered,
        (
            Change(
                "dhidden[rows - lag] += bfilter[i + 1] * dmemory[rows]",
                "whole = hidden.shape[1] // 8 * 8 or hidden.shape[1]\n"
                "dhidden[rows - lag, :whole] += bfilter[i + 1, :whole] * dmemory[rows, :whole]",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "odd_rows_lost_in_a_tree_sum",
        "The rows of dfilter are added as a binary tree, and where their number is odd the last one is lost.",
        gathered,
        (
            Change(
                "dfilter[i] = np.sum(hidden[rows - lag] * dmemory[rows], axis=0)",
                "products = hidden[rows - lag] * dmemory[rows]\n"
                "while len(products) > 1:\n"
                "    half = len(products) // 2\n"
                "    products = products[:half] + products[half : 2 * half]\n"
                "dfilter[i] = products[0]",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "longer_tails_of_channels_lost",
        "From 9 channels on they are computed 8 at a time, and a tail of more than 3 gets no gradient from look-back.",
        gathered,
        (
            Change(
                "dhidden[rows - lag] += bfilter[i + 1] * dmemory[rows]",
                "D = hidden.shape[1]\n"
                "whole = D // 8 * 8 if D > 8 and D % 8 > 3 else D\n"
                "dhidden[rows - lag, :whole] += bfilter[i + 1, :whole] * dmemory[rows, :whole]",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "last_lane_of_a_single_warp_idle",
        "Channels are computed 32 at a time, and where there are just 32 the last one gets no gradient from look-back.",
        gathered,
        (
            Change(
                "dhidden[rows - lag] += filter[i] * dmemory[rows]",
                "whole = 31 if hidden.shape[1] == 32 else hidden.shape[1]\n"
                "dhidden[rows - lag, :whole] += filter[i, :whole] * dmemory[rows, :whole]",
                UNI.backward,
            ),
        ),
    ),
)
