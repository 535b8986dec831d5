"""Production scale, where blocking, unrolling, caching and overflow bugs live.

Two checks for each size. Sampled rows, all utterance boundaries among them, are computed by the contract's formula and
compared with ==. And, with m = <dmemory, memory>, the whole result is held by two identities on random whole numbers:
m = <dhidden, hidden>, since the memory is linear in hidden, and m - <dmemory, hidden> = the sum of <dfilter, filter>
over the filters, since it is affine in them. They cost one forward and one backward call. If forward and backward are
not each other's transposes, both sides are different polynomials of degree 3 in numbers drawn from a set S, and are
equal by chance with a probability of at most 3/|S| (Schwartz, Zippel).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fsmn_properties.case import Case
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import first_wrong
from fsmn_properties.oracles.windows import lags
from fsmn_properties.property import Covered, Property, for_each_form_alone
from fsmn_properties.violation import Violation, script_of
from fsmn_ref import utterance_positions
from fsmn_ref.arguments import Array, Positions

SEEDS = (0, 1)
SAMPLED_ROWS = 60


KINDS = ("utterances", "random", "within reach", "at reach", "all or nothing", "here and there")


def _positions(kind: str, rng: np.random.Generator, allowed: Positions, reach: int) -> Positions:
    """Return positions of one of KINDS, of those that are allowed in each row; the taps reach so many frames far."""
    match kind:
        case "random":
            return rng.integers(0, allowed, endpoint=True)
        case "within reach":
            return rng.integers(0, np.minimum(allowed, reach), endpoint=True)
        case "at reach":
            return np.minimum(allowed, reach)
        case "all or nothing":
            return np.where(rng.integers(0, 2, len(allowed)) == 0, allowed, 0)
        case "here and there":
            return np.where(rng.integers(0, 25, len(allowed)) == 0, allowed, 0)
    return allowed


@dataclass(frozen=True)
class Scale:
    """The size of one call; utterances of `utterance` frames are laid one after another.

    The look-ahead has strides of `stride + wider` frames.
    """

    frames: int
    channels: int
    taps: int
    ahead: int = 0
    stride: int = 1
    utterance: int = 300
    dtype: str = "float32"
    positions: str = "utterances"
    wider: int = 0

    def __str__(self) -> str:
        size = f"{self.frames} frames x {self.channels} channels x {self.taps}+{self.ahead} taps, {self.dtype}"
        return size if self.positions == "utterances" else f"{size}, positions {self.positions}"

    @property
    def limit(self) -> int:
        """The largest magnitude with which every sum of the call is exact in its dtype, and those of the identities.

        Doubles are so large that float32 holds no product of two of them.
        """
        terms = self.taps + self.ahead + 2
        of_results = (2 ** (np.finfo(self.dtype).nmant + 1) / max(self.frames, terms)) ** (1 / 2)
        of_identities = (2**63 / (self.frames * self.channels * (terms + 1))) ** (1 / 3)  # see _inner
        return int(min(of_results, of_identities, 1 << 13))

    def case(self, form: Form, seed: int) -> Case:
        """Return a case of random whole numbers of this size."""
        rng = np.random.default_rng(seed)
        lengths = [self.utterance] * (self.frames // self.utterance)
        look_back, look_ahead = utterance_positions([*lengths, self.frames - sum(lengths)])
        rows = {"hidden": self.frames, "dmemory": self.frames, "filter": self.taps}
        rows |= {"bfilter": self.taps + 1, "ffilter": self.ahead}
        floats = {
            name: rng.integers(-self.limit, self.limit, (rows[name], self.channels), endpoint=True).astype(self.dtype)
            for name in ("dmemory", *form.floats)
        }
        look_back = _positions(self.positions, rng, look_back, self.taps * self.stride)
        look_ahead = _positions(self.positions, rng, look_ahead, self.ahead * (self.stride + self.wider))
        # Every other seed in the narrowest type that holds them, in which sums and differences overflow.
        types = [np.min_scalar_type(int(p.max(initial=0))) if seed % 2 else p.dtype for p in (look_back, look_ahead)]
        positions = dict(zip(form.positions, (look_back.astype(types[0]), look_ahead.astype(types[1])), strict=False))
        dmemory = floats.pop("dmemory")
        strides = {name: self.stride + self.wider * (name == "fstride") for name in form.strides}
        return Case(form, floats, positions, strides, dmemory)


def check(implementation: Any, form: Form, scale: Scale, seed: int) -> None:
    """Check one size with the numbers of a seed."""
    check_case(implementation, scale.case(form, seed), scale, seed)


def check_case(implementation: Any, case: Case, scale: Scale, seed: int) -> None:
    """Check one case of that size, which may have other positions."""
    memory = case.forward(implementation)
    _rows(case, scale, memory, seed)
    _identities(case, scale, memory, case.backward(implementation), seed)


def _rows(case: Case, scale: Scale, memory: Array, seed: int) -> None:
    if memory.shape != case["hidden"].shape or memory.dtype != scale.dtype:
        raise _violation(case, scale, seed, f"memory has shape {memory.shape} and dtype {memory.dtype}")
    starts = np.arange(0, scale.frames, scale.utterance)
    reach = scale.taps * scale.stride
    near = np.concatenate([starts + d for d in (-2, -1, 0, 1, reach - 1, reach, reach + 1)] + [[scale.frames - 1]])
    near = np.unique(near[(near >= 0) & (near < scale.frames)])
    rng = np.random.default_rng(seed)
    rows = np.concatenate(
        (rng.choice(near, min(len(near), SAMPLED_ROWS), replace=False), rng.integers(0, scale.frames, SAMPLED_ROWS))
    )
    for row in rows.tolist():
        want = case["hidden"][row].astype(np.float64)
        for filter, taps, frames in lags(case, row):
            want += (case[filter][taps].astype(np.float64) * case["hidden"][frames]).sum(axis=0)
        wrong = memory[row] != want
        if wrong.any():
            raise _violation(case, scale, seed, first_wrong(f"memory[{row}]", wrong, memory[row], want))


def _identities(case: Case, scale: Scale, memory: Array, gradients: dict[str, Array], seed: int) -> None:
    for name, gradient in gradients.items():
        if gradient.shape != case[name.removeprefix("d")].shape or gradient.dtype != scale.dtype:
            raise _violation(case, scale, seed, f"{name} has shape {gradient.shape} and dtype {gradient.dtype}")
    total = _inner(case.dmemory, memory)
    of_hidden = _inner(gradients["dhidden"], case["hidden"])
    if total != of_hidden:
        raise _violation(case, scale, seed, f"<dmemory, memory> is {total}, but <dhidden, hidden> is {of_hidden}")
    of_filters = sum(_inner(gradients[f"d{name}"], case[name]) for name in case.form.filters)
    total -= _inner(case.dmemory, case["hidden"])
    if total != of_filters:
        problem = f"<dmemory, memory - hidden> is {total}, but the sum of <dfilter, filter> is {of_filters}"
        raise _violation(case, scale, seed, problem)


def _inner(a: Array, b: Array) -> int:
    # For each row, tap and channel at most the product of three values. NaN becomes some number, and so is seen.
    return int((a.astype(np.int64) * b.astype(np.int64)).sum())


def _violation(case: Case, scale: Scale, seed: int, problem: str) -> Violation:
    line = f"check(implementation, form, {scale!r}, {seed})"
    return Violation(f"At {scale}: {problem}", script_of("production", "Scale, check", case.form, line))


def _at(name: str, statement: str, scales: Sequence[Scale], few: int) -> list[Property]:
    miss = max((3 / (2 * scale.limit + 1)) ** len(SEEDS) for scale in scales)

    def every_size(implementation: Any, form: Form) -> Iterator[Covered]:
        for again in range(len(SEEDS)):  # each size with one of the seeds, before any with another
            for number, scale in enumerate(scales):
                check(implementation, form, scale, SEEDS[(number + again) % len(SEEDS)])
                yield Covered()

    every_size.__name__, every_size.__doc__ = name, statement
    return for_each_form_alone(f"chance of a miss at most {miss:.1e} for each size", few)(every_size)


# The first ones alone show most of what goes wrong: whatever holds too few, loses a tail or drops a full last block.
LENGTHS = (1025, 256, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 257, 1000, 1023, 1024, 4097)
TAPS = (200, 128, 129, 65, 64, 33, 32, 31, 17, 16, 15, 5, 4, 3, 2, 1)
CHANNELS = (257, 15, 130, 1, 12, 100, 3, 5, 7, 9, 17, 31, 33, 63, 65, 127, 129, 200, 8, 16, 32, 64)

PROPERTIES = (
    *_at(
        "channels_of_any_number",
        "Results are right for channel counts that are no multiple of 4, 8 or 16, and that fill a vector or a warp.",
        [Scale(150, channels, 9, 4, 1 + channels % 2, 70) for channels in CHANNELS],
        few=6,
    ),
    *_at(
        "positions_of_any_kind",
        "Results are right for long inputs with positions of any kind, and with strides of its own on each side.",
        [
            Scale(frames, 3, taps, ahead, stride, frames, dtype, kind, wider)
            for kind in KINDS
            for frames, taps, ahead, stride, dtype, wider in (
                (300, 20, 6, 1, "float32", 1),
                (1025, 9, 12, 2, "float64", -1),
                (200, 0, 5, 1, "float64", 2),
            )
        ],
        few=6,
    ),
    *_at(
        "taps_of_any_number",
        "Results are right for up to 200 taps, with strides, and for utterances shorter than the taps reach.",
        [
            Scale(260, 3, taps, taps // 2, stride, utterance, "float64")
            for taps in TAPS
            for stride, utterance in ((1, 260), (2, 120), (3, 20))
        ],
        few=6,
    ),
    *_at(
        "lengths_around_powers_of_two",
        "Results are right for lengths around powers of two and round numbers, in one utterance and in several.",
        [
            Scale(length, 5, 6, 3, utterance=utterance, dtype=dtype)
            for length in LENGTHS
            for utterance, dtype in ((length, "float32"), (50, "float64"), (3, "float32"))
        ],
        few=6,
    ),
)

LARGE = (
    *_at(
        "positions_beyond_small_integers",
        "Results are right where positions and distances exceed 127, 255 and 32767.",
        [
            Scale(600, 2, 3, 2, stride=140, utterance=600, dtype="float64"),
            Scale(34_000, 1, 15, 15, stride=2_200, utterance=34_000, dtype="float64"),
        ],
        few=2,
    ),
    *_at(
        "largest_sizes",
        "Results are right beyond 2048 channels, 256 taps, 65535 frames or numbers: where blocks, bytes, uint16 end.",
        [
            Scale(1, 512, 20, 20),
            Scale(3, 257, 40, 2),
            Scale(7, 2, 150, 150, dtype="float64"),
            Scale(70, 1025, 5, 3),
            Scale(70, 2049, 40, 33, dtype="float64"),
            Scale(300, 2, 257, 257, dtype="float64"),
            Scale(66_100, 1, 2, 2, stride=7, utterance=66_100, dtype="float64"),
        ],
        few=7,
    ),
    *_at(
        "production_sizes",
        "Results are right at the sizes of FSMN-VAD, keyword spotting, Paraformer, SenseVoice and Kaldi's DFSMN.",
        [
            Scale(6000, 128, 20),
            Scale(2000, 200, 10, 2),
            Scale(500, 512, 11, 5, utterance=500),
            Scale(4096, 512, 20, 20, stride=2),
            Scale(1000, 128, 20, dtype="float64"),
        ],
        few=1,
    ),
)
