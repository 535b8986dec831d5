"""`fsmn_vec` at production sizes, on one thread: `python -m tox -e bench`."""

from __future__ import annotations

import pytest

import fsmn_vec
from benchmarks.conftest import Against
from benchmarks.suite import TINY, everything
from fsmn_properties.bench.workload import Workload


def named(workload: Workload) -> str:
    return f"tiny-{workload}" if workload.scale == TINY else str(workload)


@pytest.mark.parametrize("workload", everything(), ids=named)
def test_kernel(workload: Workload, against_limits: Against) -> None:
    workload.verify(fsmn_vec)
    against_limits(fsmn_vec, workload)
