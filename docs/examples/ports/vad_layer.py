from blocks import VADLayer

from fsmn_properties import adapters as a


def forward(hidden, bfilter, ffilter, bstride, fstride):
    layer = VADLayer(hidden.shape[2], hidden.shape[2], len(bfilter), len(ffilter), bstride, fstride)
    left, right = bfilter.T[:, None, :, None], ffilter.T[:, None, :, None]
    weights = {"fsmn_block.conv_left.weight": left, "fsmn_block.conv_right.weight": right}
    return a.with_weights(layer, weights)(hidden)


target = a.from_bidirectional(a.batched(a.taps_oldest_first(a.torch_function(forward))))
