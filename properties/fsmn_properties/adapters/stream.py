"""Streams of functions that take a chunk of frames with a cache, and return rows with the next cache."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import STAGES, Block, in_c_order
from fsmn_properties.adapters.functions import block_of_calls, taken
from fsmn_properties.adapters.kernel import Arguments, Kernel
from fsmn_properties.adapters.unidirectional import unidirectional
from fsmn_properties.contract.forms import STREAMS, UNI, Form
from fsmn_properties.contract.promises import Promises
from fsmn_ref.arguments import Array

WHOLE_UTTERANCES = ("batched", "utterance_by_utterance", "delayed")
"""Adapters of functions that are given an utterance at once."""


@dataclass
class State:
    """What one stream keeps between its chunks.

    Parameters
    ----------
    cache : object
        The user's cache, once there is one.
    begun : bool
        Whether there is.
    late : int
        How many frames later than their own the rows come.
    """

    cache: Any = None
    begun: bool = False
    late: int = 0


def stream(
    step: Callable[..., Any],
    initial_cache: Callable[..., Any] | Any = None,
    *,
    latency: int | None = None,
    **promises: Any,
) -> StreamBlock:
    """Return a target that promises streams alone, of a function of one chunk.

    Parameters
    ----------
    step : callable
        A function of `hidden`, the frames of a chunk, of filters and strides by the contract's names, and of `cache`,
        that returns one row for each frame, and the next cache.
    initial_cache : callable or object, optional
        The cache of the first chunk, or a function of `hidden`, filters and strides that makes one for each stream.
    latency : int, optional
        How many frames later than its own a row comes; by default the frames that the look-ahead taps reach. The first
        rows that come are dropped, and as many frames of zeros are pushed at the end.
    **promises : object
        What is promised, beside or in place of what the adapter declares.

    Returns
    -------
    StreamBlock
        A block, to which other adapters may be applied: `taps_oldest_first`, `channels_first`, `one_filter`,
        `identity_folded_into_own_tap` and `from_bidirectional`.

    Raises
    ------
    TypeError
        If the function takes no cache, or an argument that the contract does not know.
    """
    takes = taken(step, ("cache",))
    if "cache" not in takes:
        raise TypeError(f"parameters of step must contain cache, got {', '.join(sorted(takes))}")
    names, wanted = takes - {"cache"}, _wanted(initial_cache)

    def call(arguments: Arguments) -> Any:
        state: State = arguments["state"]
        if not state.begun:
            state.begun, state.late = True, _reach(arguments) if latency is None else latency
            given = {name: arguments[name] for name in wanted}
            state.cache = initial_cache(**given) if callable(initial_cache) else initial_cache
        rows, state.cache = step(cache=state.cache, **{name: arguments[name] for name in names})
        return rows

    block = block_of_calls(names, call, None, {}, promises)
    return StreamBlock(**{each.name: getattr(block, each.name) for each in fields(Block)})


def _wanted(initial_cache: Any) -> frozenset[str]:
    return (
        taken(initial_cache) if callable(initial_cache) and inspect.signature(initial_cache).parameters else frozenset()
    )


def _reach(arguments: Arguments) -> int:
    return len(arguments.get("ffilter", ())) * int(arguments.get("fstride", 1))


@dataclass(frozen=True)
class StreamBlock(Block):
    """A block whose functions make streams; parameters are those of `Block`."""

    def __post_init__(self) -> None:
        """Make the contract's functions.

        Raises
        ------
        TypeError
            If an adapter of whole utterances was applied.
        """
        wrong = next((name for name in WHOLE_UTTERANCES if name in self.stages), None)
        if wrong:
            raise TypeError(f"{wrong} must be given a function of whole utterances, got a stream")
        kernel = self.kernel
        for name in reversed(STAGES):
            if name in self.stages:
                kernel = self.stages[name](kernel)
        object.__setattr__(self, self.form.stream, _made(self.form, kernel))
        if self.both_forms:
            object.__setattr__(self, UNI.stream, _made(UNI, _unidirectional(kernel, self.kept)))

    @property
    def promises(self) -> Promises:
        """What it promises of the contract: streams."""
        return self.kept.but(functions=tuple(name for name in STREAMS if hasattr(self, name)))


def _unidirectional(kernel: Kernel, kept: Promises) -> Kernel:
    """Return the unidirectional form of a bidirectional kernel of one chunk."""

    def forward(given: Arguments) -> Any:
        with_state = Kernel(lambda inside: kernel.forward({**inside, "state": given["state"]}), None)
        return unidirectional(with_state, kept).forward(given)

    return Kernel(forward, None)


def _made(form: Form, kernel: Kernel) -> Callable[..., Any]:
    """Return the function of the contract that makes a stream."""
    positional = [inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD) for each in form.filters]
    strides = [inspect.Parameter(each, inspect.Parameter.KEYWORD_ONLY, default=1) for each in form.strides]
    signature = inspect.Signature([*positional, *strides])

    def make(*given: Any, **by_name: Any) -> OfSteps:
        bound = signature.bind(*given, **by_name)
        bound.apply_defaults()
        filters = {name: np.array(bound.arguments[name]) for name in form.filters}
        return OfSteps(form, kernel, {**bound.arguments, **filters})

    make.__name__ = form.stream
    make.__signature__ = signature  # type: ignore[attr-defined]
    return make


@dataclass
class OfSteps:
    """A stream of a kernel of one chunk.

    Parameters
    ----------
    form : Form
        The form.
    kernel : Kernel
        Its forward function takes the state of the stream besides.
    arguments : dict
        Filters and strides by name.
    """

    form: Form
    kernel: Kernel
    arguments: Arguments
    state: State = field(default_factory=State)
    received: int = 0
    finished: bool = False

    def push(self, frames: Any) -> Any:
        """Take the next frames, and return their rows, or those that are known by now if rows come late."""
        if self.finished:
            raise ValueError("push comes after finish")
        before, frames = self.received, np.array(frames)
        self.received += len(frames)
        rows = self._rows(frames)
        return in_c_order(rows[self.state.late - before :].copy() if self.state.late > before else rows)

    def finish(self) -> Any:
        """Return the rows that come late."""
        if self.finished:
            raise ValueError("finish comes after finish")
        channels = next(self.arguments[name] for name in self.form.filters).shape[1]
        none = np.zeros((self.state.late, channels), self._dtype)
        rows = self.push(none) if len(none) else none
        self.finished = True
        return rows

    _dtype: Any = None

    def _rows(self, frames: Array) -> Any:
        self._dtype = frames.dtype
        every = np.arange(len(frames))
        positions = dict.fromkeys(self.form.positions, every) | (
            {"fposition": every[::-1]} if len(self.form.positions) > 1 else {}
        )
        return self.kernel.forward({**self.arguments, **positions, "hidden": frames, "state": self.state})
