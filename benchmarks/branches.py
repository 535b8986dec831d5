"""What each branch of `fsmn_vec.delay_line` gains: `python -m benchmarks.branches`, on one thread.

Every line is one size: the time of the call without the branch as a multiple of the time with it, forward and backward.
Both are timed in turn within one process; the figure is the median over the turns.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

import fsmn_vec
from fsmn_ref import utterance_positions
from fsmn_vec import bidirectional, delay_line

SECONDS = 1.0


@dataclass(frozen=True)
class Size:
    """One call: `ahead` is None in the unidirectional form."""

    frames: int
    channels: int
    taps: int
    ahead: int | None = None
    stride: int = 1
    utterance: int = 300
    random: bool = False
    dtype: str = "float32"

    def __str__(self) -> str:
        taps = f"{self.taps}" + (f"+{self.ahead}" if self.ahead is not None else "")
        kind = "random positions" if self.random else f"utterances of {self.utterance}"
        stride = f", stride {self.stride}" if self.stride > 1 else ""
        return f"{self.frames} x {self.channels} x {taps} {self.dtype}{stride}, {kind}"

    def calls(self) -> tuple[Callable[[], object], Callable[[], object]]:
        """Return the forward and the backward call, without arguments, into arrays that are there already."""
        rng = np.random.default_rng(0)
        T, bi = self.frames, self.ahead is not None
        rows = [T, T, self.taps + bi, *([self.ahead] if self.ahead is not None else [])]
        dmemory, hidden, *filters = (rng.standard_normal((n, self.channels)).astype(self.dtype) for n in rows)
        lengths = [self.utterance] * (T // self.utterance)
        back, ahead = utterance_positions([*lengths, T - sum(lengths)])
        if self.random:
            back, ahead = (rng.integers(0, np.minimum(p, self.taps * self.stride) + 1) for p in (back, ahead))
        arguments = [hidden, *filters, *(back, ahead)[: 1 + bi]]
        options: dict[str, Any] = {"bstride": self.stride, "fstride": self.stride} if bi else {"stride": self.stride}
        prefix = "bi_" if bi else ""
        forward = getattr(fsmn_vec, f"{prefix}compact_vfsmn_memory_forward")
        backward = getattr(fsmn_vec, f"{prefix}compact_vfsmn_memory_backward")
        memory, gradients = np.empty_like(hidden), tuple(np.empty_like(a) for a in (hidden, *filters))
        return (
            lambda: forward(*arguments, **options, out=memory),
            lambda: backward(dmemory, *arguments, **options, out=gradients),
        )


VAD = Size(6000, 128, 20)
SPOTTING = Size(2000, 200, 10, 2)
SANM = Size(500, 512, 11)
DFSMN = Size(4096, 512, 20, 20, stride=2)
RANDOM = Size(6000, 128, 20, random=True)
TINY = Size(15, 5, 4, dtype="float64")


class Unequal(int):
    """A stride that equals no other."""

    __hash__ = int.__hash__

    def __eq__(self, other: object) -> bool:
        """Return False."""
        return False


# What the branch is, where it is, its name there, what to put in its place, and where it should show.
BRANCHES: list[tuple[str, Any, str, Any, list[Size]]] = [
    ("small inputs are gathered", delay_line, "SMALL_BYTES", 0, [TINY, Size(60, 64, 10), Size(100, 16, 10)]),
    ("neighbouring rows are stretches", delay_line, "SHORTEST", sys.maxsize, [VAD, SPOTTING, SANM, DFSMN]),
    ("short stretches are not", delay_line, "SHORTEST", 1, [Size(2000, n, 20, utterance=8) for n in (16, 128, 512)]),
    ("rows are folded", delay_line, "MOST_FOLDED", 1, [VAD, Size(4000, 16, 20), Size(1000, 128, 200)]),
    (
        "wide strides are gathered",
        delay_line,
        "STRIDES_IN_BLOCK",
        0,
        [Size(20000, 512, 20, stride=900, utterance=20000)],
    ),
    ("sums are written in place", delay_line, "_has_place", lambda _: False, [VAD, SANM, Size(3000, 512, 11)]),
    ("few wide rows are one block", delay_line, "FEWEST_ROWS", 1, [Size(2000, 2048, 40, random=True)]),
    ("readers that are neighbours", delay_line, "_readers", lambda _: None, [VAD, SANM, DFSMN]),
    ("equal strides are one line", bidirectional, "tap_stride", lambda _, value: Unequal(value), [SPOTTING, DFSMN]),
]


@contextmanager
def instead(module: Any, name: str, value: Any) -> Iterator[None]:
    """Put `value` in the place of what a module calls `name`."""
    before = getattr(module, name)
    setattr(module, name, value)
    yield
    setattr(module, name, before)


def seconds(call: Callable[[], object], repeats: int) -> float:
    """Return the CPU time of one of so many calls."""
    started = time.thread_time()
    for _ in range(repeats):
        call()
    return (time.thread_time() - started) / repeats


def gain(call: Callable[[], object], module: Any, name: str, value: Any) -> float:
    """Return the time without a branch as a multiple of that with it: the median over turns."""
    call()
    repeats = max(1, int(2e-3 / seconds(call, 3)))
    gains: list[float] = []
    until = time.perf_counter() + SECONDS
    while time.perf_counter() < until or len(gains) < 7:
        with_it = seconds(call, repeats)
        with instead(module, name, value):
            gains.append(seconds(call, repeats) / with_it)
    return median(gains)


def main() -> None:
    """Print the table."""
    print(f"{'':72} forward backward")  # noqa: T201
    for what, module, name, value, sizes in BRANCHES:
        print(what)  # noqa: T201
        for size in sizes:
            gains = [gain(call, module, name, value) for call in size.calls()]
            print(f"    {size!s:68} {gains[0]:7.2f} {gains[1]:8.2f}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
