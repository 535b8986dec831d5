"""`fsmn_vec` at production sizes, on one thread: `python -m tox -e bench`."""

from __future__ import annotations

import numpy as np
import pytest

import fsmn_vec
from benchmarks.conftest import Against
from benchmarks.workload import Workload, Yardstick

SIZES = [(1000, 128, 20), (3000, 250, 20), (3000, 512, 11), (20000, 512, 20)]
UTTERANCES = [Workload(*size, dtype) for size in SIZES for dtype in (np.float32, np.float64)]
RANDOM = [Workload(*size, dtype, random_positions=True) for size in SIZES for dtype in (np.float32, np.float64)]
TINY = [Workload(15, 5, 4, np.float64)]


@pytest.mark.parametrize("workload", [*UTTERANCES, *RANDOM, *TINY], ids=str)
def test_forward_into_out(workload: Workload, against_yardstick: Against) -> None:
    _, hidden, filter, position = workload.arguments()
    out = np.empty_like(hidden)
    against_yardstick(
        lambda: fsmn_vec.compact_vfsmn_memory_forward(hidden, filter, position, out=out), Yardstick(hidden, filter)
    )


@pytest.mark.parametrize("workload", [*UTTERANCES, *TINY], ids=str)
def test_forward(workload: Workload, against_yardstick: Against) -> None:
    _, hidden, filter, position = workload.arguments()
    against_yardstick(
        lambda: fsmn_vec.compact_vfsmn_memory_forward(hidden, filter, position), Yardstick(hidden, filter)
    )


@pytest.mark.parametrize("workload", [*UTTERANCES, *RANDOM, *TINY], ids=str)
def test_backward(workload: Workload, against_yardstick: Against) -> None:
    dmemory, hidden, filter, position = workload.arguments()
    against_yardstick(
        lambda: fsmn_vec.compact_vfsmn_memory_backward(dmemory, hidden, filter, position), Yardstick(hidden, filter)
    )
