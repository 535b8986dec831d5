"""Frames and taps off by one, and index arithmetic that goes wrong."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import gathered, rows

BUGS = (
    Bug(
        "look_ahead_from_the_frame_itself",
        "The look-ahead sum begins at j = 0, so the frame itself is tapped twice and all taps are one stride too near.",
        rows,
        (
            Change("for j in range(1, N2 + 1):", "for j in range(N2):", times=2),
            Change("ffilter[j - 1]", "ffilter[j]", times=3),
        ),
        row=15,
    ),
    Bug(
        "first_look_ahead_tap_at_the_next_frame",
        "The first look-ahead tap reads frame t+1 whatever the stride is, and the others follow it in strides.",
        rows,
        (Change("j * fstride", "1 + (j - 1) * fstride", times=5),),
        row=13,
    ),
    Bug(
        "first_look_ahead_tap_at_the_look_back_stride",
        "The first look-ahead tap is one look-back stride away, which is wrong if the two strides differ.",
        rows,
        (Change("j * fstride", "bstride + (j - 1) * fstride", BI.forward, times=2),),
        row=12,
    ),
    Bug(
        "look_back_starts_at_the_previous_frame",
        "Row 0 of bfilter is taken for frame t-1, so every look-back tap reads one stride too far back.",
        rows,
        (Change("i * bstride", "(i + 1) * bstride", times=5),),
        row=3,
    ),
    Bug(
        "dfilter_one_row_late",
        "The gradient of each tap is added to the row before it, and that of the first tap wraps to the last row.",
        rows,
        (Change("dfilter[i] +=", "dfilter[i - 1] +=", UNI.backward),),
    ),
    Bug(
        "dffilter_one_row_late",
        "The gradient of each look-ahead tap is added to the next row, and that of the last one is lost.",
        gathered,
        (Change("dffilter[j] =", "dffilter[j + 1 : j + 2] =", BI.backward),),
    ),
    Bug(
        "dfilter_reads_the_current_frame",
        "The gradient of a tap multiplies dmemory by the current frame instead of the one that the tap reads.",
        gathered,
        (Change("hidden[rows - lag] * dmemory", "hidden[rows] * dmemory", UNI.backward),),
    ),
    Bug(
        "dhidden_stays_at_the_reader",
        "The gradient of a frame that is read goes to the frame that reads it.",
        rows,
        (Change("dhidden[r - (i + 1) * stride] +=", "dhidden[r] +=", UNI.backward),),
    ),
    Bug(
        "look_ahead_gradient_one_frame_short",
        "The gradient of each frame looked ahead at goes to the frame before it.",
        gathered,
        (Change("dhidden[rows + lag]", "dhidden[rows + lag - 1]", BI.backward),),
    ),
    Bug(
        "last_frame_not_computed",
        "The loop over frames ends one too early, so the last frame keeps its identity term only.",
        rows,
        (Change("for r in range(T):", "for r in range(T - 1):", UNI.forward),),
    ),
    Bug(
        "first_frame_not_differentiated",
        "The backward loop over frames starts at 1, though frame 0 can look ahead and taps itself.",
        rows,
        (Change("for r in range(T):", "for r in range(1, T):", BI.backward),),
    ),
    Bug(
        "frame_numbers_in_int8",
        "Frame numbers are kept in int8, so those from 128 on wrap to other frames.",
        gathered,
        (Change("hidden[rows - lag]", "hidden[(rows - lag).astype(np.int8)]", UNI.forward),),
    ),
    Bug(
        "frame_numbers_in_int16",
        "Frame numbers are kept in int16, so those from 32768 on wrap to other frames.",
        gathered,
        (Change("hidden[rows + lag]", "hidden[(rows + lag).astype(np.int16)]", BI.forward),),
    ),
    Bug(
        "lag_in_uint8",
        "The distance of a tap is kept in a byte, so taps 256 frames away or more read nearer frames.",
        gathered,
        (Change("hidden[rows - lag] * dmemory", "hidden[rows - lag % 256] * dmemory", UNI.backward),),
    ),
    Bug(
        "frame_numbers_in_uint16",
        "Frame numbers are kept in uint16, so those from 65536 on wrap to other frames.",
        gathered,
        (Change("hidden[rows - lag] * dmemory", "hidden[(rows - lag).astype(np.uint16)] * dmemory", UNI.backward),),
    ),
)
