"""Frames, filters, gradients and strides that should be refused and are not, and the other way round."""

from __future__ import annotations

from fsmn_properties.contract.forms import UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

BUGS = (
    Bug(
        "extra_filter_columns_ignored",
        "A filter may have more channels than hidden, and they are ignored.",
        gathered,
        (
            Change(
                "if array.shape[1] != channels:",
                "array = arrays[name] = array[:, :channels]\nif array.shape[1] != channels:",
            ),
        ),
        row=23,
    ),
    Bug(
        "filter_of_one_column_broadcast",
        "A filter of one channel is used for all channels.",
        gathered,
        (
            Change(
                "if array.shape[1] != channels:",
                "if array.shape[1] == 1 and name != 'dmemory':\n"
                "    array = arrays[name] = np.repeat(array, channels, axis=1)\n"
                "if array.shape[1] != channels:",
            ),
        ),
    ),
    Bug(
        "one_gradient_broadcast_over_frames",
        "A dmemory of one row is used for all frames.",
        gathered,
        (
            Change(
                'if name == "dmemory" and len(array) != frames:',
                'if name == "dmemory" and len(array) == 1:\n'
                "    array = arrays[name] = np.repeat(array, frames, axis=0)\n"
                'if name == "dmemory" and len(array) != frames:',
            ),
        ),
    ),
    Bug(
        "gradients_of_further_frames_ignored",
        "A dmemory may have more rows than hidden, and they are ignored.",
        gathered,
        (
            Change(
                'if name == "dmemory" and len(array) != frames:',
                'if name == "dmemory":\n'
                "    array = arrays[name] = array[:frames]\n"
                'if name == "dmemory" and len(array) != frames:',
            ),
        ),
    ),
    Bug(
        "imaginary_parts_dropped",
        "Complex numbers are accepted without their imaginary parts.",
        gathered,
        (Change('if array.dtype.kind != "f":', 'array = array.real\nif array.dtype.kind != "f":'),),
    ),
    Bug(
        "bools_count_as_numbers",
        "Frames and filters may be bools.",
        gathered,
        (Change('in "iu"', 'in "iub"', "_matrix"),),
    ),
    Bug(
        "text_parsed",
        "Frames and filters may be text that float() understands.",
        gathered,
        (Change('in "iu"', 'in "iuU"', "_matrix"),),
    ),
    Bug(
        "vectors_promoted_to_matrices",
        "A vector counts as a matrix of one row.",
        gathered,
        (Change("array = np.asarray(value)", "array = np.atleast_2d(np.asarray(value))", "_matrix"),),
    ),
    Bug(
        "missing_own_tap_is_zero",
        "A bfilter without rows is accepted, and the own tap counts as zero.",
        gathered,
        (
            Change(
                'raise ValueError("bfilter should have a row 0, the current frame\'s own tap")',
                "arrays[name] = np.zeros((1, channels), array.dtype)",
            ),
        ),
    ),
    Bug(
        "lists_refused",
        "What is no ndarray is refused.",
        gathered,
        (
            Change(
                "array = np.asarray(value)",
                "if not isinstance(value, np.ndarray):\n"
                "    raise TypeError(f'{name} should be an ndarray')\n"
                "array = np.asarray(value)",
                "_matrix",
            ),
        ),
    ),
    Bug(
        "stride_of_zero_accepted",
        "A stride of zero is accepted, and every tap reads the frame itself.",
        gathered,
        (Change("if stride < 1:", "if stride < 0:"),),
    ),
    Bug(
        "float_strides_truncated",
        "A stride may be a float, and is truncated.",
        gathered,
        (
            Change(
                "    if isinstance(value, bool) or not",
                "    if isinstance(value, float):\n        value = int(value)\n    if isinstance(value, bool) or not",
            ),
        ),
    ),
    Bug(
        "strides_of_numpy_refused",
        "A stride that is a NumPy integer is refused.",
        gathered,
        (Change('if isinstance(value, bool) or not hasattr(value, "__index__"):', "if type(value) is not int:"),),
    ),
    Bug(
        "huge_strides_overflow",
        "A stride that does not fit in 32 bits raises an OverflowError, though it only means that no tap is used.",
        rows,
        (Change('tap_stride("stride", stride)', 'int(np.int32(tap_stride("stride", stride)))', UNI.forward),),
    ),
)
