from blocks import SANMEncoder

from fsmn_properties import adapters as a


def forward(hidden, bfilter, mask):
    shift = len(bfilter) - 1 - (len(bfilter) - 1) // 2
    block = SANMEncoder(hidden.shape[2], len(bfilter), shift)
    return a.with_weights(block, {"fsmn_block.weight": bfilter.T[:, None]}).forward_fsmn(hidden, mask[:, None])


target = a.from_bidirectional(a.batched(a.taps_oldest_first(a.torch_function(forward)), masked="both"))
