"""Utterances in padded batches, for functions that take such."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fsmn_properties.adapters.block import Block
from fsmn_properties.adapters.functions import block_of
from fsmn_properties.adapters.kernel import Arguments, Gradients, Kernel
from fsmn_properties.adapters.utterance_by_utterance import together
from fsmn_properties.adapters.utterances import POSITIONS, lengths_of, without_frames
from fsmn_properties.contract.formats import INTEGERS
from fsmn_ref.arguments import Array


def batched(
    forward: Block | Callable[..., Any],
    backward: Callable[..., Any] | None = None,
    *,
    size: int = 256,
    masked: str = "input",
    **promises: Any,
) -> Block:
    """Return a block that calls functions of a padded batch for the utterances of a call.

    A function that takes `mask` (bool, (B, T)) or `lengths` (int64, (B,)) finds junk in its padding: NaN if `nonfinite`
    is promised, whole numbers otherwise. None of it may reach the memory of a frame or a gradient. Padding is zero for
    a function that takes neither.

    Parameters
    ----------
    forward : callable or Block
        A function of a batch, as `forward(hidden, bfilter, ffilter, mask)`, with `hidden` (B, T, D); or a block.
    backward : callable, optional
        Its gradients, as `backward(dmemory, hidden, bfilter, ffilter, mask)`; those of the filters are of the batch.
    size : int
        The most utterances of a batch.
    masked : {'input', 'both'}
        Whether the padding of results is zero as well. It is then asked for, and `dmemory` has junk in its padding;
        otherwise the padding of the memory is not looked at, and that of `dmemory` is zero.
    **promises : object
        What is promised, beside or in place of what the adapter declares: positions of utterances.

    Raises
    ------
    TypeError
        If the function takes positions.
    ValueError
        If `masked` is not allowed.
    """
    block = block_of(forward, backward)
    if block.takes & {*POSITIONS}:
        raise TypeError("a function of a batch must take mask, lengths or neither, got one that takes positions")
    if masked not in {"input", "both"}:
        raise ValueError(f"masked must be one of input, both, got {masked!r}")
    junk = bool(block.takes & {"mask", "lengths"})
    declared = {"positions": "utterances", "position_types": INTEGERS}
    kept = block.but(declared, promises).kept

    def stage(kernel: Kernel) -> Kernel:
        return _Batches(kernel, size, junk, kept.nonfinite, masked == "both").kernel()

    return block.behind("batched", stage, declared, promises)


class _Batches:
    """Calls of a kernel of batches."""

    def __init__(self, kernel: Kernel, size: int, junk: bool, nan: bool, both: bool) -> None:
        self.inner, self.size, self.junk, self.nan, self.both = kernel, size, junk, nan, both

    def kernel(self) -> Kernel:
        """Return the kernel of the contract's calls."""
        return Kernel(self.forward, None if self.inner.backward is None else self.backward)

    def forward(self, arguments: Arguments) -> Any:
        """Return the memory."""
        rows = [self._rows("memory", self.inner.forward(batch), lengths) for batch, lengths in self._batches(arguments)]
        return np.concatenate(rows) if rows else without_frames(arguments, ())["memory"]

    def backward(self, arguments: Arguments) -> Gradients:
        """Return the gradients."""
        assert self.inner.backward is not None
        found = []
        for batch, lengths in self._batches(arguments):
            gradients = self.inner.backward(batch)
            if gradients["dhidden"] is not None:
                gradients = {**gradients, "dhidden": self._rows("dhidden", gradients["dhidden"], lengths)}
            found.append(gradients)
        return together(found, arguments)

    def _batches(self, arguments: Arguments) -> Iterator[tuple[Arguments, Array]]:
        """Yield the arguments of each batch, and the lengths of its utterances."""
        lengths = lengths_of(arguments)
        plain = {name: value for name, value in arguments.items() if name not in POSITIONS}
        start = 0
        for mine in self._cut(lengths):
            mask = np.arange(mine.max()) < mine[:, None]
            batch = {**plain, "mask": mask, "lengths": mine}
            rows = slice(start, start + int(mine.sum()))
            batch["hidden"] = self._padded(arguments["hidden"][rows], mask, junk=self.junk)
            if "dmemory" in arguments:
                batch["dmemory"] = self._padded(arguments["dmemory"][rows], mask, junk=self.junk and self.both)
            yield batch, mine
            start = rows.stop

    def _cut(self, lengths: Array) -> Iterator[Array]:
        """Yield the lengths of each batch; padding may not take far more room than the frames of the call."""
        first, room = 0, 4 * int(lengths.sum())
        while first < len(lengths):
            longest = np.maximum.accumulate(lengths[first : first + self.size])
            fits = int(np.count_nonzero(longest * np.arange(1, len(longest) + 1) <= room))
            yield lengths[first : first + max(1, fits)]
            first += max(1, fits)

    def _padded(self, rows: Array, mask: Array, *, junk: bool) -> Array:
        padded = np.zeros((*mask.shape, rows.shape[1]), rows.dtype)
        if junk:
            # Different everywhere: junk that is the same in two frames could cancel.
            padded[...] = np.nan if self.nan else 1001 + (7 * np.arange(padded.size) % 97).reshape(padded.shape)
        padded[mask] = rows
        return padded

    def _rows(self, name: str, batch: Any, lengths: Array) -> Any:
        """Return the rows of the utterances of a result of a batch.

        Raises
        ------
        ValueError
            If a result has another shape, or its padding is promised to be zero and is not.
        """
        shape = np.shape(batch)
        if len(shape) != 3 or shape[0] != len(lengths) or shape[1] < lengths.max():
            raise ValueError(f"{name} of a batch must have shape ({len(lengths)}, {lengths.max()}, D), got {shape}")
        mask = np.arange(shape[1]) < lengths[:, None]
        if self.both:
            # An overflow beside the padding, times a mask, is NaN: right, unless NaN and infinities are promised.
            asked = True if self.nan else np.isfinite(batch)
            wrong = np.argwhere((batch != 0) & asked & ~mask[:, :, None])
            if len(wrong):
                place = tuple(wrong[0].tolist())
                raise ValueError(f"{name} of the padding must be 0, got {batch[place]} at {place} of a batch")
        return batch[mask]
