from blocks import VADBlock

from fsmn_properties import adapters as a


def forward(hidden, bfilter, ffilter, bstride, fstride):
    block = VADBlock(hidden.shape[1], len(bfilter), len(ffilter), bstride, fstride)
    weights = {"conv_left.weight": bfilter.T[:, None, :, None], "conv_right.weight": ffilter.T[:, None, :, None]}
    return a.with_weights(block, weights)(hidden[None])[0][0]


target = a.from_bidirectional(a.utterance_by_utterance(a.taps_oldest_first(a.torch_function(forward))))
