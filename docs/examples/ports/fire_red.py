from blocks import FireRed

from fsmn_properties import adapters as a


def forward(hidden, bfilter, ffilter, bstride, fstride):
    block = FireRed(hidden.shape[2], len(bfilter), bstride, len(ffilter), fstride)
    weights = {"lookback_filter.weight": bfilter.T[:, None], "lookahead_filter.weight": ffilter.T[:, None]}
    return a.with_weights(block, weights)(hidden)


target = a.from_bidirectional(a.batched(a.taps_oldest_first(a.torch_function(forward))))
