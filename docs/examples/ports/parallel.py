from blocks import Parallel

from fsmn_properties import adapters as a


def forward(hidden, taps, left):
    block = Parallel(hidden.shape[0], left, taps.shape[1] - 1 - left)
    return a.with_weights(block, {"filter.weight": taps[:, None]})(hidden[None])[0]


block = a.channels_first(a.one_filter(a.torch_function(forward)))
target = a.from_bidirectional(a.identity_folded_into_own_tap(a.utterance_by_utterance(block)))
