"""Calls of production size that are timed, and the yardstick that they are compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import numpy as np
from numpy.lib.stride_tricks import as_strided

from fsmn_properties.cases import case as cases
from fsmn_properties.catalogue.scale import sized
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.contract.promises import WHOLE, Promises
from fsmn_properties.targets.target import Target, target_of
from fsmn_ref.arguments import Array


class Case(Protocol):
    """Something that is timed on both sides; its text is its name."""

    def verify(self, side: Any) -> None:
        """Raise a Violation if a side computes anything wrong."""

    def calls(self, *sides: Any) -> list[Callable[[], object]]:
        """Return a function without arguments for each side."""


@dataclass(frozen=True)
class Scale:
    """The size of one call; parameters are those of `fsmn_properties.catalogue.scale.sized`."""

    frames: int
    channels: int
    taps: int
    ahead: int = 0
    stride: int = 1
    utterance: int = 300
    dtype: str = "float32"
    positions: str = "utterances of"

    def case(self, form: Form, promises: Promises = WHOLE) -> cases.Case:
        """Return a case of this size, as near to it as the promises allow."""
        return sized(form, promises, **vars(self)).case()


@dataclass(frozen=True)
class Workload:
    """One call of a function: whole numbers, so that results can be checked with == before they are timed."""

    scale: Scale
    form: Form = UNI
    backward: bool = False
    into_out: bool = False
    promises: Promises = WHOLE

    def __str__(self) -> str:
        s, taps = self.scale, f"{self.scale.taps}" + (f"+{self.scale.ahead}" if self.form is BI else "")
        parts = [
            f"{self.form.short}_{'backward' if self.backward else 'forward'}",
            f"{s.frames}x{s.channels}x{taps}",
            s.dtype,
            *[f"stride{s.stride}"] * (s.stride > 1),
            *["random"] * (s.positions != "utterances of"),
            *["out"] * self.into_out,
        ]
        return "-".join(parts)

    @property
    def case(self) -> cases.Case:
        """The arguments."""
        return self.scale.case(self.form, self.promises)

    @property
    def function(self) -> str:
        """The name of the function that is called."""
        return self.form.backward if self.backward else self.form.forward

    def verify(self, side: Any) -> None:
        """Raise a Violation if a side computes anything wrong for these arguments."""
        case, target = self.case, _target(side)
        agree(case, Trial(target, case.form).call(case, self.function))

    def calls(self, *sides: Any) -> list[Callable[[], object]]:
        """Return a function without arguments for each side, which makes the call.

        All of them are handed the same arrays: at other addresses the same call takes 1 or 2% more or less.

        Parameters
        ----------
        *sides : Side, Target or object
            What has the functions.
        """
        case = self.case
        arguments = case.arguments(self.function).values()
        options: dict[str, Any] = {}
        if self.into_out:
            results = [np.empty_like(case[name]) for name in self.form.floats]
            options["out"] = tuple(results) if self.backward else results[0]
        calls: list[Callable[[], object]] = []
        for target in map(_target, sides):
            strides = {} if target.gives_no_stride(self.function) else case.strides
            calls.append(partial(target.function(self.function), *arguments, **strides, **options))
        return calls

    @property
    def multiply_adds(self) -> int:
        """How many multiply-adds the definition has."""
        case, used = self.case, 0
        for name, taps, positions in zip(case.form.filters, case.taps, case.form.positions, strict=True):
            used += (
                int(np.minimum(case[positions] // self.scale.stride, taps).sum()) + (name == "bfilter") * case.frames
            )
        return used * self.scale.channels * (2 if self.backward else 1)

    @property
    def bytes(self) -> int:
        """How many bytes must be read or written at least: filters and positions are few beside frames."""
        frames: Array = self.case["hidden"]
        return frames.nbytes * (3 if self.backward else 2)


def _target(side: Any) -> Target:
    return target_of(getattr(side, "target", side))


class Yardstick:
    """One plain einsum over the windows of all frames, without positions, into an array that is there already."""

    def __init__(self, hidden: Array, filter: Array) -> None:
        taps = len(filter)
        before = np.zeros_like(hidden, shape=(taps, hidden.shape[1]))
        newest = np.concatenate((before, hidden))[taps - 1 : -1]
        row, channel = newest.strides
        self._windows = as_strided(newest, (len(hidden), taps, hidden.shape[1]), (row, -row, channel), writeable=False)
        self._filter, self.sums = filter, np.empty_like(hidden)

    def __call__(self) -> None:
        """Compute it."""
        np.einsum("tnd,nd->td", self._windows, self._filter, out=self.sums)
