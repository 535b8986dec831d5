"""What the vectorized functions promise beyond the contract: `out`, memory, and results whatever the rows' pieces."""

from __future__ import annotations

import itertools
import re
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fsmn_ref
import fsmn_vec
from fsmn_ref import utterance_positions


@dataclass(frozen=True)
class Form:
    """The functions of one form, and the names of their arguments."""

    short: str
    prefix: str
    filters: tuple[str, ...]
    positions: tuple[str, ...]
    strides: tuple[str, ...]

    @property
    def arguments(self) -> list[str]:
        return ["hidden", *self.filters, *self.positions]

    @property
    def results(self) -> int:
        """The number of gradients."""
        return 1 + len(self.filters)

    def forward(self, implementation: Any) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(implementation, f"{self.prefix}compact_vfsmn_memory_forward")
        return function

    def backward(self, implementation: Any) -> Callable[..., Any]:
        function: Callable[..., Any] = getattr(implementation, f"{self.prefix}compact_vfsmn_memory_backward")
        return function


UNI = Form("uni", "", ("filter",), ("position",), ("stride",))
BI = Form("bi", "bi_", ("bfilter", "ffilter"), ("bposition", "fposition"), ("bstride", "fstride"))
EACH_FORM = pytest.mark.parametrize("form", [UNI, BI], ids=lambda form: form.short)


@dataclass(frozen=True)
class Call:
    """The arguments of a forward and a backward call."""

    form: Form
    dmemory: Any
    floats: list[Any]
    positions: list[Any]
    strides: dict[str, int]

    def results(self, implementation: Any, out: Any = None, gradients: Any = None) -> list[Any]:
        """Return the memory and the gradients."""
        arguments = [*self.floats, *self.positions]
        to_memory = {} if out is None else {"out": out}
        to_gradients = {} if gradients is None else {"out": gradients}
        with np.errstate(all="ignore"):
            memory = self.form.forward(implementation)(*arguments, **self.strides, **to_memory)
            backward = self.form.backward(implementation)
            return [memory, *backward(self.dmemory, *arguments, **self.strides, **to_gradients)]


def assert_equal(got: list[Any], want: list[Any]) -> None:
    for one, other in zip(got, want, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)


def in_any_order(rng: np.random.Generator, frames: int) -> tuple[Any, Any]:
    rows = np.arange(frames)
    return rng.integers(0, rows + 1), rng.integers(0, frames - rows)


def level(rng: np.random.Generator, frames: int) -> tuple[Any, Any]:
    rows, (most, far) = np.arange(frames), rng.integers(0, 9, 2)
    return np.minimum(rows, most), np.minimum(rows[::-1], far)


def utterances(rng: np.random.Generator, frames: int) -> tuple[Any, Any]:
    cuts = np.sort(rng.integers(0, frames + 1, rng.integers(0, 6)))
    return utterance_positions(np.diff([0, *cuts, frames]))


def utterances_but_for_some_rows(rng: np.random.Generator, frames: int) -> tuple[Any, Any]:
    others, rows = in_any_order(rng, frames), rng.random(frames) < 0.05
    back, ahead = (np.where(rows, a, b) for a, b in zip(others, utterances(rng, frames), strict=True))
    return back, ahead


POSITIONS = [in_any_order, level, utterances, utterances_but_for_some_rows]


@st.composite
def calls(draw: st.DrawFn, form: Form, frames: int = 150, most_channels: int = 150) -> Call:
    """Draw whole numbers, with few taps: the reference's loops are slow."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    T, D = draw(st.integers(0, frames)), draw(st.integers(0, most_channels))
    taps = [draw(st.integers(0, 5)) + (name == "bfilter") for name in form.filters]
    strides = {name: draw(st.sampled_from([1, 1, 2, 3, 40, 2**70])) for name in form.strides}
    positions = draw(st.sampled_from(POSITIONS))(rng, T)[: len(form.positions)]
    dtype = draw(st.sampled_from(["f4", "f8", np.longdouble]))
    dmemory, *floats = (rng.integers(-9, 10, (rows, D)).astype(dtype) for rows in (T, T, *taps))
    special = draw(st.sampled_from([None, np.nan, np.inf]))
    if special is not None:
        for array in draw(st.sets(st.sampled_from(range(1 + len(floats))))):
            one = [dmemory, *floats][array]
            one[len(one) // 2 :: 7, ::2] = special
    return Call(form, dmemory, floats, list(positions), strides)


@EACH_FORM
def test_results_equal_the_reference_at_any_size_with_any_positions_strides_and_nan(form: Form) -> None:
    @given(calls(form, frames=60, most_channels=40))
    def check(call: Call) -> None:
        assert_equal(call.results(fsmn_vec), call.results(fsmn_ref))

    check()


# Sizes at which every way to provide windows is taken: small inputs, stretches with and without folded rows and of
# several blocks, rows that use the same taps, strides wider than a block, in any order.
LARGE = [(700, 8), (700, 64), (300, 130), (1500, 200), (300, 1100)]


@EACH_FORM
@pytest.mark.parametrize(("frames", "channels"), LARGE, ids=str)
@pytest.mark.parametrize("positions", POSITIONS, ids=lambda positions: positions.__name__)
@pytest.mark.parametrize("special", [None, np.nan, np.inf])
def test_large_calls_equal_sums_tap_by_tap(
    form: Form, frames: int, channels: int, positions: Any, special: float | None
) -> None:
    rng = np.random.default_rng([frames, channels])
    for strides in itertools.product([1, 3, 90], repeat=len(form.strides)):
        dmemory, *floats = (
            rng.integers(-9, 10, (rows, channels)).astype("f4") for rows in (frames, frames, 13, 7)[: 1 + form.results]
        )
        if special is not None:
            for array in (dmemory, *floats):
                array[rng.integers(0, len(array), 3), rng.integers(0, channels, 3)] = special
        call = Call(
            form,
            dmemory,
            floats,
            list(positions(rng, frames)[: len(form.positions)]),
            dict(zip(form.strides, strides, strict=True)),
        )
        with np.errstate(all="ignore"):
            want = tap_by_tap(call)
        assert_equal(call.results(fsmn_vec), want)


def tap_by_tap(call: Call) -> list[Any]:
    """Return the memory and the gradients: what each tap adds, for all rows that use it."""
    hidden, *filters = call.floats
    memory, dhidden, dfilters = hidden.copy(), call.dmemory.copy(), [np.zeros_like(taps) for taps in filters]
    sides = zip(call.form.filters, filters, dfilters, call.positions, call.strides.values(), strict=True)
    for name, taps, dtaps, position, stride in sides:
        for i, tap in enumerate(taps):
            lag = (i + (name != "bfilter")) * stride
            rows = np.flatnonzero(position >= lag)
            read = rows + lag if name == "ffilter" else rows - lag
            memory[rows] += tap * hidden[read]
            dhidden[read] += tap * call.dmemory[rows]
            dtaps[i] = (hidden[read] * call.dmemory[rows]).sum(axis=0)
    return [memory, dhidden, *dfilters]


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "Fortran-ordered": np.asfortranarray,
    "strided": lambda array: np.repeat(array, 2, axis=0)[::2],
    "reversed": lambda array: array[::-1].copy()[::-1],
    "reversed in its last axis": lambda array: array[:, ::-1].copy()[:, ::-1],
}


@EACH_FORM
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_out_of_any_layout_is_written_and_returned(form: Form, layout: Callable[[Any], Any]) -> None:
    @given(calls(form))
    def check(call: Call) -> None:
        want = call.results(fsmn_vec)
        out, *gradients = (layout(np.full_like(result, 7)) for result in want)
        got = call.results(fsmn_vec, out, tuple(gradients))
        assert all(one is other for one, other in zip(got, [out, *gradients], strict=True))
        assert_equal(got, want)

    check()


HIDDEN, FILTER, POSITION = np.ones((3, 2)), np.ones((2, 2)), [0, 1, 2]


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        ([[0.0] * 2] * 3, TypeError, "out is a list (allowed: ndarray)"),
        (np.empty((3, 2), np.float32), TypeError, "out has dtype float32 (allowed: float64)"),
        (np.empty((2, 3)), ValueError, "out has shape (2, 3) (allowed: (3, 2))"),
        (np.broadcast_to(0.0, (3, 2)), ValueError, "out is read-only"),
        (HIDDEN, ValueError, "out shares memory with an argument or another result"),
    ],
)
def test_an_out_that_does_not_fit_is_refused(out: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as refusal:
        fsmn_vec.compact_vfsmn_memory_forward(HIDDEN, FILTER, POSITION, out=out)
    assert message in str(refusal.value)


def functions(form: Form) -> Iterator[tuple[Callable[..., Any], list[str], int]]:
    """Yield each function with its arguments and the number of its results."""
    yield form.forward(fsmn_vec), form.arguments, 1
    yield form.backward(fsmn_vec), ["dmemory", *form.arguments], form.results


def zeros(form: Form, names: list[str]) -> dict[str, Any]:
    return {n: np.zeros(2, np.int64) if n in form.positions else np.zeros((2, 2)) for n in names}


def refuses(function: Callable[..., Any], arguments: dict[str, Any], outs: list[Any], slot: int) -> None:
    one = len(outs) == 1
    name = "out" if one else re.escape(f"out[{slot}]")
    with pytest.raises(ValueError, match=f"^{name} shares memory with an argument or another result$"):
        function(*arguments.values(), out=outs[0] if one else tuple(outs))


@EACH_FORM
def test_an_out_that_shares_memory_with_any_argument_is_refused(form: Form) -> None:
    for function, names, results in functions(form):
        for name, slot in itertools.product(names, range(results)):
            shared, arguments = np.zeros((2, 2)), zeros(form, names)
            # Zeros are floats and positions alike.
            arguments[name] = shared.view(np.int64)[0] if name in form.positions else shared
            refuses(function, arguments, [shared if i == slot else None for i in range(results)], slot)


@EACH_FORM
def test_one_array_for_two_results_is_refused(form: Form) -> None:
    _, (function, names, results) = functions(form)
    for pair in itertools.combinations(range(results), 2):
        same = np.zeros((2, 2))
        refuses(function, zeros(form, names), [same if i in pair else None for i in range(results)], max(pair))


@EACH_FORM
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("stride", [1, 2, 1000])
def test_memory_beyond_the_arguments_stays_below_hidden_and_4_mebibytes(form: Form, dtype: Any, stride: int) -> None:
    T, D, N = 3000, 128, 20
    positions = utterance_positions([300] * 10)[: len(form.positions)]
    floats = [np.ones((T, D), dtype), *(np.ones((N, D), dtype) for _ in form.filters)]
    dmemory = np.ones((T, D), dtype)
    arguments, strides = [*floats, *positions], dict.fromkeys(form.strides, stride)
    calls = [
        lambda: form.forward(fsmn_vec)(*arguments, **strides),
        lambda: form.backward(fsmn_vec)(dmemory, *arguments, **strides),
    ]
    for call in calls:
        tracemalloc.start()
        call()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < floats[0].nbytes + (4 << 20)
