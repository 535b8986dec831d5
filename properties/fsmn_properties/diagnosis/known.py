"""Bugs that real FSMN implementations have had, by the row of the list in `properties/planted_bugs/known_bugs.md`."""

from __future__ import annotations

ROWS: dict[int, tuple[str, str]] = {
    1: (
        "the identity term's gradient is missing from dhidden (error exactly -dmemory)",
        "iNCML-DNNLM's vFSMN, ComputeVfsmnHiddenDiff; the notebook's note on its 'line 46' is about this",
    ),
    2: (
        "taps stored oldest first instead of newest first (or one side flipped, the other not)",
        "FunASR against Kaldi weights; to_kaldi_net flips the left filter only",
    ),
    3: (
        "off by one: filter[0] means t (bi, Kaldi) or t-1 (uni); 'order 20' means 20 taps or 21",
        "notebook uni against Kaldi; LOrder against BackOrder",
    ),
    4: (
        "position[r] > r wraps to the end of the array, silently",
        "the notebook",
    ),
    5: (
        "position[r] > r reads out of bounds",
        "the CUDA and C++ relatives",
    ),
    6: (
        "positions as floats; NaN through fmin gives all N taps",
        "Kaldi's float matrices",
    ),
    7: (
        "utterance boundaries ignored on one backend",
        "Alibaba's Kaldi CPU forward ignores its flags",
    ),
    8: (
        "CPU backward is an empty TODO: zero gradients",
        "both Kaldi trees",
    ),
    9: (
        "float accumulator for double data",
        "Kaituo Xu's CUDA kernel",
    ),
    10: (
        "filter indexed with the input's row pitch",
        "Alibaba's CUDA kernel",
    ),
    11: (
        "stride ignored, hard-coded to 1, or applied to the padding but not to the taps",
        "MLX port, ModelScope KWS, wekws",
    ),
    12: (
        "first look-ahead tap at the look-back stride (wrong if the two differ)",
        "CSI-NN2",
    ),
    13: (
        "first look-ahead tap at t+1, the rest strided",
        "pyfsmn",
    ),
    14: (
        "look-ahead filter created and never used",
        "a FunASR block",
    ),
    15: (
        "current frame tapped twice (look-ahead sum from j = 0)",
        "transcriptions of the paper",
    ),
    16: (
        "mask only before or only after: errors of 0.63 and 1.02 on valid frames",
        "SANM variants; a Hugging Face pull request says padding must be zeroed on both sides",
    ),
    17: (
        "a sequence shorter than the filter's span crashes or shrinks",
        "HandsLing/DFSMN, FireRedVAD, BiFSMNv2",
    ),
    18: (
        "one frame: a bare squeeze() changes the shape; x[-0:] keeps everything when the order is 1",
        "ModelScope, FunASR, FireRedVAD",
    ),
    19: (
        "look-ahead at a chunk's end wrong when streaming (0.84 on the last R frames of each chunk)",
        "FunASR with L = 10, R = 2",
    ),
    20: (
        "a 'zero' padding row is trainable: the future leaks in after one step",
        "yinruiqing/fsmn",
    ),
    21: (
        "integer hidden truncates the result",
        "the notebook's bidirectional forward",
    ),
    22: (
        "float32 in, float64 out",
        "the notebook's unidirectional forward",
    ),
    23: (
        "extra filter columns silently ignored",
        "the notebook",
    ),
    24: (
        "the gradient is clipped on one side only",
        "Alibaba's nnet0",
    ),
    25: (
        "forward and backward wrong together (shifted or reversed taps): every gradient check passes at 1e-9",
        "any code whose forward has no independent oracle",
    ),
    26: (
        "an order of 0 on one side: x[:, :, :-0] is empty, so the whole unidirectional form raises",
        "wekws' block",
    ),
    27: (
        "one channel: a bare squeeze() turns (T, 1) into something that broadcasts to (T, T)",
        "ModelScope's uni_deep_fsmn",
    ),
    28: (
        "with a single look-back tap the cache slice [-0:] keeps every frame: 7 rows come out for 4",
        "FunASR's streaming VAD, FireRedVAD",
    ),
    29: (
        "look-ahead together with a cache raises",
        "FireRedVAD",
    ),
    30: (
        "strides in the taps but not in the padding, or the other way round: it raises or shifts",
        "BiFSMNv2, MLX port",
    ),
    31: (
        "a sequence shorter than a stride raises, or comes back padded to that length",
        "HandsLing/DFSMN, FireRedVAD",
    ),
    32: (
        "the exported stream returns the cache it was given instead of the new one",
        "wekws' ONNX export",
    ),
    33: (
        "depthwise kernels in half precision by the library's choice: encoder off by 2.9 until rewritten in float32",
        "ggml's conv_1d_dw, FunASR's runtime",
    ),
    34: (
        "half precision overflows to NaN on one device and not on another",
        "SenseVoice on CoreML",
    ),
    35: (
        "an utterance's padding holds junk and leaks through the mask on one side",
        "SANM variants",
    ),
}
"""Each bug, and where it was found."""


def known(row: int) -> str:
    """Return a row of the list as a sentence."""
    bug, where = ROWS[row]
    return f"row {row} of known_bugs.md: {bug} ({where})"
