"""Special cases for no frames, one frame, no taps, one tap, one channel, and for shapes that happen to agree."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, gathered, rows

BUGS = (
    Bug(
        "no_frames_crash",
        "The loop over taps is cut at the largest position, and no frames have none.",
        rows,
        (Change("for r in range(T):", "N = min(N, int(position.max()))\nfor r in range(T):", UNI.forward),),
    ),
    Bug(
        "no_channels_crash",
        "Work is split by the number of channels, which may be zero.",
        gathered,
        (
            Change(
                "dhidden = np.array(dmemory",
                "frames_at_once = 1024 // dmemory.shape[1]\ndhidden = np.array(dmemory",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "no_taps_have_a_gradient",
        "dfilter has at least one row, even if the filter has none.",
        rows,
        (Change("np.zeros(filter.shape,", "np.zeros((max(1, N), filter.shape[1]),", UNI.backward),),
    ),
    Bug(
        "no_look_ahead_no_memory",
        "Without a look-ahead filter the forward function returns before it has looked back.",
        rows,
        (Change("for r in range(T):", "if N2 == 0:\n    return memory\nfor r in range(T):", BI.forward),),
    ),
    Bug(
        "no_look_back_taps_the_frame_twice",
        "The look-back taps are the last N1 rows of bfilter, which are all rows where N1 is zero.",
        blocked,
        (Change("bfilter[1:], ffilter", "bfilter[-(len(bfilter) - 1) :], ffilter", BI.forward),),
        row=18,
    ),
    Bug(
        "one_frame_squeezed",
        "A bare squeeze() takes the axis of frames away if there is only one, and that of channels likewise.",
        rows,
        (Change("return memory", "return memory.squeeze()", UNI.forward),),
        row=18,
    ),
    Bug(
        "short_sequences_crash",
        "A sequence that is shorter than the filter's span is refused, as a convolution without padding does.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "if N * stride >= T > 0:\n"
                "    raise RuntimeError('kernel size cannot be greater than input size')\n"
                "memory = hidden.copy",
                UNI.forward,
            ),
        ),
        row=17,
    ),
    Bug(
        "short_sequences_lose_look_ahead",
        "A sequence that is shorter than the look-ahead filter's span gets no gradient from it.",
        gathered,
        (
            Change(
                "_uses(fposition, fstride, len(ffilter))",
                "_uses(fposition, fstride, len(ffilter) if len(ffilter) * fstride < len(hidden) else 0)",
                BI.backward,
            ),
        ),
        row=17,
    ),
    Bug(
        "one_tap_ignores_the_stride",
        "The fast path for a single look-ahead tap reads the next frame whatever the stride is.",
        gathered,
        (Change("_uses(fposition, fstride,", "_uses(fposition, fstride if len(ffilter) > 1 else 1,", BI.forward),),
    ),
    Bug(
        "one_channel_squeezed",
        "dbfilter is a vector if there is one channel.",
        rows,
        (
            Change(
                "return dhidden, dbfilter,",
                "return dhidden, dbfilter[:, 0] if dbfilter.shape[1] == 1 else dbfilter,",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "last_odd_channel_dropped",
        "Two channels are computed at a time, and a last one without a partner gets no gradient from the taps.",
        rows,
        (
            Change("dhidden[r - (i + 1) * stride] +=", "dhidden[r - (i + 1) * stride, :pairs] +=", UNI.backward),
            Change("filter[i] * dmemory[r]", "filter[i, :pairs] * dmemory[r, :pairs]", UNI.backward),
            Change("T, N =", "pairs = hidden.shape[1] // 2 * 2 or hidden.shape[1]\nT, N =", UNI.backward),
        ),
    ),
    Bug(
        "square_filter_transposed",
        "A filter with as many taps as channels is taken for one that is stored channel by channel.",
        rows,
        (
            Change(
                "memory = hidden.copy",
                "filter = filter.T if filter.shape[0] == filter.shape[1] else filter\nmemory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "filter_gradients_exchanged",
        "dbfilter and dffilter are returned in the wrong order if they have the same shape.",
        rows,
        (
            Change(
                "return dhidden,",
                "if dbfilter.shape == dffilter.shape:\n    dbfilter, dffilter = dffilter, dbfilter\nreturn dhidden,",
                BI.backward,
            ),
        ),
    ),
)
