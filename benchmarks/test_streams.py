"""Streams of `fsmn_vec` beside the forward call on the same frames: one frame at a time, and in chunks of 100."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

import fsmn_vec
from fsmn_properties.contract.forms import BI, UNI

SIZES = ((128, 20, 0), (128, 10, 2), (512, 11, 0))
"""Channels, taps and look-ahead taps that are deployed."""


@pytest.mark.parametrize("call", ["push", "forward"])
@pytest.mark.parametrize("frames", [1, 100])
@pytest.mark.parametrize(("channels", "taps", "ahead"), SIZES)
def test_stream(benchmark: BenchmarkFixture, call: str, frames: int, channels: int, taps: int, ahead: int) -> None:
    form = BI if ahead else UNI
    rows = (taps + 1, ahead) if ahead else (taps,)
    rng = np.random.default_rng(0)
    hidden, *filters = (rng.standard_normal((n, channels)).astype(np.float32) for n in (frames, *rows))
    positions = (np.arange(frames), np.arange(frames)[::-1])[: len(rows)]
    benchmark.group = f"{form.short}, {frames} x {channels}, {taps} + {ahead} taps, float32"
    if call == "push":
        stream = getattr(fsmn_vec, form.stream)(*filters)
        stream.push(np.tile(hidden, (100, 1)))
        benchmark(stream.push, hidden)
    else:
        benchmark(getattr(fsmn_vec, form.forward), hidden, *filters, *positions)
