import torch
from blocks import vectorized

from fsmn_properties import adapters as a


def forward(hidden, filter):
    return vectorized(hidden[None], torch.cat([filter[:1] * 0, filter]))[0]


target = a.utterance_by_utterance(a.torch_function(forward, frames=(1, 400), channels=(1, 60), taps=(1, 60)))
