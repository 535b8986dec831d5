"""PyTorch: a depthwise convolution of both sides. The mistake: a filter that is written down newest tap first."""

import torch.nn.functional as F

from fsmn_properties import adapters


def memory(hidden, taps, left):  # (B, D, T), (D, K)
    padded = F.pad(hidden, (left, taps.shape[1] - 1 - left))
    return hidden + F.conv1d(padded, taps[:, None], groups=len(taps))


def newest_first(hidden, taps, left):
    return memory(hidden, taps.flip(1), left)


def block(forward):
    kernel = adapters.one_filter(adapters.channels_first(adapters.torch_function(forward)))
    return adapters.from_bidirectional(adapters.batched(kernel))


target = block(memory)
mistaken = block(newest_first)
