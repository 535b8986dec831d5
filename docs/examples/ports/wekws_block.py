from blocks import WekwsBlock

from fsmn_properties import adapters as a


def forward(hidden, bfilter, ffilter):
    block = WekwsBlock(hidden.shape[1], len(bfilter), len(ffilter))
    weights = {"conv_left.weight": bfilter.T[:, None, :, None], "conv_right.weight": ffilter.T[:, None, :, None]}
    return a.with_weights(block, weights)((hidden[None], None))[0][0]


block = a.delayed(a.taps_oldest_first(a.torch_function(forward, ahead=(1, None))))
target = a.from_bidirectional(a.utterance_by_utterance(block))
