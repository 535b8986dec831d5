"""The FSMN memory block as its definition: plain loops, exact on Fractions."""

from fsmn_ref.bidirectional import bi_compact_vfsmn_memory_backward, bi_compact_vfsmn_memory_forward
from fsmn_ref.stream import bi_compact_vfsmn_stream, compact_vfsmn_stream
from fsmn_ref.unidirectional import compact_vfsmn_memory_backward, compact_vfsmn_memory_forward
from fsmn_ref.utterances import utterance_positions

__all__ = [
    "bi_compact_vfsmn_memory_backward",
    "bi_compact_vfsmn_memory_forward",
    "bi_compact_vfsmn_stream",
    "compact_vfsmn_memory_backward",
    "compact_vfsmn_memory_forward",
    "compact_vfsmn_stream",
    "utterance_positions",
]
