"""The FSMN memory block vectorized with NumPy alone, with the names and signatures of `fsmn_ref`, and `out=`."""

from fsmn_vec.bidirectional import bi_compact_vfsmn_memory_backward, bi_compact_vfsmn_memory_forward
from fsmn_vec.stream import bi_compact_vfsmn_stream, compact_vfsmn_stream
from fsmn_vec.unidirectional import compact_vfsmn_memory_backward, compact_vfsmn_memory_forward

__all__ = [
    "bi_compact_vfsmn_memory_backward",
    "bi_compact_vfsmn_memory_forward",
    "bi_compact_vfsmn_stream",
    "compact_vfsmn_memory_backward",
    "compact_vfsmn_memory_forward",
    "compact_vfsmn_stream",
]
