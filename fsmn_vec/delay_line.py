"""The tapped delay line: for each row, the weighted sum of frames at equal distances from it; and its gradients.

Both forms of the memory block are such a line (arXiv 1512.08301, with strides arXiv 1803.05030). The fastest way that
NumPy has is an einsum over *windows*: an array (rows, taps, channels) of the frames that each row reads. The rows are
cut into pieces whose windows need no mask, in one of three ways:

- `_stretches`: neighbouring rows of an utterance. Their windows are a view of a copy of their frames, with zeros where
  the utterance has none; the step between taps is `stride` rows.
- `_alike`: rows that use the same taps. Their windows are gathered.
- `_gathered`: all rows. Their windows are gathered, with zeros where a tap is not allowed.

A zero that meets NaN or infinity gives NaN. A row is `odd` if a factor that its window meets is not finite: an odd row
is in no stretch with zeros for it, and its products with zeros are replaced.

A figure beside a branch is the time without it as a multiple of the time with it, as printed by
`python -m benchmarks.branches`: forward and backward, medians, one thread.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from fsmn_ref.arguments import Array, Positions

# Bytes of frames or windows copied at once: about an L2 cache.
BLOCK_BYTES = 1 << 20

# Bytes of windows up to which all rows are gathered: few calls of NumPy count for more than few bytes. 15 x 5 x 4:
# 3.7 and 3.8; 60 x 64 x 10: 1.3 and 1.6.
SMALL_BYTES = 1 << 18

# Neighbouring rows are folded into a long one, since einsum starts its inner loop once for each row and tap.
# 4000 x 16 x 20: 1.8 and 1.3; 1000 x 128 x 200: 1.15 and 1.2; 6000 x 128 x 20: 1.15 and 1.1.
LONG_ROW_BYTES = 4096
MOST_FOLDED = 16

# Rows of a stretch. Without stretches 6000 x 128 x 20 takes 1.95 and 1.8; with stretches of any length, utterances of
# 8 frames take 2.8 and 3.9 (2000 x 128 x 20).
SHORTEST = 16

# Rows that are gathered at once, however wide they are. 2000 x 2048 x 40, random positions: 1.05 and 1.4.
FEWEST_ROWS = 8

# Wider strides are gathered: a stretch would copy many more frames than its block has. 20000 x 512 x 20, stride 900:
# 1.7 and 1.7.
STRIDES_IN_BLOCK = 2


class Line(NamedTuple):
    """Taps at equal distances, and how far each row may read.

    Row r reads the frame r - (k - own) * stride through taps[k], if 0 <= (k - own) * stride <= back[r], or if
    0 < (own - k) * stride <= ahead[r]. So taps[own] is the row's own tap, which all rows use.
    """

    taps: Array
    """Shape (K, D)."""

    own: int
    stride: int

    back: Positions
    """Shape (T,), intp."""

    ahead: Positions | None = None
    """The same; None if no row reads ahead."""


class Piece(NamedTuple):
    """Rows whose sums are one einsum, and what they read."""

    rows: slice | Positions
    used: slice
    """The taps of the line that these rows use."""

    taps: Array
    """Shape (taps, fold * D): these taps, repeated for every folded row."""

    windows: Array
    """Shape (rows / fold, taps, fold * D), valid until the next piece."""

    unread: Array | None = None
    """Shape (rows, taps): the products that are replaced by zero; None if no row is odd."""

    def using(self, some: slice) -> Piece:
        """Return the piece with windows of some of its taps."""
        unread = None if self.unread is None else self.unread[:, some]
        return self._replace(windows=self.windows[:, some], unread=unread)


def line_sums(frames: Array, line: Line, out: Array, base: Array | None = None) -> None:
    """Compute out[r] = base[r] + the sum over the taps k that row r uses of taps[k] * frames[r - (k - own) * stride].

    Parameters
    ----------
    frames : ndarray, shape (T, D)
        Frames that the rows read, in any layout.
    line : Line
        Taps of the same dtype, and positions.
    out : ndarray, shape (T, D)
        Array of the same dtype that the sums are written to, in any layout.
    base : ndarray, shape (T, D), optional
        Array that is added to the sums; may be `out`.
    """
    line, _ = _within_reach(line, len(frames))
    for piece in _pieces(frames, line, _odd(line), transposed=False):
        _write_sums(piece, out, base)


def line_gradients(
    frames: Array, dsums: Array, line: Line, dframes: Array, dtaps: Array, base: Array | None = None, first: int = 0
) -> None:
    """Compute the gradients of frames and taps from `dsums`, the gradient of the sums of `line_sums`.

    Every product taps[k] * frames[s] in row r gives taps[k] * dsums[r] to dframes[s] and frames[s] * dsums[r] to
    dtaps[k]. Seen from the frames this is a line again, mirrored: frame s reads the rows of dsums.

    Parameters
    ----------
    frames, dsums : ndarray, shape (T, D)
        Frames that the rows read, and the gradient that arrives at their sums.
    line : Line
        As in `line_sums`.
    dframes : ndarray, shape (T, D)
        Array that the gradient of the frames is written to.
    dtaps : ndarray, shape (K, D) or fewer rows
        Array that the gradient of the taps is written to; its row 0 is that of taps[first].
    base : ndarray, shape (T, D), optional
        Array that is added to the gradient of the frames; may be `dframes`.
    first : int
        Index of the tap that dtaps begins with. Taps without a row in dtaps are constants.
    """
    dtaps[...] = 0
    line, within = _within_reach(line, len(frames))
    mirrored, shift, channels = dtaps[::-1], first + len(dtaps) - within.stop, frames.shape[1]
    for piece in _pieces(dsums, line, _odd(line, frames), transposed=True):
        _write_sums(piece, dframes, base)
        begin, end = max(piece.used.start, -shift), min(piece.used.stop, len(dtaps) - shift)
        if begin >= end:
            continue
        some = slice(begin - piece.used.start, end - piece.used.start)
        rows, _, width = piece.windows.shape
        products = _einsum("tnd,td->nd", piece.using(some), frames[piece.rows].reshape(rows, width))
        if width > channels:
            products = products.reshape(len(products), -1, channels).sum(axis=1)
        mirrored[begin + shift : end + shift] += products


def with_identity(filter: Array) -> Array:
    """Return the taps of `filter` after an own tap of ones: the identity term."""
    taps = np.ones((1 + len(filter), filter.shape[1]), filter.dtype)
    taps[1:] = filter
    return taps


def _write_sums(piece: Piece, out: Array, base: Array | None) -> None:
    rows, (folded, _, width) = piece.rows, piece.windows.shape
    if isinstance(rows, slice) and base is not out and _has_place(out):
        place = out[rows]
        _einsum("tnd,nd->td", piece, piece.taps, place.reshape(folded, width))
        if base is not None:
            place += base[rows]
        return
    sums = _einsum("tnd,nd->td", piece, piece.taps).reshape(-1, out.shape[1])
    if base is not None:
        sums += base[rows]
    out[rows] = sums


def _has_place(out: Array) -> bool:
    """Return whether einsum can write to rows of `out` as they lie: 1.1 and 1.0, 3000 x 512 x 11."""
    return out.flags.c_contiguous


def _einsum(subscripts: str, piece: Piece, factors: Array, out: Array | None = None) -> Array:
    """Return the einsum of the windows and `factors`, without the products of what is not read."""
    if piece.unread is None:
        return np.einsum(subscripts, piece.windows, factors, out=out)
    of_factors, of_result = subscripts.split("->")
    products = np.einsum(f"{of_factors}->tnd", piece.windows, factors)
    products[piece.unread] = 0
    return np.einsum(f"tnd->{of_result}", products, out=out)


def _within_reach(line: Line, frames: int) -> tuple[Line, slice]:
    """Return the line without the taps that reach beyond all frames, and which taps remain."""
    taps, own, stride = line[:3]
    if stride * len(taps) <= frames:
        return line, slice(0, len(taps))
    stride = max(1, min(stride, frames))  # a larger one reads nothing either, and need not fit in an intp
    farthest = (frames - 1) // stride
    used = slice(max(0, own - farthest), min(len(taps), own + farthest + 1))
    return line._replace(taps=taps[used], own=own - used.start, stride=stride), used


def _odd(line: Line, frames: Array | None = None) -> Array | None:
    """Return for which rows a factor, of their taps or of their own frame, is not finite; None if for no row."""
    if not _all_finite(line.taps):
        return np.ones(len(line.back), bool)
    if frames is None or _all_finite(frames):
        return None
    odd: Array = ~np.isfinite(np.einsum("td->t", frames))
    return odd


def _all_finite(array: Array) -> bool:
    """Return whether no element is NaN or infinite; also False if the sum of all overflows.

    After `numpy.isfinite(array).all()` the next einsum takes up to a tenth longer on CPUs with AVX-512: the test below
    leaves no such trace (benchmarks/test_kernels.py, 1000 frames of 128 channels).
    """
    return math.isfinite(np.einsum("rc->", array))


def _pieces(source: Array, line: Line, odd: Array | None, *, transposed: bool) -> Iterator[Piece]:
    """Return the pieces of all rows, which read `source`; those of the mirrored line if `transposed`."""
    taps, own, stride, back, ahead = line
    if source.size == 0:
        return iter(())
    if source.nbytes * len(taps) <= SMALL_BYTES:
        return _gathered(source, line, odd, transposed)
    back = np.minimum(back, (len(taps) - 1 - own) * stride)
    ahead = np.zeros_like(back) if ahead is None else np.minimum(ahead, own * stride)
    if transposed:
        # If each frame's readers are the next rows, the mirrored line has stretches: backward 1.6, 6000 x 128 x 20.
        ahead_of, back_of = _readers(back), _readers(ahead[::-1])
        if ahead_of is None or back_of is None:
            return _gathered(source, line, odd, transposed)
        taps, own, back, ahead = taps[::-1], len(taps) - 1 - own, back_of[::-1], ahead_of
    return _stretches(source, Line(taps, own, stride, back, ahead), odd)


def _gathered(source: Array, line: Line, odd: Array | None, transposed: bool) -> Iterator[Piece]:
    """Yield all rows, with windows of all taps: zeros are read where a tap is not allowed."""
    (T, D), (taps, own, stride, back, ahead) = source.shape, line
    K = len(taps)
    lags = np.arange(-own * stride, (K - own) * stride, stride)
    add: np.ufunc = np.subtract
    if transposed:
        taps, lags, add = taps[::-1], lags[::-1], np.add

    def reach(position: Positions) -> Positions:
        """Return how far the reader may read through each tap: the row itself, or that from which a tap reads it."""
        if not transposed:
            return position[:, None]
        padded = np.full(T + (K - 1) * stride, -1)
        padded[own * stride :][:T] = position
        step = padded.itemsize
        return np.ndarray((T, K), padded.dtype, padded, (K - 1) * stride * step, (step, -stride * step))

    unread = lags > reach(back)
    if ahead is not None:
        unread |= lags < -reach(ahead)
    and_zeros = np.zeros((T + 1, D), source.dtype)
    and_zeros[:T] = source
    step = max(FEWEST_ROWS, BLOCK_BYTES // (D * source.itemsize * K))
    held = np.empty((min(step, T), K, D), source.dtype)
    for first in range(0, T, step):
        rows = slice(first, min(first + step, T))
        reads = add(np.arange(first, rows.stop)[:, None], lags)
        reads[unread[rows]] = T
        replaced = unread[rows] if odd is not None and odd[rows].any() else None
        yield Piece(
            rows, slice(0, K), taps, and_zeros.take(reads, axis=0, out=held[: len(reads)], mode="clip"), replaced
        )


def _stretches(source: Array, line: Line, odd: Array | None) -> Iterator[Piece]:
    """Yield neighbouring rows of an utterance in blocks, then all other rows."""
    (T, D), (taps, own, stride, back, ahead) = source.shape, line
    assert ahead is not None
    row = D * source.itemsize
    most_folded = max(1, min(MOST_FOLDED, LONG_ROW_BYTES // row))
    most_rows = max(1, BLOCK_BYTES // row)
    long = {1: taps}
    held = np.empty((0, D), source.dtype)
    others = np.ones(T, bool)
    for first, end in _long_runs(back, ahead) if stride * STRIDES_IN_BLOCK <= most_rows else []:
        most, far = int(back[end - 1]), int(ahead[first])
        level = slice(first + most - int(back[first]), end - far + int(ahead[end - 1]))
        if odd is not None and (odd[first : level.start].any() or odd[max(first, level.stop) : end].any()):
            first, end = level.start, level.stop
        used = slice(own - far // stride, own + most // stride + 1)
        fold = _fold(end - first, most_folded)
        if fold not in long:
            long[fold] = np.concatenate([taps] * fold, axis=1)
        block = max(1, most_rows // fold) * fold
        for begin in range(first, end - fold + 1, block):
            stop = min(begin + block, end)
            stop -= (stop - begin) % fold
            others[begin:stop] = False
            if len(held) < most + stop - begin + far:
                held = np.empty((most + stop - begin + far, D), source.dtype)
            before, after = most - int(back[begin]), most + stop - begin + int(ahead[stop - 1])
            held[:before] = 0
            held[before:after] = source[begin - most + before : begin - most + after]
            held[after : most + stop - begin + far] = 0
            shape = (stop - begin) // fold, used.stop - used.start, fold * D
            newest = (most + far // stride * stride) * row
            windows = np.ndarray(shape, held.dtype, held, newest, (fold * row, -stride * row, held.itemsize))
            yield Piece(slice(begin, stop), used, long[fold][used], windows)
    rows = np.flatnonzero(others)
    if len(rows):
        yield from _alike(source, line, rows)


def _fold(rows: int, most: int) -> int:
    """Return how many rows are folded into one: as many as leave no row over, unless these are few."""
    return next((fold for fold in range(most, most // 2, -1) if rows % fold == 0), most)


def _long_runs(back: Positions, ahead: Positions) -> Iterator[tuple[int, int]]:
    """Return where stretches begin and end.

    In a stretch `back` climbs by one each row and then stays, and `ahead` stays and then falls by one each row.
    """
    climb, fall = (back[1:] - back[:-1]).view(np.uintp), (ahead[:-1] - ahead[1:]).view(np.uintp)  # -1 is huge
    cut = np.ones(len(back) + 1, bool)
    cut[1] = False
    cut[2:-1] = climb[1:] > np.minimum(climb[:-1], 1)
    cut[1:-2] |= fall[:-1] > np.minimum(fall[1:], 1)
    (cuts,) = cut.nonzero()
    is_long = cuts[1:] - cuts[:-1] >= SHORTEST
    return zip(cuts[:-1][is_long].tolist(), cuts[1:][is_long].tolist(), strict=True)


def _alike(source: Array, line: Line, rows: Positions) -> Iterator[Piece]:
    """Yield `rows` by the taps that they use, with windows of these taps alone."""
    (T, D), (taps, own, stride, back, ahead) = source.shape, line
    assert ahead is not None
    kinds = (back // stride * T + ahead // stride)[rows]
    order = np.argsort(kinds, kind="stable")
    rows, kinds = rows[order], kinds[order]
    held = np.empty(max(BLOCK_BYTES // source.itemsize, D * len(taps)), source.dtype)
    cuts = [0, *(np.flatnonzero(kinds[1:] != kinds[:-1]) + 1).tolist(), len(rows)]
    for first, end in pairwise(cuts):
        most, far = divmod(int(kinds[first]), T)
        used, lags = slice(own - far, own + most + 1), np.arange(-far, most + 1) * stride
        step = max(1, BLOCK_BYTES // (D * source.itemsize * len(lags)))
        for begin in range(first, end, step):
            some = rows[begin : min(begin + step, end)]
            windows = held[: len(some) * len(lags) * D].reshape(len(some), len(lags), D)
            yield Piece(some, used, taps[used], source.take(some[:, None] - lags, axis=0, out=windows, mode="clip"))


def _readers(back: Positions) -> Positions | None:
    """Return the number of later rows that look back at each row, or None if these rows are not the next ones."""
    rows = np.arange(len(back))
    oldest = rows - back
    if np.count_nonzero(oldest[1:] < oldest[:-1]):
        return None
    return np.cumsum(np.bincount(oldest, minlength=len(back))) - rows - 1
