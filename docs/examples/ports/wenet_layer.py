from blocks import WenetLayer

from fsmn_properties import adapters as a


def forward(hidden, bfilter, ffilter, bstride, fstride):
    layer = WenetLayer(hidden.shape[0], bfilter.shape[1] - 1, ffilter.shape[1], bstride, fstride)
    weights = {"conv_left.weight": bfilter[:, None], "conv_right.weight": ffilter[:, None]}
    return a.with_weights(layer, weights)(hidden[None])[0]


block = a.channels_first(a.taps_oldest_first(a.torch_function(forward, ahead=(1, None), short=False)))
target = a.from_bidirectional(a.utterance_by_utterance(block))
