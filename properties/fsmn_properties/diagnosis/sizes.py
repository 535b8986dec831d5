"""From which sizes on a target is wrong: the failing case made as small as it can be, and what is just below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.within import outside
from fsmn_properties.contract.promises import Promises
from fsmn_properties.diagnosis.deadline import Deadline
from fsmn_properties.diagnosis.settings import filled

SMALLEST = {"frames": (9, 12, 3, 1), "channels": (2, 3, 1), "taps": (3, 2, 1), "ahead": (2, 3, 1), "stride": (1, 2, 3)}
"""What is tried in place of each size first; what is wrong there depends on nothing of the kind."""

MOST = 4_000_000
SECONDS = 1.2


@dataclass
class Sizes:
    """A search for the sizes from which on something is wrong.

    Parameters
    ----------
    case : Case
        A case that is wrong; its values do not matter.
    promises : Promises
        Those of the target.
    is_wrong : callable
        Whether a case is wrong.
    end : Deadline
        When the search ends.
    told : list
        The sizes that conditions were told about, each with a test of it.
    """

    case: Case
    promises: Promises
    is_wrong: Callable[[Case], bool]
    end: Deadline = field(default_factory=lambda: Deadline(SECONDS))
    told: list[tuple[str, Callable[[int], bool]]] = field(default_factory=list)
    _known: dict[tuple[tuple[str, int], ...], bool] = field(default_factory=dict)

    def wrong_at(self, sizes: Mapping[str, int]) -> bool:
        """Return whether the target is wrong at some sizes, as far as they are promised."""
        key = tuple(sizes.items())
        if key not in self._known:
            if self.end.is_over or prod(max(1, n) for n in sizes.values()) > MOST:
                return False
            case = sized(self.case, sizes)
            self._known[key] = not outside(case, self.promises) and self.is_wrong(case)
        return self._known[key]

    def smallest(self) -> dict[str, int] | None:
        """Return sizes at which the target is wrong, each as small as the others let it be; None if it is right."""
        sizes = sizes_of(self.case)
        if not self.wrong_at(sizes):
            return None
        for name in sizes:
            for n in SMALLEST[name.removeprefix("b").removeprefix("f") if "stride" in name else name]:
                if n < sizes[name] and self.wrong_at({**sizes, name: n}):
                    sizes[name] = n
                    break
            else:
                sizes[name] = self._least(sizes, name)
        return sizes

    def _least(self, sizes: dict[str, int], name: str) -> int:
        """Return the least of one size at which the target is wrong, found by halving; it need not be the only one."""
        right, wrong = 0, sizes[name]
        while wrong - right > 1:
            middle = (right + wrong) // 2
            if self.wrong_at({**sizes, name: middle}):
                wrong = middle
            else:
                right = middle
        return wrong

    def condition(self, sizes: Mapping[str, int]) -> list[str]:
        """Return the conditions on sizes in words: as far as they were tried."""
        told = []
        for name, n in sizes.items():
            small = SMALLEST[name.removeprefix("b").removeprefix("f") if "stride" in name else name]
            if name == "frames" and n <= _reach(sizes) + 2:
                continue  # fewer frames use fewer taps
            if n > max(small) or not any(self.wrong_at(_changed(sizes, name, m)) for m in small if m != n):
                told.append(self._of(sizes, name, n))
        return told

    def _of(self, sizes: Mapping[str, int], name: str, n: int) -> str:
        def wrong(other: int) -> bool:
            return self.wrong_at(_changed(sizes, name, other))

        words = _WORDS.get(name, name)
        if "stride" in name:
            self.told.append((name, lambda m: m == n))
            return f"with {name} {n}"
        if all(wrong(m) for m in (n + 1, n + 2, n + 3, n + 5)) and not any(wrong(m) for m in (n - 1, n - 2)):
            self.told.append((name, lambda m: m >= n))
            return f"from {n} {words} on"
        several = [g for g in range(n, 1, -1) if n % g == 0 and wrong(2 * n) and wrong(n + g) and wrong(n + 2 * g)]
        for g in several:
            if not any(wrong(m) for m in range(n + 1, n + g)[:6]):
                self.told.append((name, lambda m, g=g: m % g == 0))  # type: ignore[misc]
                return f"if the number of {words} is a multiple of {g}"
        self.told.append((name, lambda m: m == n))
        return f"with {n} {words}"


def _reach(sizes: Mapping[str, int]) -> int:
    """Return how far the taps of either side read."""
    back = sizes["taps"] * sizes.get("stride", sizes.get("bstride", 1))
    return max(back, sizes.get("ahead", 0) * sizes.get("fstride", 1))


def _changed(sizes: Mapping[str, int], name: str, n: int) -> dict[str, int]:
    """Return sizes with one changed, and as many more frames as its taps need."""
    changed = {**sizes, name: n}
    if name not in {"frames", "channels"}:
        changed["frames"] = sizes["frames"] + max(0, _reach(changed) - _reach(sizes))
    return changed


_WORDS = {"taps": "look-back taps", "ahead": "look-ahead taps"}


def sizes_of(case: Case) -> dict[str, int]:
    """Return the sizes of a case by name."""
    taps = dict(zip(("taps", "ahead"), case.taps, strict=False))
    strides = {name: int(case.plain.get(name, 1)) for name in case.form.strides}
    return {"channels": case.channels, "frames": case.frames, **taps, **strides}


def sized(case: Case, sizes: Mapping[str, int]) -> Case:
    """Return a case with other sizes and small whole numbers; its positions are those of the case as far as they go."""
    form, plain = case.form, dict(case.plain)
    frames, channels = sizes["frames"], sizes["channels"]
    rows = {"hidden": frames, "dmemory": frames, **dict(zip(form.filters, _taps(sizes), strict=False))}
    if len(form.filters) > 1:
        rows["bfilter"] += 1
    for name in form.matrices:
        plain[name] = np.ones((rows[name], channels), case[name].dtype)
    back = np.arange(frames)
    for side, name in enumerate(form.positions):
        old, room = case[name], back[::-1] if side else back
        # Rows that are new go on where the last ones stopped, as far as there is room.
        more = np.concatenate([old, np.full(max(0, frames - len(old)), old[-1] if len(old) else 0)])[:frames]
        whole = len(old) and np.array_equal(old, np.arange(len(old))[::-1] if side else np.arange(len(old)))
        plain[name] = (room if whole else np.minimum(more, room)).astype(old.dtype)
    plain |= {name: sizes[name] for name in form.strides if name in plain or sizes[name] != 1}
    return filled(Case(form, plain), sum(sizes.values()))


def _taps(sizes: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(sizes[name] for name in ("taps", "ahead") if name in sizes)
