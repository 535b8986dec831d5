from blocks import SANMEncoder

from fsmn_properties import adapters as a


def forward(hidden, taps, mask):
    block = SANMEncoder(hidden.shape[2], len(taps))
    return a.with_weights(block, {"fsmn_block.weight": taps.T[:, None]}).forward_fsmn(hidden, mask[:, None])


target = a.from_bidirectional(a.batched(a.one_filter(a.torch_function(forward), symmetric=True), masked="both"))
