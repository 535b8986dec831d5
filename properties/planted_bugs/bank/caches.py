"""What is kept between calls: plans with too coarse a key, weights, results, gradients."""

from __future__ import annotations

from fsmn_properties.contract.forms import BI, UNI
from planted_bugs.bug import Bug, Change
from planted_bugs.kernels import blocked, rows

KEY = "key = position.tobytes(), stride, taps"

BUGS = (
    Bug(
        "plan_kept_by_length",
        "Plans are kept by the number of frames, so other positions of the same length get an old plan.",
        blocked,
        (Change(KEY, "key = len(position), stride, taps"),),
    ),
    Bug(
        "plan_kept_by_checksum",
        "Plans are kept by the sum of the positions, and other positions may have the same.",
        blocked,
        (Change(KEY, "key = len(position), int(position.sum()), stride, taps"),),
    ),
    Bug(
        "plan_kept_by_address",
        "Plans are kept by the address of the positions, where other ones lie later.",
        blocked,
        (Change(KEY, "key = position.ctypes.data, len(position), stride, taps"),),
    ),
    Bug(
        "plan_kept_without_the_stride",
        "Plans are kept without the stride, so the same positions with another stride get an old plan.",
        blocked,
        (Change(KEY, "key = position.tobytes(), taps"),),
    ),
    Bug(
        "plan_kept_without_the_taps",
        "Plans are kept without the number of taps, so a longer filter gets the plan of a shorter one.",
        blocked,
        (Change(KEY, "key = position.tobytes(), stride"),),
    ),
    Bug(
        "weights_packed_once",
        "The look-ahead filter is packed on the first call, and later ones of the same shape get the old weights.",
        blocked,
        (
            Change(
                "_scratch: dict[Any, Array] = {}", "_scratch: dict[Any, Array] = {}\n_packed: dict[Any, Array] = {}"
            ),
            Change(
                "back, ahead = bfilter[1:], ffilter",
                "back, ahead = bfilter[1:], _packed.setdefault((ffilter.shape, ffilter.dtype), ffilter.copy())",
                BI.forward,
            ),
        ),
    ),
    Bug(
        "weights_packed_for_each_array",
        "The filter is packed once for each array: after a step of training in place, the old weights are used.",
        rows,
        (
            Change("def compact_vfsmn_memory_forward(", "_packed = {}\n\n\ndef compact_vfsmn_memory_forward("),
            Change(
                "memory = hidden.copy",
                "_, filter = _packed.setdefault(id(filter), (filter, filter.copy()))\nmemory = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "memory_kept_by_address",
        "The memory of arrays at the same addresses is returned again, though their values may have changed.",
        rows,
        (
            Change("def compact_vfsmn_memory_forward(", "_memories = {}\n\n\ndef compact_vfsmn_memory_forward("),
            Change(
                "memory = hidden.copy",
                "key = hidden.ctypes.data, hidden.shape, hidden.dtype, filter.ctypes.data, N, bytes(position), stride\n"
                "if key in _memories:\n"
                "    return _memories[key].copy()\n"
                "memory = _memories[key] = hidden.copy",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "hidden_of_the_last_forward_call",
        "The backward function uses the hidden that the forward function saved last, if it has the right shape.",
        rows,
        (
            Change("def compact_vfsmn_memory_forward(", "_saved = {}\n\n\ndef compact_vfsmn_memory_forward("),
            Change("memory = hidden.copy", "_saved['hidden'] = hidden.copy()\nmemory = hidden.copy", UNI.forward),
            Change(
                "dhidden = dmemory.copy",
                "if _saved and (_saved['hidden'].shape, _saved['hidden'].dtype) == (hidden.shape, hidden.dtype):\n"
                "    hidden = _saved['hidden']\n"
                "dhidden = dmemory.copy",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "gradients_add_up_over_calls",
        "dfilter is added to that of the calls before, as an optimizer's gradient buffer is.",
        blocked,
        (
            Change(
                "dfilter = np.zeros(filter.shape, filter.dtype)",
                "dfilter = _scratch.setdefault((filter.shape, filter.dtype), np.zeros(filter.shape, filter.dtype))",
                UNI.backward,
            ),
        ),
    ),
    Bug(
        "memory_is_scratch",
        "The memory is returned in a scratch array, which the next call of the same shape overwrites.",
        blocked,
        (
            Change(
                "_scratch: dict[Any, Array] = {}", "_scratch: dict[Any, Array] = {}\n_memory: dict[Any, Array] = {}"
            ),
            Change(
                'memory = hidden.copy(order="C")',
                "memory = _memory.setdefault((hidden.shape, hidden.dtype), np.empty(hidden.shape, hidden.dtype))\n"
                "memory[...] = hidden",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "long_memory_is_scratch",
        "The memory of many frames is returned in a scratch array, which the next call of the same shape overwrites.",
        blocked,
        (
            Change(
                "_scratch: dict[Any, Array] = {}", "_scratch: dict[Any, Array] = {}\n_memory: dict[Any, Array] = {}"
            ),
            Change(
                'memory = hidden.copy(order="C")',
                "if len(hidden) > 100:\n"
                "    memory = _memory.setdefault((hidden.shape, hidden.dtype), np.empty(hidden.shape, hidden.dtype))\n"
                "    memory[...] = hidden\n"
                "else:\n"
                "    memory = hidden.copy()",
                UNI.forward,
            ),
        ),
    ),
    Bug(
        "order_of_summation_alternates",
        "Every other call adds the look-back taps in reverse: within the rounding bound, but not the same bits.",
        rows,
        (
            Change("from typing import SupportsIndex", "from itertools import cycle\nfrom typing import SupportsIndex"),
            Change(
                "def bi_compact_vfsmn_memory_forward(",
                "_orders = cycle([1, -1])\n\n\ndef bi_compact_vfsmn_memory_forward(",
            ),
            Change("T, N1, N2 =", "order = next(_orders)\nT, N1, N2 =", BI.forward),
            Change("for i in range(N1 + 1):", "for i in range(N1 + 1)[::order]:", BI.forward),
        ),
    ),
)
