from blocks import S3Attention

from fsmn_properties import adapters as a


def forward(hidden, taps, mask):
    block = a.with_weights(S3Attention(hidden.shape[2], len(taps)), {"fsmn_block.weight": taps.T[:, None]})
    return block.forward_fsmn(hidden[:, :, None], mask[:, :, None])


target = a.from_bidirectional(a.batched(a.one_filter(a.torch_function(forward), symmetric=True), masked="both"))
