"""NaN and Inf that leak into other elements, or do not arrive where they should."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered


def _padded_with_zeros_if(condition: str) -> Change:
    return Change(
        "memory[rows] += filter[i] * hidden[rows - lag]",
        f"if {condition}:\n"
        "    read = np.zeros_like(hidden)\n"
        "    read[rows] = hidden[rows - lag]\n"
        "    memory += filter[i] * read\n"
        "else:\n"
        "    memory[rows] += filter[i] * hidden[rows - lag]",
        UNI.forward,
    )


BUGS = (
    Bug(
        "wide_frames_times_a_mask",
        "Frames of more than 64 channels are multiplied by a mask of zeros where they may not be read.",
        gathered,
        (
            Change(
                "memory[rows] += bfilter[i + 1] * hidden[rows - lag]",
                "if hidden.shape[1] > 64:\n"
                "    memory[lag:] += (lag <= bposition)[lag:, None] * bfilter[i + 1] * hidden[:-lag]\n"
                "else:\n"
                "    memory[rows] += bfilter[i + 1] * hidden[rows - lag]",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "forbidden_taps_times_zero",
        "Taps that are not allowed are multiplied by a mask of zeros, so NaN and Inf leak through them.",
        gathered,
        (
            Change(
                "memory[rows] += filter[i] * hidden[rows - lag]",
                "memory[lag:] += (lag <= position)[lag:, None] * filter[i] * hidden[:-lag]",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "forbidden_gradients_times_zero",
        "The gradient of a tap multiplies rows that may not use it by zero, so their NaN and Inf leak into it.",
        gathered,
        (
            Change(
                "np.sum(hidden[rows - lag] * dmemory[rows], axis=0)",
                "np.sum((lag <= position)[lag:, None] * hidden[:-lag] * dmemory[lag:], axis=0)",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "zeros_stand_for_forbidden_frames",
        "Frames that may not be read are replaced by zeros, and a tap of Inf times zero is NaN.",
        gathered,
        (
            Change(
                "memory[rows] += bfilter[i + 1] * hidden[rows - lag]",
                "read = np.zeros_like(hidden)\nread[rows] = hidden[rows - lag]\nmemory += bfilter[i + 1] * read",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "small_inputs_padded_with_zeros",
        "Inputs of up to 16 frames take a path that multiplies forbidden frames by zero.",
        gathered,
        (_padded_with_zeros_if("len(hidden) <= 16"),),
    ),
    Bug(
        "long_inputs_padded_with_zeros",
        "Inputs of more than 100 frames take a path that multiplies forbidden frames by zero.",
        gathered,
        (_padded_with_zeros_if("len(hidden) > 100"),),
    ),
    Bug(
        "thousands_of_frames_padded_with_zeros",
        "Inputs of more than 2048 frames take a path that multiplies forbidden frames by zero.",
        gathered,
        (_padded_with_zeros_if("len(hidden) > 2048"),),
    ),
    Bug(
        "nan_read_as_zero",
        "NaN in hidden counts as zero.",
        gathered,
        (
            Change(
                "memory = np.array(hidden",
                "hidden = np.where(np.isnan(hidden), hidden.dtype.type(0), hidden)\nmemory = np.array(hidden",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "infinite_gradients_made_finite",
        "Infinite elements of dhidden are replaced by the largest finite number.",
        gathered,
        (
            Change(
                "return dhidden,",
                "largest = np.finfo(dhidden.dtype).max\ndhidden = np.clip(dhidden, -largest, largest)\nreturn dhidden,",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "zero_taps_skipped",
        "A look-ahead tap of zeros is skipped, though zero times Inf is NaN.",
        gathered,
        (
            Change(
                "memory[rows] += ffilter[j] *",
                "if not ffilter[j].any():\n    continue\nmemory[rows] += ffilter[j] *",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "zero_times_infinity_is_zero",
        "A product counts as zero as soon as one of its factors is, even if the other one is Inf or NaN.",
        gathered,
        (
            Change(
                "memory[rows] += filter[i] * hidden[rows - lag]",
                "product = filter[i] * hidden[rows - lag]\n"
                "product[(filter[i] == 0) | (hidden[rows - lag] == 0)] = 0\n"
                "memory[rows] += product",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "own_tap_folded_into_the_identity",
        "The identity term and the own tap are folded into one product, which differs if hidden is infinite.",
        gathered,
        (
            Change("    memory += bfilter[0] * hidden\n", "", BI.forward),
            Change("np.array(hidden, order", "np.array((1 + bfilter[0]) * hidden, order", BI.forward),
        ),
    ),
    Bug(
        "own_tap_folded_into_the_gradient",
        "dhidden begins with one product by 1 + bfilter[0], which differs if dmemory is infinite.",
        gathered,
        (
            Change("    dhidden += bfilter[0] * dmemory\n", "", BI.backward),
            Change("np.array(dmemory, order", "np.array((1 + bfilter[0]) * dmemory, order", BI.backward),
        ),
    ),
    Bug(
        "taps_as_diagonal_matrices",
        "Each look-ahead tap is a product with a diagonal matrix, so NaN in one channel reaches all of them.",
        gathered,
        (Change("ffilter[j] * hidden[rows + lag]", "hidden[rows + lag] @ np.diag(ffilter[j])", BI.forward),),
    ),
    Bug(
        "one_nan_spoils_all_gradients",
        "If dmemory holds NaN anywhere, all of dhidden is NaN.",
        gathered,
        (
            Change(
                "return dhidden, dfilter",
                "dhidden[...] = np.nan if np.isnan(dmemory).any() else dhidden\nreturn dhidden, dfilter",
                UNI.backward,
            ),
        ),
    ),
)
