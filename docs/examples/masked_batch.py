"""PyTorch: a module for padded batches with a mask. The mistake: the mask is applied after the convolution alone."""

import torch

from fsmn_properties import adapters as a


class Memory(torch.nn.Module):
    def __init__(self, size, kernel):
        super().__init__()
        self.conv = torch.nn.Conv1d(size, size, kernel, padding=kernel // 2, groups=size, bias=False)

    def forward(self, hidden, mask):  # (B, T, D), (B, T, 1)
        return (hidden + self.conv(hidden.transpose(1, 2)).transpose(1, 2)) * mask


def block(before):
    def memory(hidden, taps, mask):
        module = a.with_weights(Memory(hidden.shape[2], len(taps)), {"conv.weight": taps.T[:, None]})
        return module(hidden * mask[:, :, None] if before else hidden, mask[:, :, None])

    return a.from_bidirectional(a.batched(a.one_filter(a.torch_function(memory), symmetric=True), masked="both"))


target, mistaken = block(before=True), block(before=False)
