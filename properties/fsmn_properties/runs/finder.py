"""The promise found for you: the largest one that seems to hold, by a few small calls of each kind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from fsmn_properties.checks.trial import Violation, clipped
from fsmn_properties.contract.formats import FLOATS, INTEGERS
from fsmn_properties.contract.forms import form_of
from fsmn_properties.contract.promises import ARGUMENTS, WHOLE, PromiseError, Promises
from fsmn_properties.runs.isolated import NOT_TRIED, Journal
from fsmn_properties.runs.ways import (
    ANY_LAYOUT,
    ANY_LIST,
    Way,
    contiguous,
    in_format,
    in_type,
    nonfinite,
    one_in_format,
    refuses,
    strided,
    subnormal,
    tried,
)
from fsmn_properties.targets.target import Target

NARROWEST: dict[str, Any] = {
    "mixed": False,
    "positions": "whole",
    "strides": "one",
    "empty": False,
    "short": False,
    "nonfinite": False,
    "subnormals": False,
    "refusals": "none",
    "lists": False,
    "layouts": "contiguous",
    "results": "any",
}
STARTS = (
    {"taps": (2, 3), "ahead": (1, 2), "channels": (16, 32), "channels_multiple_of": 16},
    {"taps": (20, 20), "ahead": (20, 20), "channels": (128, 128), "channels_multiple_of": 128},
    {"taps": (10, 11), "ahead": (0, 1), "channels": (16, 32), "channels_multiple_of": 16},
)
"""Sizes to begin with: of these, one is within nearly every kernel's promise."""

SEVERAL_SIZES: dict[str, tuple[int, ...]] = {
    "taps": (4, 8, 15, 20, 21, 32, 33, 64, 128, 200, 257),
    "ahead": (4, 8, 15, 20, 21, 32, 33, 64, 128, 200, 257),
    "channels": (64, 128, 256, 512, 1024, 2048),
    "frames": (128, 300, 1000, 1025, 4096, 6000, 20_000, 66_000),
}
"""Largest sizes, in turn: the promise ends before the first that does not work."""


class Finder:
    """The search for the promise of a target.

    Parameters
    ----------
    target : Target
        What is tried.
    journal : Journal
        What was tried in processes that died.
    """

    def __init__(self, target: Target, journal: Journal) -> None:
        self.target, self.journal = target, journal
        self.found = WHOLE
        self.against: list[tuple[str, str]] = []

    def works(self, what: str, promises: Promises, **way: Any) -> bool:
        """Try some calls; what speaks against them is remembered."""
        key = f"{what} {promises}"
        why = self.journal.tried(key, lambda: _told(tried(self.target, Way(what, promises, **way))))
        if why:
            self.against.append((what, why))
        return not why

    def search(self) -> Promises | None:
        """Return the largest promise that seems to hold, or None if not even the narrowest does."""
        if not self._begin():
            return None
        for step in (
            self._gradients,
            self._types,
            self._positions,
            self._strides,
            self._arrays,
            self._refusals,
            self._sizes,
        ):
            step()
        return self.found

    def _begin(self) -> bool:
        there = self.target.promises.functions
        for start, name, integers in product(STARTS, FLOATS, ("int64", "int32")):
            self.against.clear()
            working = []
            for function in there:
                forms = {"functions": (function,), "formats": (name,), "position_types": (integers,)}
                narrow = WHOLE.but(**NARROWEST, **start, **forms)
                floats = form_of(function).floats
                options = [(argument,) for argument in floats] if function.endswith("backward") else [()]
                if any(self.works(function, narrow.but(gradients=each or ARGUMENTS)) for each in options):
                    working.append(function)
            if working:
                facts = {
                    "functions": tuple(working),
                    "formats": (name,),
                    "position_types": (integers,),
                    "gradients": (),
                }
                self.found = WHOLE.but(**NARROWEST, **start, **facts)
                self.against = [(what, why) for what, why in self.against if what not in working]
                return True
        return False

    def _widen(self, what: str, tries: Promises | None = None, way: dict[str, Any] | None = None, **keys: Any) -> bool:
        """Promise more if it works: `keys` is what is promised then, `tries` what the calls need, if it is other."""
        try:
            wider = self.found.but(**keys)
        except PromiseError:
            return False
        if self.works(what, tries or wider, **(way or {})):
            self.found = wider
            return True
        return False

    def _gradients(self) -> None:
        backward = tuple(name for name in self.found.functions if name.endswith("backward"))
        for argument in ARGUMENTS if backward else ():
            only = self.found.but(gradients=(argument,), functions=backward)
            mine = (*self.found.gradients, argument)
            if argument in _arguments_of(backward):
                self._widen(f"the gradient of {argument}", only, gradients=mine)
            else:
                self.found = self.found.but(gradients=mine)

    def _types(self) -> None:
        for name in (*FLOATS, *INTEGERS):
            if name not in self.found.formats and name in self.target.most.formats:
                formats = (*self.found.formats, name)
                self._widen(f"formats with {name}", self.found, {"change": in_format(name)}, formats=formats)
        others = list(self.found.float_formats[1:])
        if others:
            self._widen("mixed=True", self.found, {"change": one_in_format(others[0])}, mixed=True)
        for name in INTEGERS:
            if name not in self.found.position_types:
                types = (*self.found.position_types, name)
                self._widen(f"position_types with {name}", self.found, {"change": in_type(name)}, position_types=types)

    def _positions(self) -> None:
        self._widen("short=True", short=True)
        for kind in ("utterances", "any"):
            if not self._widen(f"positions={kind!r}", positions=kind):
                break

    def _sizes(self) -> None:
        for multiple in (1, 2, 4, 8, 16, 32, 64):
            if multiple < self.found.channels_multiple_of:
                channels = (multiple, max(8, multiple * 4))
                what = f"channels_multiple_of={multiple}"
                if self._widen(what, channels_multiple_of=multiple, channels=channels):
                    break
        for key in ("taps", "ahead"):
            least = getattr(self.found, key)[0]
            for fewer in (0, 1, 2):
                keys: dict[str, Any] = {key: (fewer, getattr(self.found, key)[1])}
                if fewer < least and self._widen(f"{key} from {fewer}", **keys):
                    break
        self._frames()
        for key, sizes in SEVERAL_SIZES.items():
            self._most(key, sizes)
        empty = {"no frames": {"frames": (0, 0)}, "no channels": {"channels": (0, 0)}}
        tries = [self.works(what, self.found.but(empty=True, short=True, **keys)) for what, keys in empty.items()]
        if all(tries):
            most = self.found.frames[1], self.found.channels[1]
            self.found = self.found.but(empty=True, frames=(0, most[0]), channels=(0, most[1]))

    def _frames(self) -> None:
        for least in (1, 2, 3, 4, 8, 16, 32):
            if self._widen(f"frames from {least}", self.found.but(frames=(least, least + 3)), frames=(least, None)):
                break

    def _most(self, key: str, sizes: tuple[int, ...]) -> None:
        least = getattr(self.found, key)[0]
        known = max(least, getattr(self.found, key)[1] or 1)
        for size in sizes:
            if size < known or (key == "channels" and size % self.found.channels_multiple_of):
                continue
            exactly = {key: (size, size)} | ({"channels": _few(self.found)} if key != "channels" else {})
            if key in {"taps", "ahead"}:
                exactly["frames"] = (size + 2, size + 5)
            if not self.works(f"{key} up to {size}", self.found.but(**exactly)):
                self.found = self.found.but(**{key: (least, known)})
                return
            known = size
        self.found = self.found.but(**{key: (least, None)})

    def _strides(self) -> None:
        for kind in ("equal", "any"):
            if not self._widen(f"strides={kind!r}", self.found.but(strides=kind, most_stride=3), strides=kind):
                break
        if self.found.strides == "one" or not self.found.short:
            return
        known = 3
        for stride in (16, 64, 300, 2**31, 2**40, 2**63, 2**70):
            change = {"change": strided([stride])}
            if not self.works(f"most_stride={stride}", self.found.but(most_stride=known), **change):
                self.found = self.found.but(most_stride=known)
                return
            known = stride

    def _arrays(self) -> None:
        if self.target.in_process:
            self._widen("layouts='any'", self.found, {"change": ANY_LAYOUT}, layouts="any")
            self._widen("lists=True", self.found, {"change": ANY_LIST}, lists=True)
        self._widen("nonfinite=True", self.found, {"change": nonfinite}, nonfinite=True)
        self._widen("subnormals=True", self.found, {"change": subnormal}, subnormals=True)
        self._widen("results='contiguous'", way={"ask": contiguous}, results="contiguous")

    def _refusals(self) -> None:
        for kind in ("types", "words"):
            if not self._widen(f"refusals={kind!r}", self.found, {"ask": refuses(kind)}, refusals=kind):
                break


def _few(promises: Promises) -> tuple[int, int]:
    least = max(promises.channels_multiple_of, promises.channels[0])
    return least, least


def _arguments_of(functions: tuple[str, ...]) -> Iterator[str]:
    for name in functions:
        yield from form_of(name).floats


def _told(violation: Violation | None) -> str:
    if violation is None:
        return ""
    call = f" [{violation.calls[-1].case.outline()}]" if violation.calls else ""
    return clipped(violation.problem, 160) + call


def found_promises(target: Target, journal: Journal) -> list[str]:
    """Return Python to paste: the largest promise that seems to hold, and what speaks against each more."""
    finder = Finder(target, journal)
    promises = finder.search()
    if promises is None:
        lines = [f"# {target.name}: no promise is kept, not even the narrowest: one float format, one utterance,"]
        lines += ["# stride 1, plain arrays. Failing calls:"]
        return [*lines, *(f"#   {what}: {why}" for what, why in finder.against)]
    narrowed = replace(target, promises=promises).stated.told
    if target.in_process:
        lines = ["promises = {", *(f"    {key!r}: {value!r}," for key, value in narrowed.items()), "}"]
    else:
        lines = [f'"promises": {json.dumps(narrowed)}']
    untried = [what for what, why in finder.against if why == NOT_TRIED]
    against = [f"# {what}: {why}" for what, why in finder.against if why != NOT_TRIED]
    against += [f"# {NOT_TRIED}: {', '.join(untried)}"] if untried else []
    return [*lines, *(["# Calls that fail beyond it:", *against] if against else [])]
