"""Times of all peers in one process, in turn: `python -m benchmarks.peers.timing THREADS production|sweeps`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

import numba
import numpy as np
import torch

from benchmarks.peers.kernels import LOOPS, PEERS, Peer
from benchmarks.suite import SIZES
from fsmn_properties.bench.limits import limits
from fsmn_properties.bench.workload import Scale, Workload
from fsmn_properties.contract.forms import UNI

BUDGET = 1.5  # seconds for each peer and size
LOOPS_AT_MOST = 3e6  # multiply-adds


Size = tuple[int, int, int, str]

SWEEPS: dict[str, list[Size]] = {
    "frames": [(frames, 256, 20, "float32") for frames in (300, 600, 1200, 2400, 4800, 9600, 19200)],
    "channels": [(3000, channels, 20, "float32") for channels in (32, 64, 128, 256, 512, 1024, 2048)],
    "taps": [(3000, 256, taps, "float32") for taps in (3, 5, 10, 20, 40, 80)],
}
PRODUCTION: list[Size] = [(*size, dtype) for dtype in ("float32", "float64") for size in SIZES]


@dataclass(frozen=True)
class Time:
    """Median seconds of one peer doing one part of the job at one size."""

    peer: str
    part: str
    frames: int
    channels: int
    taps: int
    dtype: str
    seconds: float

    @property
    def size(self) -> Size:
        """Frames, channels, taps and dtype."""
        return self.frames, self.channels, self.taps, self.dtype


def jobs(peers: tuple[Peer, ...], scale: Scale) -> Iterator[tuple[str, str, Callable[[], Any]]]:
    """Yield (peer, part, function) for all that can be timed at this size, each peer verified before."""
    case = scale.case(UNI)
    dmemory, hidden, filter, position = (case[name] for name in ("dmemory", "hidden", "filter", "position"))
    for peer in peers:
        if peer.same_layout:
            Workload(scale).verify(peer)
            Workload(scale, backward=True).verify(peer)
        yield peer.name, "forward", peer.forward(hidden, filter, position)
        if peer.backward:
            yield peer.name, "backward", peer.backward(dmemory, hidden, filter, position)
        if peer.dfilter:
            yield peer.name, "dfilter", peer.dfilter(dmemory, hidden, filter, position)


def times(scale: Scale) -> Iterator[Time]:
    """Time everything at one size: round after round, so that all meet the same state of the machine."""
    small = scale.frames * scale.channels * scale.taps <= LOOPS_AT_MOST
    todo = list(jobs((*PEERS, LOOPS) if small else PEERS, scale))
    seen: dict[tuple[str, str], list[float]] = {(peer, part): [] for peer, part, _ in todo}
    for peer, part, call in todo:
        call()  # compiles, and touches what a first call touches
        while not seen[peer, part] or (sum(seen[peer, part]) < BUDGET / 10 and len(seen[peer, part]) < 10):
            seen[peer, part].append(_seconds(call))
    for _ in range(30):
        for peer, part, call in todo:
            if sum(seen[peer, part]) < BUDGET:
                seen[peer, part].append(_seconds(call))
    for (peer, part), seconds in seen.items():
        yield Time(peer, part, scale.frames, scale.channels, scale.taps, scale.dtype, median(seconds))


def _seconds(call: Callable[[], Any]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> None:
    """Print the times as JSON."""
    threads, which = int(sys.argv[1]), sys.argv[2]
    sizes = PRODUCTION if which == "production" else [size for sweep in SWEEPS.values() for size in sweep]
    torch.set_num_threads(threads)
    numba.set_num_threads(min(threads, os.cpu_count() or 1))
    with np.errstate(all="ignore"):
        found = [
            asdict(each)
            for frames, channels, taps, dtype in dict.fromkeys(sizes)
            for each in times(Scale(frames, channels, taps, dtype=dtype))
        ]
    record = {"times": found, "limits": asdict(limits("float32"))}
    print(json.dumps(record))  # noqa: T201, the caller reads it


if __name__ == "__main__":
    main()
