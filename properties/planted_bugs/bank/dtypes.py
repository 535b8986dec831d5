"""Accumulators too narrow, results of the wrong type, bytes misread."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

BUGS = (
    Bug(
        "long_inputs_in_the_type_of_hidden",
        "The routine for more than 100 frames has one type, that of hidden, and the result has it too.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if T > 100:\n    filter, hidden = filter.astype(given), hidden.astype(given)\nmemory = hidden.copy",
                UNI.forward,
            ),
            Change(
                "hidden, filter = float_matrices(hidden=hidden, filter=filter)",
                "given = np.result_type(np.asarray(hidden), np.float16)\n"
                "hidden, filter = float_matrices(hidden=hidden, filter=filter)",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "long_doubles_summed_in_single",
        "Doubles of more than 100 frames go to a routine that adds in float32.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "dtype = hidden.dtype\n"
                "if T > 100:\n"
                "    hidden, filter = hidden.astype(np.float32), filter.astype(np.float32)\n"
                "memory = hidden.copy",
                UNI.forward,
            ),
            Change("return memory", "return memory.astype(dtype)", UNI.forward),
        ),
    ),
    Bug(
        "lists_take_the_type_of_arrays",
        "A list beside arrays of float32 counts as float32, as a Python number does, and not as float64.",
        gathered,
        (
            Change(
                "dtype = np.result_type(*arrays.values())",
                "kept = [array for name, array in arrays.items() if isinstance(values[name], np.ndarray)]\n"
                "dtype = np.result_type(*(kept or [float]))",
            ),
        ),
    ),
    Bug(
        "single_precision_accumulator",
        "Doubles are summed in float32 and returned as float64.",
        rows,
        (
            Change('hidden.copy(order="C")', 'hidden.astype(np.float32, order="C")', UNI.forward),
            Change("return memory", "return memory.astype(hidden.dtype)", UNI.forward),
        ),
        row=9,
    ),
    Bug(
        "half_precision_accumulator",
        "The gradient of hidden is summed in float16.",
        rows,
        (
            Change('dmemory.copy(order="C")', 'dmemory.astype(np.float16, order="C")', BI.backward),
            Change("return dhidden,", "return dhidden.astype(dmemory.dtype),", BI.backward),
        ),
    ),
    Bug(
        "products_in_single_precision",
        "The products of dbfilter are rounded to float32 before they are added.",
        gathered,
        (
            Change(
                "np.sum(hidden[rows - lag] * dmemory[rows], axis=0)",
                "np.sum((hidden[rows - lag] * dmemory[rows]).astype(np.float32), axis=0, dtype=hidden.dtype)",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "hidden_saved_in_single_precision",
        "The backward function reads hidden from a copy in float32.",
        rows,
        (
            Change(
                "dhidden = dmemory.copy",
                "hidden = hidden.astype(np.float32).astype(hidden.dtype)\ndhidden = dmemory.copy",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "double_for_single",
        "float32 comes in, float64 goes out.",
        rows,
        (Change("return memory", "return memory.astype(np.result_type(memory, np.float64))", UNI.forward),),
        row=22,
    ),
    Bug(
        "integers_truncate",
        "The memory has the type of hidden, so integers truncate it.",
        gathered,
        (
            Change("bstride, fstride =", "given = np.asarray(hidden).dtype\nbstride, fstride =", BI.forward),
            Change("return memory", "return memory.astype(given) if given.kind in 'iu' else memory", BI.forward),
        ),
        row=21,
    ),
    Bug(
        "type_of_hidden_alone",
        "The memory has the type of hidden, which narrows it if the filter is wider.",
        gathered,
        (
            Change("stride = _stride", "given = np.asarray(hidden).dtype\nstride = _stride", UNI.forward),
            Change(
                "return memory",
                "return memory.astype(given.newbyteorder('=')) if given.kind == 'f' else memory",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "dfilter_in_the_type_of_the_filter",
        "dfilter has the type of the filter, which narrows it if hidden or dmemory is wider.",
        gathered,
        (
            Change("stride = _stride", "given = np.asarray(filter).dtype\nstride = _stride", UNI.backward),
            Change(
                "return dhidden, dfilter",
                "return dhidden, dfilter.astype(given.newbyteorder('=')) if given.kind == 'f' else dfilter",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "integers_count_as_single",
        "Integers count as float32.",
        gathered,
        (Change("array.astype(np.float64)", "array.astype(np.float32)"),),
    ),
    Bug(
        "filter_in_the_type_of_hidden",
        "The filter passes through the type of hidden, and loses its last bits where hidden is float32.",
        gathered,
        (
            Change(
                "memory = np.array(hidden", "filter = filter.astype(given.dtype)\nmemory = np.array(hidden", UNI.forward
            ),
            Change(
                "hidden, filter = _matrices(", "given = np.asarray(hidden)\nhidden, filter = _matrices(", UNI.forward
            ),
        ),
    ),
    Bug(
        "half_comes_back_as_single",
        "float16 comes in, float32 goes out.",
        gathered,
        (Change("np.result_type(*arrays", "np.result_type(np.float32, *arrays"),),
    ),
    Bug(
        "long_double_comes_back_as_double",
        "Long doubles are converted to doubles on the way in, and come back as such.",
        gathered,
        (
            Change(
                "dtype = np.result_type(*arrays.values())",
                "dtype = np.result_type(*arrays.values())\ndtype = np.dtype('d') if dtype.char == 'g' else dtype",
            ),
        ),
    ),
    Bug(
        "byte_order_ignored",
        "Byte-swapped frames are read as if they were in native order.",
        rows,
        (
            Change(
                "hidden, filter = float_matrices(",
                "hidden = np.asarray(hidden)\n"
                "hidden = hidden.view(hidden.dtype.newbyteorder('='))\n"
                "hidden, filter = float_matrices(",
                UNI.forward,
            ),
        ),
    ),
)
