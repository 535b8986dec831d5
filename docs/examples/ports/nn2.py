import torch
from blocks import nn2_frame

from fsmn_properties import adapters as a


def forward(hidden, bfilter, ffilter, stride):
    window = torch.zeros((len(bfilter) - 1 + len(ffilter)) * stride + 1, hidden.shape[1], dtype=hidden.dtype)
    return torch.stack([nn2_frame(frame, bfilter, ffilter, window, stride, stride) for frame in hidden])


block = a.delayed(a.torch_function(forward, gradients=(), formats="float32", seconds_per_call=1))
target = a.from_bidirectional(a.utterance_by_utterance(block, frames=(1, 300), channels=(1, 60), taps=(0, 60)))
