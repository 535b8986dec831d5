"""What should be refused and is not, or in wrong words, where there is much of it or it has a certain type."""

from __future__ import annotations

from fsmn_properties.contract.forms import UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered

BAD = "bad = np.flatnonzero(array.astype(np.uint64) > allowed.astype(np.uint64))"
NAMED = 'raise ValueError(f"{name}[{r}] should be between 0 and {allowed[r]}, not {array[r]}")'
ONE_CHANNEL_COUNT = "if array.shape[1] != channels:"

BUGS = (
    Bug(
        "bytes_checked_in_the_first_block",
        "Of positions in uint8, only the first 64 are checked.",
        gathered,
        (Change(BAD, f"{BAD}\nbad = bad[bad < 64] if array.dtype == np.uint8 else bad"),),
    ),
    Bug(
        "tail_of_long_narrow_positions_not_checked",
        "Of more than 1000 positions in 32 bits, those after the last whole block of 256 are not checked.",
        gathered,
        (
            Change(
                BAD,
                f"{BAD}\nif len(array) > 1000 and array.itemsize == 4:\n    bad = bad[bad < len(array) // 256 * 256]",
            ),
        ),
    ),
    Bug(
        "negative_shorts_accepted_in_long_inputs",
        "Negative positions in int16 are accepted among more than 300, and read nothing.",
        gathered,
        (
            Change(
                BAD,
                f"if len(array) > 300 and array.dtype == np.int16:\n    array = np.maximum(array, 0)\n{BAD}",
            ),
        ),
    ),
    Bug(
        "index_counted_in_the_block",
        "The index of a look-ahead position that is refused is counted from the beginning of its block of 96.",
        gathered,
        (
            Change(
                NAMED,
                "shown = r % 96 if name == 'fposition' else r\n" + NAMED.replace("[{r}] should", "[{shown}] should"),
            ),
        ),
    ),
    Bug(
        "refused_value_shown_in_32_bits",
        "The value of a position that is refused is shown as int32 where there are more than 20 of them.",
        gathered,
        (
            Change(
                NAMED,
                "array = array.astype(np.int32) if len(array) > 20 else array\n" + NAMED,
            ),
        ),
    ),
    Bug(
        "last_bad_position_of_many_named",
        "Where several of more than 40 positions are refused, the last of them is named.",
        gathered,
        (Change("r = bad[0]", "r = bad[-1] if len(array) > 40 else bad[0]"),),
    ),
    Bug(
        "filter_padded_to_whole_vectors_accepted",
        "A matrix may have more channels than hidden if these are over 8 and those fill their last vector of 8.",
        gathered,
        (
            Change(
                ONE_CHANNEL_COUNT,
                "if array.shape[1] > channels > 8 and array.shape[1] == -(-channels // 8) * 8:\n"
                "    array = arrays[name] = array[:, :channels]\n" + ONE_CHANNEL_COUNT,
            ),
        ),
    ),
    Bug(
        "whole_float_strides_of_many_taps_accepted",
        "A stride of 2.0 counts as 2 where the filter has more than 8 taps.",
        gathered,
        (
            Change(
                'stride = _stride("stride", stride)',
                "many = np.ndim(filter) > 0 and len(np.asarray(filter)) > 8\n"
                "stride = _stride('stride', int(stride) if many and stride in (2.0, 3.0) else stride)",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "gradients_of_the_last_block_may_be_missing",
        "A dmemory that ends with the last whole block of 64 of more frames is accepted, and zeros are added.",
        gathered,
        (
            Change(
                'if name == "dmemory" and len(array) != frames:',
                'if name == "dmemory" and frames > 64 and len(array) == frames // 64 * 64:\n'
                "    array = arrays[name] = np.concatenate([array, np.zeros_like(array[: frames - len(array)])])\n"
                'if name == "dmemory" and len(array) != frames:',
            ),
        ),
    ),
    Bug(
        "imaginary_parts_of_wide_frames_ignored",
        "Complex matrices of more than 8 channels are accepted, and their imaginary parts are ignored.",
        gathered,
        (
            Change(
                'if array.dtype.kind in "iu":',
                'if array.dtype.kind == "c" and array.ndim == 2 and array.shape[1] > 8:\n'
                "    array = array.real\n"
                'if array.dtype.kind in "iu":',
                "_matrix",
            ),
        ),
    ),
    Bug(
        "unsigned_look_ahead_checked_by_the_length",
        "Of more than 200 look-ahead positions in an unsigned type, those below the number of frames are cut.",
        gathered,
        (
            Change(
                BAD,
                "if name == 'fposition' and array.dtype.kind == 'u' and len(array) > max(200, array.max(initial=0)):\n"
                f"    array = np.minimum(array, allowed)\n{BAD}",
            ),
        ),
    ),
    Bug(
        "whole_float_positions_of_long_inputs_accepted",
        "Positions of float32 count as integers where there are more than 40 of them and all are whole.",
        gathered,
        (
            Change(
                'if array.dtype.kind not in "iu":',
                "if array.dtype == np.float32 and array.size > 40 and (array == np.trunc(array)).all():\n"
                "    array = array.astype(np.intp)\n"
                'if array.dtype.kind not in "iu":',
                "_positions",
            ),
        ),
    ),
    Bug(
        "flags_of_many_channels_accepted",
        "Bools count as numbers in matrices of more than 30 channels.",
        gathered,
        (
            Change(
                'if array.dtype.kind in "iu":',
                'if array.dtype.kind in "iu" or (array.dtype.kind == "b" and array.ndim == 2 and array.shape[1] > 30):',
                "_matrix",
            ),
        ),
    ),
    Bug(
        "padded_positions_of_long_inputs_accepted",
        "Positions may be followed by zeros up to the next whole block of 128 where there are more than 100 frames.",
        gathered,
        (
            Change(
                "if len(array) != len(allowed):",
                "if len(array) > len(allowed) > 100 and len(array) == -(-len(allowed) // 128) * 128:\n"
                "    array = array[: len(allowed)] if not array[len(allowed) :].any() else array\n"
                "if len(array) != len(allowed):",
            ),
        ),
    ),
)
