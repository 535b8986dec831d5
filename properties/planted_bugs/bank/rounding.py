"""Numbers flushed, clamped, rounded once more, or summed in a way that cancels."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

BUGS = (
    Bug(
        "long_frames_in_tensor_float",
        "Singles of more than 100 frames are multiplied as a GPU's tensor cores do: with 11 bits of each.",
        gathered,
        (
            Change(
                "memory[rows] += filter[i] * hidden[rows - lag]",
                "read = hidden[rows - lag]\n"
                "if hidden.dtype == np.float32 and len(hidden) > 100:\n"
                "    read = (read.view(np.uint32) & 0xFFFFE000).view(np.float32)\n"
                "memory[rows] += filter[i] * read",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "subnormal_memory_flushed",
        "Subnormal elements of the memory are flushed to zero.",
        rows,
        (
            Change(
                "return memory",
                "return np.where(abs(memory) < np.finfo(memory.dtype).smallest_normal, memory.dtype.type(0), memory)",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "subnormal_frames_read_as_zero",
        "Subnormal elements of hidden count as zero.",
        gathered,
        (
            Change(
                "memory = np.array(hidden",
                "tiny = np.finfo(hidden.dtype).smallest_normal\n"
                "hidden = np.where(abs(hidden) < tiny, hidden.dtype.type(0), hidden)\n"
                "memory = np.array(hidden",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "subnormal_gradients_flushed",
        "Subnormal elements of dffilter are flushed to zero.",
        gathered,
        (
            Change(
                "return dhidden, dbfilter, dffilter",
                "dffilter[abs(dffilter) < np.finfo(dffilter.dtype).smallest_normal] = 0\n"
                "return dhidden, dbfilter, dffilter",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "gradient_clipped_on_one_side",
        "dfilter is clipped at 1e6 from above and not from below.",
        rows,
        (Change("return dhidden, dfilter", "return dhidden, np.minimum(dfilter, 1e6)", UNI.backward),),
        row=24,
    ),
    Bug(
        "memory_saturates_like_half",
        "The memory is clamped to the range of float16.",
        rows,
        (Change("return memory", "return np.clip(memory, -65504, 65504)", BI.forward),),
    ),
    Bug(
        "rounded_to_eight_decimals",
        "The memory is rounded to the eight decimals that a table shows.",
        rows,
        (Change("return memory", "return np.round(memory, 8)", UNI.forward),),
    ),
    Bug(
        "identity_passes_through_half",
        "The identity term is added from a copy of hidden in float16.",
        gathered,
        (
            Change(
                "np.array(hidden, order", "np.array(hidden.astype(np.float16).astype(hidden.dtype), order", BI.forward
            ),
        ),
    ),
    Bug(
        "sum_of_zero_taken_for_unset",
        "Where the memory comes out as zero it is taken for not computed, and hidden stands in for it.",
        rows,
        (Change("return memory", "return np.where(memory == 0, hidden, memory)", UNI.forward),),
    ),
    Bug(
        "opposite_frames_skipped",
        "A frame and the one that it looks back at are skipped if they add up to zero in every channel.",
        rows,
        (
            Change(
                "if i * bstride <= bposition[r]:",
                "if i * bstride <= bposition[r] and (i == 0 or (hidden[r] + hidden[r - i * bstride]).any()):",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "forbidden_taps_subtracted_afterwards",
        "Every earlier frame is added and those that are not allowed are subtracted again, which cancels digits.",
        gathered,
        (
            Change(
                "memory[rows] += filter[i] * hidden[rows - lag]",
                "memory[lag:] += filter[i] * hidden[:-lag]\n"
                "forbidden = np.flatnonzero((position < lag) & (np.arange(len(position)) >= lag))\n"
                "memory[forbidden] -= filter[i] * hidden[forbidden - lag]",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "scaled_gradients_overflow",
        "Gradients are computed from 65536 times dmemory and divided afterwards, so large ones overflow on the way.",
        gathered,
        (
            Change("dhidden = np.array(dmemory", "dmemory = 65536 * dmemory\ndhidden = np.array(dmemory", UNI.backward),
            Change("return dhidden, dfilter", "return dhidden / 65536, dfilter / 65536", UNI.backward),
        ),
    ),
)
