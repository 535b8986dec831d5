"""A port from a convolution, whose last tap comes first: the example of README.md."""

promises = {
    "formats": "float32",
    "positions": "whole",  # one utterance a call
    "strides": "one",
    "empty": False,
    "layouts": "contiguous",
    "lists": False,
    "refusals": "none",
}


def compact_vfsmn_memory_forward(hidden, filter, position):
    memory = hidden.copy()
    for i, tap in enumerate(filter[::-1]):  # from a convolution, whose last tap comes first
        memory[i + 1 :] += tap * hidden[: max(0, len(hidden) - i - 1)]
    return memory
