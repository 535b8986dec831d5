"""ONNX Runtime: a convolution whose filter is an input. The mistake: frames are padded behind their end instead."""

import onnx

from fsmn_properties import adapters as a

MODEL = """<ir_version: 8, opset_import: ["": 17]>
memory (float[1, 4, T] hidden, float[4, 1, K] bfilter) => (float[1, 4, T] memory) {
    one = Constant <value_ints = [1]> ()
    kernel = Shape <start = 2> (bfilter)
    back = Sub (kernel, one)
    none = Sub (one, one)
    pads = Concat <axis = 0> (none, none, back, none, none, none)
    padded = Pad (hidden, pads)
    taps = Conv <group = 4> (padded, bfilter)
    memory = Add (hidden, taps)
}"""


def block(text):
    model = a.onnx_session(onnx.parser.parse_model(text).SerializeToString(), channels=(4, 4))
    return a.from_bidirectional(a.utterance_by_utterance(a.taps_oldest_first(a.channels_first(model))))


target, mistaken = block(MODEL), block(MODEL.replace("back, none, none, none)", "none, none, none, back)"))
