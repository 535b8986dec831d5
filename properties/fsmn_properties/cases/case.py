"""One call's worth of arguments with how they were made: what is printed is what was called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np

from fsmn_properties.cases.chunks import Chunk, cut_short
from fsmn_properties.cases.layouts import LOSE_THEIR_TYPE, applies, evaluated, expression, laid
from fsmn_properties.cases.oracle import results_of
from fsmn_properties.cases.sharing import sharing, sharings
from fsmn_properties.contract.formats import name_of, result_dtype
from fsmn_properties.contract.forms import Form
from fsmn_ref.arguments import Array

READABLE = 160
"""How many numbers an array has at most that is written out: more are made by a line."""


@dataclass(frozen=True)
class Case:
    """Arguments of one form of the memory block, for its forward and its backward function.

    Parameters
    ----------
    form : Form
        The form.
    plain : mapping of str to ndarray or int
        Every argument by name, arrays C-contiguous and native; a stride that is left out is not given.
    layouts : mapping of str to str
        How arguments are handed in, where not as plain arrays.
    by_name : bool
        Whether all arguments are given by name, the last one first.
    made : str
        Python that makes this case from a recipe, if there is one: what is too large is not written out.
    period : int
        After how many channels the values repeat; 0 if they do not. The oracle computes one period.
    sequences : int
        How many position sequences this is the first case of, if they are enumerated.
    history : tuple of str
        What happens between two calls with it, as in `fsmn_properties.cases.conjunctions`.
    shared : str
        How arguments share memory, as in `fsmn_properties.cases.sharing`, or nothing.
    chunks : tuple of Chunk
        How hidden is cut for a stream, whose positions are those of one utterance.
    """

    form: Form
    plain: Mapping[str, Any]
    layouts: Mapping[str, str] = field(default_factory=dict)
    by_name: bool = False
    made: str = ""
    period: int = 0
    sequences: int = 0
    history: tuple[str, ...] = ()
    shared: str = ""
    chunks: tuple[Chunk, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.plain[name]

    @property
    def frames(self) -> int:
        """The number of frames, T."""
        return len(self.plain["hidden"])

    @property
    def channels(self) -> int:
        """The number of channels, D."""
        return int(self.plain["hidden"].shape[1])

    @property
    def is_large(self) -> bool:
        """Whether its arrays are too large to be written out."""
        return any(self.plain[name].size > READABLE for name in (*self.form.matrices, *self.form.positions))

    @property
    def strides(self) -> dict[str, Any]:
        """The strides that are given."""
        return {name: self.plain[name] for name in self.form.strides if name in self.plain}

    @property
    def taps(self) -> tuple[int, ...]:
        """The numbers of taps of each side, without the current frame's own."""
        return tuple(len(self.plain[name]) - (name == "bfilter") for name in self.form.filters)

    @property
    def reach(self) -> tuple[int, ...]:
        """How far the last tap of each side reads."""
        return tuple(
            taps * int(self.plain.get(name, 1)) for taps, name in zip(self.taps, self.form.strides, strict=True)
        )

    def but(self, **changes: Any) -> Case:
        """Return the case with some arguments changed; they keep their layouts.

        Its arrays are written out whatever their size, since no line makes them any more: use `edited` for few numbers.
        """
        unknown = changes.keys() - self.plain.keys()
        if unknown:
            raise KeyError(f"no argument {', '.join(sorted(unknown))}")
        return replace(self, plain={**self.plain, **changes}, made="", period=0, shared="")

    def without_strides(self) -> Case:
        """Return the case without strides."""
        return replace(
            self, plain={name: value for name, value in self.plain.items() if name not in self.form.strides}, made=""
        )

    def handed(self, **layouts: str) -> Case:
        """Return the case with other layouts."""
        made = self.made and f"{self.made}.handed(**{layouts!r})"
        return replace(self, layouts={**self.layouts, **layouts}, made=made)

    def typed(self, name: str, dtype: str) -> Case:
        """Return the case with an argument in another dtype."""
        made = self.made and f"{self.made}.typed({name!r}, {dtype!r})"
        return replace(self, plain={**self.plain, name: self.plain[name].astype(dtype)}, made=made)

    def changed(self, name: str, text: str) -> Case:
        """Return the case with an argument changed, and handed in plainly, by Python about `x`, the argument."""
        made = self.made and f"{self.made}.changed({name!r}, {text!r})"
        plain = {**self.plain, name: evaluated(text, self.plain[name])}
        layouts = {each: layout for each, layout in self.layouts.items() if each != name}
        return replace(self, plain=plain, layouts=layouts, made=made, period=0, shared="")

    def edited(self, name: str, index: tuple[int, ...], value: Any) -> Case:
        """Return the case with one number of an argument changed."""
        array = self.plain[name].copy()
        array[index] = value
        value = value.item() if isinstance(value, np.generic) else value
        shown = f"float({str(value)!r})" if isinstance(value, float) and not isfinite(value) else repr(value)
        made = self.made and f"{self.made}.edited({name!r}, {index!r}, {shown})"
        return replace(self, plain={**self.plain, name: array}, made=made, period=0, shared="")

    @cached_property
    def want(self) -> dict[str, Array]:
        """The exact results by name, if no sum of them rounds: the oracle's, of the dtypes of rule R1.

        Those of a stream are the memory alone.
        """
        arrays = {name: self._counted(name) for name in self.form.matrices}
        gradients = not self.chunks
        dtype = result_dtype(arrays.values())
        wide = dtype if dtype.itemsize >= 4 else np.float32  # whole numbers do not round in the format of the results
        with np.errstate(all="ignore"):
            if self.period:
                arrays = {name: array[:, : self.period] for name, array in arrays.items()}
            found = results_of(self.form, {**self.plain, **arrays}, wide, gradients=gradients)
            if self.period:
                every = np.arange(self.channels) % self.period
                found = {name: value[:, every] for name, value in found.items()}
            return {name: value.astype(self.dtype(name), order="C") for name, value in found.items()}

    def dtype(self, result: str) -> np.dtype[Any]:
        """Return the dtype of a result by rule R1."""
        names = self.form.floats if result == "memory" else self.form.matrices
        return result_dtype(self._counted(name) for name in names)

    def _counted(self, name: str) -> Array:
        """Return an argument in the dtype in which it counts: a list has lost its own."""
        array: Array = self.plain[name]
        layout = self.layouts.get(name, "")
        if layout in LOSE_THEIR_TYPE and array.dtype.kind == "f" and array.size and applies(layout, array):
            return array.astype(np.float64)
        return array

    # Called and written down: the same recipe twice.

    def arguments(self, function: str) -> dict[str, Any]:
        """Return new arguments for one call of a function, by name, without strides."""
        made = {name: laid(self.plain[name], self.layouts.get(name, "")) for name in self.form.arguments(function)}
        return sharing(self.form, self.shared, made)

    def pieces(self) -> Iterator[Any]:
        """Yield new frames for each push of a stream."""
        begin = 0
        for frames, layout, dtype in self.chunks:
            plain = self.plain["hidden"][begin : begin + frames]
            yield laid(plain.astype(dtype) if dtype else plain, layout)
            begin += frames

    def script(self, function: str, known: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return Python for each argument of a function: what makes the variable of its name.

        `known` are such lines that ran before; arguments that they make are left out.
        """
        lines = {}
        if self.made and self.is_large:
            lines["case"] = f"case = {self.made}"
            names = self.form.arguments(function)
            lines |= {name: f"{name} = case.arguments({function!r})[{name!r}]" for name in names}
        else:
            for name in self.form.arguments(function):
                layout, text = self.layouts.get(name, ""), literal(self.plain[name])
                laid_out = f"x = {text}\n{name} = {expression(layout)}"
                lines[name] = laid_out if applies(layout, self.plain[name]) else f"{name} = {text}"
        if self.shared and {*(how := sharings(self.form)[self.shared]).names} <= lines.keys():
            lines["shared"] = how.handed
        return {name: line for name, line in lines.items() if (known or {}).get(name) != line}

    def call_text(self, function: str) -> str:
        """Return the Python that calls a function of `implementation` with the variables of the script."""
        names = self.form.arguments(function)
        given = [f"{name}={name}" for name in names[::-1]] if self.by_name else list(names)
        strides = [f"{name}={number(value)}" for name, value in self.strides.items()]
        return f"implementation.{function}({', '.join([*given, *strides])})"

    def __repr__(self) -> str:
        return "\n".join([*self.script(self.form.backward).values(), self.call_text(self.form.backward)])

    def outline(self) -> str:
        """Return the sizes and whatever is unusual, in a line."""
        sides = " + ".join(map(str, self.taps))
        facts = [f"{self.frames} frames x {self.channels} channels x {sides} taps"]
        strides = tuple(self.strides.values())
        if self.chunks:
            facts.append(f"chunks of {cut_short([chunk.frames for chunk in self.chunks])}")
        if any(stride != 1 for stride in strides):
            facts.append(f"stride {' and '.join(map(str, dict.fromkeys(map(int, strides))))}")
        facts.append(" and ".join(dict.fromkeys(name_of(self.plain[name].dtype) for name in self.form.matrices)))
        facts += [f"{name} as {layout}" for name, layout in self.layouts.items() if layout]
        facts += [f"chunks as {each}" for each in dict.fromkeys(c.layout or c.dtype for c in self.chunks) if each]
        return ", ".join(facts)


def number(value: Any) -> str:
    """Return Python that makes a number of its own type."""
    return f"np.{type(value).__name__}({value})" if isinstance(value, np.generic) else repr(value)


def literal(array: Array) -> str:
    """Return Python that makes an array: its dtype, and its values to the last bit."""
    dtype = array.dtype
    # The name of long double depends on the machine; neither objects nor text have one that NumPy knows.
    name = "np.longdouble" if dtype == np.longdouble else f"np.{dtype.name}" if dtype.kind in "iuf" else repr(dtype.str)
    if array.size == 0:
        return f"np.zeros({array.shape}, {name})"
    if dtype == np.longdouble:
        values = np.vectorize(lambda v: f"<{np.format_float_scientific(v, unique=True)}>", otypes=[object])(array)
        text = repr(values.tolist()).replace("'<", "'").replace(">'", "'")
        return f"np.array({text}).astype(np.longdouble)"
    text = repr(array.tolist()).replace("nan", "np.nan").replace("inf", "np.inf")
    return f"np.array({text})" if name in {"np.float64", "np.int64"} else f"np.array({text}, {name})"
