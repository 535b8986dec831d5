"""What is timed: calls of production size, and the yardstick that they are compared with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from fsmn_properties.case import Case
from fsmn_properties.catalogue.production import Scale, check_case
from fsmn_properties.forms import BI, UNI, Form
from fsmn_ref.arguments import Array

SEED = 0


@dataclass(frozen=True)
class Workload:
    """One call of a function: whole numbers, so that results can be checked with == before they are timed."""

    scale: Scale
    form: Form = UNI
    backward: bool = False
    into_out: bool = False

    def __str__(self) -> str:
        s, taps = self.scale, f"{self.scale.taps}" + (f"+{self.scale.ahead}" if self.form is BI else "")
        parts = [
            f"{self.form.short}_{'backward' if self.backward else 'forward'}",
            f"{s.frames}x{s.channels}x{taps}",
            s.dtype,
            *[f"stride{s.stride}"] * (s.stride > 1),
            *["random"] * (s.positions != "utterances"),
            *["out"] * self.into_out,
        ]
        return "-".join(parts)

    @property
    def case(self) -> Case:
        """The arguments."""
        return self.scale.case(self.form, SEED)

    def verify(self, implementation: Any) -> None:
        """Raise a Violation if the implementation computes anything wrong for these arguments."""
        with np.errstate(all="ignore"):
            check_case(implementation, self.case, self.scale, SEED)

    def calls(self, *implementations: Any) -> list[Callable[[], object]]:
        """Return a function without arguments for each implementation, which makes the call.

        All of them are handed the same arrays: at other addresses the same call takes 1 or 2% more or less.
        """
        case = self.case
        arguments = [*case.floats.values(), *case.positions.values()]
        options: dict[str, Any] = dict(case.strides)
        if self.backward:
            arguments.insert(0, case.dmemory)
        if self.into_out:
            results = [np.empty_like(value) for value in case.floats.values()]
            options["out"] = tuple(results) if self.backward else results[0]
        function = self.form.backward if self.backward else self.form.forward
        return [partial(getattr(each, function), *arguments, **options) for each in implementations]

    @property
    def multiply_adds(self) -> int:
        """How many multiply-adds the definition has."""
        case, used = self.case, 0
        for name, positions in zip(case.form.filters, case.positions.values(), strict=True):
            taps = len(case[name]) - (name == "bfilter")
            used += int(np.minimum(positions // self.scale.stride, taps).sum()) + (name == "bfilter") * len(positions)
        return used * self.scale.channels * (2 if self.backward else 1)

    @property
    def bytes(self) -> int:
        """How many bytes must be read or written at least: filters and positions are few beside frames."""
        frames: Array = self.case["hidden"]
        return frames.nbytes * (3 if self.backward else 2)


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
