"""What an implementation promises of the contract (rules P1 to P10); by default all of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, TypeAlias

from fsmn_properties.contract.formats import FLOATS, INTEGERS
from fsmn_properties.contract.forms import BI, FUNCTIONS, NAMES, UNI

Pair: TypeAlias = tuple[int, int | None]
"""The least and the most of a size; None is no limit."""

ARGUMENTS = tuple(dict.fromkeys((*UNI.floats, *BI.floats)))


class PromiseError(ValueError):
    """A promise that says nothing; the message lists what is allowed."""


@dataclass(frozen=True)
class Promises:
    """Promises by name; the defaults are the whole contract.

    Parameters
    ----------
    functions : tuple of str
        Names of the functions, those that make streams among them; by default those that the implementation has.
    formats : tuple of str
        Names of the dtypes of float arguments; `integers` stands for all integer dtypes.
    mixed : bool
        Whether the arguments of one call may differ in dtype.
    positions : {'any', 'utterances', 'whole'}
        Any positions, those that count the frames of utterances, or those of one utterance.
    position_types : tuple of str
        Names of the integer dtypes of positions.
    strides : {'any', 'equal', 'one'}
        Any strides, the same on both sides, or 1 alone.
    most_stride : int or None
        The largest stride.
    empty : bool
        Whether there may be no frames or no channels.
    frames, channels, taps, ahead : pair of int
        The least and the most; None is no limit. `taps` counts look-back taps, `ahead` look-ahead taps.
    short : bool
        Whether an utterance may be shorter than the taps of either side reach: than their number times the stride.
    channels_multiple_of : int
        The number that divides the number of channels.
    nonfinite : bool
        Whether NaN and infinities follow rule R5.
    subnormals : bool
        Whether subnormal numbers are computed with, or may count as zero.
    refusals : {'words', 'types', 'none'}
        Refusals name argument, index and value; are of the right type; or are not promised.
    lists : bool
        Whether lists and whatever else makes an array are accepted.
    layouts : {'any', 'contiguous'}
        Arrays of any layout, or C-contiguous, native, aligned and writeable ones.
    results : {'contiguous', 'any'}
        Results are C-contiguous, or of any layout.
    gradients : tuple of str
        Names of the arguments that have gradients; the others' are None.
    seconds_per_call : float or None
        How long a call takes at most; a run is as many calls as fit in ten minutes.
    most_shapes : int or None
        How many different sizes of arguments a run has at most, for what is compiled for each.
    """

    functions: tuple[str, ...] = NAMES
    formats: tuple[str, ...] = (*FLOATS, *INTEGERS)
    mixed: bool = True
    positions: str = "any"
    position_types: tuple[str, ...] = INTEGERS
    strides: str = "any"
    most_stride: int | None = None
    empty: bool = True
    frames: Pair = (0, None)
    channels: Pair = (0, None)
    taps: Pair = (0, None)
    ahead: Pair = (0, None)
    short: bool = True
    channels_multiple_of: int = 1
    nonfinite: bool = True
    subnormals: bool = True
    refusals: str = "words"
    lists: bool = True
    layouts: str = "any"
    results: str = "contiguous"
    gradients: tuple[str, ...] = ARGUMENTS
    seconds_per_call: float | None = None
    most_shapes: int | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _checked(field.name, getattr(self, field.name)))
        if not any(name in FLOATS for name in self.formats):
            raise PromiseError(f"formats must contain at least one of {', '.join(FLOATS)}, got {self.formats!r}")
        self._leaves_a_case()

    def _leaves_a_case(self) -> None:
        """Raise a PromiseError if no case keeps all promises."""
        multiple, (least, most) = self.channels_multiple_of, self.channels
        some = max(least, 0 if self.empty else 1)
        if most is not None and -(-some // multiple) * multiple > most:
            raise PromiseError(f"channels must contain a multiple of {multiple} from {some}, got {self.channels!r}")
        if not self.empty and self.frames[1] == 0:
            raise PromiseError(f"frames must contain more than 0 if empty is False, got {self.frames!r}")
        reach = max(self.taps[0], self.ahead[0])
        if not self.short and self.frames[1] is not None and self.frames[1] < reach:
            raise PromiseError(f"frames must contain at least {reach} if short is False, got {self.frames!r}")

    @cached_property
    def is_whole(self) -> bool:
        """Whether every case of the contract is promised, whatever is less promised of results."""
        return self.narrowed.keys() <= {"functions", "gradients", "refusals", "results", "seconds_per_call"}

    @property
    def narrowed(self) -> dict[str, Any]:
        """The promises that are less than the whole contract."""
        mine = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in mine.items() if value != getattr(WHOLE, name)}

    @property
    def float_formats(self) -> tuple[str, ...]:
        """The promised float formats, without integers."""
        return tuple(name for name in FLOATS if name in self.formats)

    def but(self, **changes: Any) -> Promises:
        """Return other promises: some of them changed."""
        _known(changes)
        return replace(self, **changes)

    @property
    def told(self) -> dict[str, Any]:
        """The promises that are less than the whole contract, but for streams: most kernels have none."""
        told = self.narrowed
        if told.get("functions") == FUNCTIONS:
            del told["functions"]
        return told

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.told.items()) or "the whole contract"
        return f"{told}, without streams" if self.functions == FUNCTIONS else told


_ONE_OF = {
    "positions": ("any", "utterances", "whole"),
    "strides": ("any", "equal", "one"),
    "refusals": ("words", "types", "none"),
    "layouts": ("any", "contiguous"),
    "results": ("contiguous", "any"),
}
_SOME_OF = {
    "functions": NAMES,
    "formats": (*FLOATS, *INTEGERS),
    "position_types": INTEGERS,
    "gradients": ARGUMENTS,
}
_MAY_BE_NONE = ("functions", "gradients")
_BOOLS = ("mixed", "empty", "short", "nonfinite", "subnormals", "lists")
_PAIRS = ("frames", "channels", "taps", "ahead")
_POSITIVE = ("most_stride", "channels_multiple_of", "most_shapes")


def _checked(key: str, value: Any) -> Any:  # noqa: C901, PLR0911, one for each kind of promise
    """Return the value of a promise in its own type."""
    if key in _ONE_OF:
        if value not in _ONE_OF[key]:
            raise PromiseError(f"{key} must be one of {', '.join(_ONE_OF[key])}, got {value!r}")
        return value
    if key in _SOME_OF:
        return _some_of(key, value)
    if key in _BOOLS:
        if not isinstance(value, bool):
            raise PromiseError(f"{key} must be True or False, got {value!r}")
        return value
    if key in _PAIRS:
        return _pair(key, value)
    if value is None and key != "channels_multiple_of":
        return None
    if key in _POSITIVE:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise PromiseError(f"{key} must be an integer from 1, got {value!r}")
        return value
    if not isinstance(value, int | float) or isinstance(value, bool) or not value > 0:
        raise PromiseError(f"{key} must be a positive number, got {value!r}")
    return float(value)


def _some_of(key: str, value: Any) -> tuple[str, ...]:
    names = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple | set) else None
    if names and not all(isinstance(name, str) for name in names):
        names = None
    if names and "integers" in names and key == "formats":
        names = (*INTEGERS, *(name for name in names if name != "integers"))
    if names is None or (not names and key not in _MAY_BE_NONE) or not set(names) <= set(_SOME_OF[key]):
        raise PromiseError(f"{key} must be names among {', '.join(_SOME_OF[key])}, got {value!r}")
    return tuple(name for name in _SOME_OF[key] if name in names)


def _pair(key: str, value: Any) -> Pair:
    if isinstance(value, list | tuple) and len(value) == 2:
        least, most = value
        whole = all(isinstance(n, int) and not isinstance(n, bool) for n in (least, most) if n is not None)
        if whole and least is not None and least >= 0 and (most is None or most >= least):
            return least, most
    raise PromiseError(f"{key} must be a pair (least, most) of integers >= 0, or None for most, got {value!r}")


def _known(keys: Mapping[str, Any]) -> None:
    allowed = [field.name for field in fields(Promises)]
    for key in keys:
        if key not in allowed:
            raise PromiseError(f"a promise must be one of {', '.join(allowed)}, got {key!r}")


WHOLE = Promises()


def promises_of(value: Any) -> Promises:
    """Return promises from a mapping, or from Promises.

    Raises
    ------
    PromiseError
        If a key or a value is not allowed.
    """
    if isinstance(value, Promises):
        return value
    if not isinstance(value, Mapping):
        raise PromiseError(f"promises must be a mapping or Promises, got {value!r:.80}")
    _known(value)
    return Promises(**value)


def parsed(texts: Iterator[str] | list[str]) -> dict[str, Any]:
    """Return the promises of texts like `positions=utterances` or `frames=2,300` (an empty most is no limit).

    Raises
    ------
    PromiseError
        If a text has no `=`, or its key is not allowed.
    """
    found: dict[str, Any] = {}
    for text in texts:
        key, sign, value = text.partition("=")
        if not sign:
            raise PromiseError(f"a promise must be written as key=value, got {text!r}")
        key = key.strip()
        _known({key: None})
        found[key] = _value(key, value.strip())
    return found


def _value(key: str, text: str) -> Any:
    if key in _SOME_OF:
        return tuple(part.strip() for part in text.strip("()[]").replace("'", "").replace('"', "").split(",") if part)
    if key in _ONE_OF:
        return text
    if key in _PAIRS and text.endswith(","):
        text += "None"
    try:
        return ast.literal_eval(text.capitalize() if text in {"true", "false", "none"} else text)
    except (ValueError, SyntaxError):
        return text
