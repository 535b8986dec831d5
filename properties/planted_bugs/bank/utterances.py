"""Utterances joined, cut, or told apart by something else than the positions."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, gathered, rows

BUGS = (
    Bug(
        "long_inputs_taken_for_utterances",
        "Among more than 512 frames, positions are counted from where they were last zero, whatever they say.",
        gathered,
        tuple(
            Change(
                f"{name} = np.array({source}",
                "if len(hidden) > 512:\n"
                "    rows = np.arange(len(position))\n"
                "    position = rows - np.maximum.accumulate(np.where(position == 0, rows, 0))\n"
                f"{name} = np.array({source}",
                function,
            )
            for name, source, function in (("memory", "hidden", UNI.forward), ("dhidden", "dmemory", UNI.backward))
        ),
    ),
    Bug(
        "look_ahead_of_long_inputs_is_what_look_back_leaves",
        "Among more than 512 frames, the look-ahead ends where the next frame may not look back.",
        gathered,
        (
            Change(
                "dhidden = np.",
                "if len(hidden) > 512:\n"
                "    ends = np.append(np.flatnonzero(bposition[1:] == 0), len(hidden) - 1)\n"
                "    rows = np.arange(len(hidden))\n"
                "    fposition = ends[np.searchsorted(ends, rows)] - rows\n"
                "dhidden = np.",
                BI.backward,
            ),
        ),
    ),
    Bug(
        "utterance_boundaries_ignored_in_forward",
        "The forward function reads every earlier frame, those of other utterances too.",
        rows,
        (Change("(i + 1) * stride <= position[r]", "(i + 1) * stride <= r", UNI.forward),),
        row=7,
    ),
    Bug(
        "look_ahead_crosses_utterances",
        "Forward and backward look ahead at every later frame, those of other utterances too.",
        rows,
        (Change("j * fstride <= fposition[r]", "j * fstride <= T - 1 - r", times=2),),
        row=7,
    ),
    Bug(
        "position_of_the_frame_that_is_read",
        "The mask is applied before the sum only: a tap is allowed by the position of the frame that it reads.",
        rows,
        (
            Change(
                "if (i + 1) * stride <= position[r]:",
                "if (i + 1) * stride <= min(r, position[r - (i + 1) * stride] if (i + 1) * stride <= r else 0):",
                UNI.forward,
            ),
        ),
        row=16,
    ),
    Bug(
        "gradient_gathered_by_the_wrong_position",
        "dhidden is gathered from later rows, and the position that allows it is the frame's instead of the row's.",
        gathered,
        (
            Change(
                "dhidden[rows - lag] += filter[i] * dmemory[rows]",
                "read = np.flatnonzero((position >= lag) & (np.arange(len(position)) + lag < len(position)))\n"
                "dhidden[read] += filter[i] * dmemory[read + lag]",
                UNI.backward,
            ),
        ),
        row=16,
    ),
    Bug(
        "only_the_first_utterance",
        "The loop ends at the second frame that may not look back, as if it were padding.",
        rows,
        (Change("for i in range(N):", "if r > 0 and position[r] == 0:\n    break\nfor i in range(N):", UNI.forward),),
    ),
    Bug(
        "positions_only_mark_beginnings",
        "Look-back runs from the last frame with position 0, so positions that do not count up from there are misread.",
        blocked,
        (
            Change(
                "key = position.tobytes(), stride, taps",
                "frames = np.arange(len(position))\n"
                "position = frames - np.maximum.accumulate(np.where(position == 0, frames, 0))\n"
                "key = position.tobytes(), stride, taps",
            ),
        ),
    ),
    Bug(
        "no_look_ahead_in_the_last_utterance",
        "The last utterance is taken for one that has not ended yet, and gets no look-ahead.",
        gathered,
        (
            Change(
                "memory += bfilter[0]",
                "ends = np.flatnonzero(fposition == 0)[:-1]\n"
                "fposition = np.where(np.arange(len(fposition)) > max([-1, *ends]), 0, fposition)\n"
                "memory += bfilter[0]",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "frames_of_zeros_are_padding",
        "A frame of zeros is taken for padding: nothing looks back across it.",
        rows,
        (
            Change(
                "for i in range(N):",
                "for i in range(N):\n    if not hidden[max(0, r - (i + 1) * stride)].any():\n        break",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "padding_tap_is_trained",
        "What a row may not read gives its gradient to the last tap, which stands for padding.",
        rows,
        (
            Change(
                "if (i + 1) * stride <= position[r]:",
                "if position[r] < (i + 1) * stride <= r:\n"
                "    dfilter[N - 1] += hidden[r - (i + 1) * stride] * dmemory[r]\n"
                "if (i + 1) * stride <= position[r]:",
                UNI.backward,
            ),
        ),
        row=20,
    ),
)
