"""Arrays written in place, shared, laid out wrongly or read by the wrong layout."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, gathered, rows

BUGS = (
    Bug(
        "long_memory_is_read_only",
        "The memory of more than 100 frames is mapped, and nobody may write to it.",
        rows,
        (Change("return memory", "memory.flags.writeable = T <= 100\nreturn memory", UNI.forward),),
    ),
    Bug(
        "long_positions_saturated_in_place",
        "Where there are more than 100 frames, positions are cut to what the taps reach in the caller's array.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if T > 100 and position.flags.writeable:\n"
                "    np.minimum(position, N * stride, out=position)\n"
                "memory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "memory_replaces_hidden",
        "The memory is computed in place of hidden, so later frames look back at memories.",
        rows,
        (Change('hidden.copy(order="C")', "hidden", UNI.forward),),
    ),
    Bug(
        "dhidden_replaces_dmemory",
        "The gradient of hidden is computed in place of dmemory.",
        rows,
        (Change('dmemory.copy(order="C")', "dmemory", UNI.backward),),
    ),
    Bug(
        "hidden_returned_without_taps",
        "If the filter has no rows, hidden itself is returned.",
        rows,
        (Change("memory = hidden.copy", "if N == 0:\n    return hidden\nmemory = hidden.copy", UNI.forward),),
    ),
    Bug(
        "empty_hidden_returned",
        "If there are no frames or no channels, hidden itself is returned.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if hidden.size == 0:\n    return hidden\nmemory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "hidden_returned_where_no_stride_fits",
        "If the stride is longer than the sequence, hidden itself is returned where it lies as a result must.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if stride > T > 3 and hidden.flags.c_contiguous:\n    return hidden\nmemory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "dmemory_returned_without_positions",
        "If no frame may look back, dmemory itself is returned as dhidden.",
        gathered,
        (Change("np.array(dmemory, order", "np.array(dmemory, copy=position.any() or None, order", UNI.backward),),
    ),
    Bug(
        "positions_saturated_in_place",
        "Positions beyond the last tap are cut in the array that was handed in.",
        gathered,
        (
            Change(
                "memory = np.array(hidden",
                "np.minimum(position, min(len(filter) * stride, len(hidden)), out=position)\nmemory = np.array(hidden",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "positions_cut_where_they_may_be",
        "Positions that look back further than the taps reach are cut in place, if the array may be written to.",
        gathered,
        (
            Change(
                'position = _positions("position"',
                "given = position\nposition = _positions('position'",
                UNI.forward,
            ),
            Change(
                "memory = np.array(hidden",
                "reach = len(filter) * stride\n"
                "if isinstance(given, np.ndarray) and given.flags.writeable and given.max(initial=0) > reach:\n"
                "    given[given > reach] = reach\n"
                "memory = np.array(hidden",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "filter_scaled_in_place",
        "The look-ahead filter is divided by two and multiplied again, which loses the last bit of subnormal taps.",
        gathered,
        (
            Change("dhidden = np.array(dmemory", "ffilter /= 2\ndhidden = np.array(dmemory", BI.backward),
            Change("return dhidden,", "ffilter *= 2\nreturn dhidden,", BI.backward),
            Change("ffilter[j] * dmemory", "2 * ffilter[j] * dmemory", BI.backward),
        ),
    ),
    Bug(
        "memory_in_the_order_of_hidden",
        "The memory is laid out like hidden, so Fortran order comes back as such.",
        blocked,
        (Change('bfilter[0] * hidden, order="C"', "bfilter[0] * hidden", BI.forward),),
    ),
    Bug(
        "filter_read_like_hidden",
        "Where hidden is contiguous, the filter is read as though it were as well.",
        gathered,
        (
            Change(
                "memory = np.array(hidden",
                'if hidden.flags.c_contiguous:\n    filter = np.ravel(filter, order="K").reshape(filter.shape)\n'
                "memory = np.array(hidden",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "ahead_taps_read_like_frames",
        "Where dmemory is contiguous, the look-ahead taps are read as though they were as well.",
        gathered,
        (
            Change(
                "dhidden = np.",
                "if dmemory.flags.c_contiguous:\n"
                '    ffilter = np.ravel(ffilter, order="K").reshape(ffilter.shape)\n'
                "dhidden = np.",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "one_channel_taken_as_contiguous",
        "Many frames of one channel are taken for one contiguous row, as folding neighbours into it needs.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if hidden.shape[1] == 1 and len(hidden) > 100:\n"
                "    owner = hidden if hidden.base is None else hidden.base\n"
                "    hidden = np.frombuffer(owner.tobytes(), hidden.dtype, len(hidden)).reshape(hidden.shape)\n"
                "memory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "reversed_frames_taken_as_they_lie",
        "Where dmemory is reversed and long, its rows are taken in the order of memory (fsmn_vec did so at first).",
        gathered,
        (
            Change(
                "dhidden = np.",
                "if dmemory.strides[0] < 0 and len(dmemory) > 100:\n    dmemory = dmemory[::-1]\ndhidden = np.",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "dhidden_in_fortran_order",
        "dhidden is computed channel by channel and returned in Fortran order.",
        gathered,
        (Change("return dhidden, dfilter", "return np.asfortranarray(dhidden), dfilter", UNI.backward),),
    ),
    Bug(
        "gradient_is_a_view_of_whole_vectors",
        "dbfilter is a view of rows that are padded to whole vectors of 8 channels, so it is not contiguous.",
        gathered,
        (
            Change(
                "np.zeros(bfilter.shape, bfilter.dtype)",
                "np.zeros((len(bfilter), bfilter.shape[1] + 7 & -8), bfilter.dtype)[:, : bfilter.shape[1]]",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "read_only_input_refused",
        "A read-only array is refused, as a buffer that is declared writable does.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if not hidden.flags.writeable:\n"
                "    raise ValueError('buffer source array is read-only')\n"
                "memory = hidden.copy",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "fortran_order_misread",
        "Frames are read in the order in which they lie in memory, which is wrong for Fortran order.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "hidden = hidden.ravel(order='K').reshape(hidden.shape)\nmemory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "vectors_of_four_read_in_the_order_of_memory",
        "Where the channels are one vector of four, frames are read in the order in which they lie in memory.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if hidden.shape[1] == 4:\n"
                "    hidden = hidden.ravel(order='K').reshape(hidden.shape)\n"
                "memory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "expanded_gradient_counts_once",
        "A gradient whose rows are one in memory, as that of a sum is in PyTorch, is given to the first frame alone.",
        gathered,
        (
            Change(
                "dhidden = np.",
                "if dmemory.strides[0] == 0:\n"
                "    dmemory = dmemory * (np.arange(len(dmemory)) == 0)[:, None]\n"
                "dhidden = np.",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "reversed_frames_misread",
        "A view that runs backwards through memory is read forwards.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "hidden = hidden[::-1] if hidden.strides[0] < 0 else hidden\nmemory = hidden.copy",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "filter_indexed_with_the_pitch_of_hidden",
        "Rows of the filter are looked for at distances of hidden's row pitch.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "pitch, channels = hidden.strides[0] // hidden.itemsize, np.arange(hidden.shape[1])\n"
                "memory = hidden.copy",
                UNI.forward,
            ),
            Change("filter[i] *", "np.take(filter, i * pitch + channels, mode='wrap') *", UNI.forward),
        ),
        row=10,
    ),
    Bug(
        "strided_positions_misread",
        "Positions with gaps between them are read as if they were contiguous.",
        gathered,
        (
            Change(
                "dhidden = np.array(dmemory",
                "if position.strides[0] > position.itemsize:\n"
                "    position = np.lib.stride_tricks.as_strided(position, strides=(position.itemsize,))\n"
                "dhidden = np.array(dmemory",
                UNI.backward,
            ),
        ),
    ),
)
