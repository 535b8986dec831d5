"""One call's worth of arguments, and how it is written down for a person."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fsmn_properties.forms import Form
from fsmn_properties.literals import literal
from fsmn_properties.violation import Violation
from fsmn_ref.arguments import Array


@dataclass(frozen=True)
class Case:
    """Arguments of one form of the memory block, for its forward and its backward function."""

    form: Form
    floats: dict[str, Any]
    positions: dict[str, Any]
    strides: dict[str, int]
    dmemory: Any

    def __getitem__(self, name: str) -> Any:
        return self.arguments[name]

    @property
    def arguments(self) -> dict[str, Any]:
        """Every argument by name; what the forward function does not take is `dmemory`."""
        return {"dmemory": self.dmemory, **self.floats, **self.positions, **self.strides}

    def but(self, **changes: Any) -> Case:
        """Return the case with some arguments changed."""
        unknown = changes.keys() - self.arguments.keys()
        if unknown:
            raise KeyError(f"no argument {', '.join(sorted(unknown))}")
        floats, positions, strides = (
            {name: changes.get(name, value) for name, value in group.items()}
            for group in (self.floats, self.positions, self.strides)
        )
        dmemory = changes.get("dmemory", self.dmemory)
        return replace(self, floats=floats, positions=positions, strides=strides, dmemory=dmemory)

    def forward(self, implementation: Any) -> Array:
        """Return the memory as `implementation` computes it; what it raises is a Violation."""
        memory: Array = self._call(implementation, self.form.forward, ("memory",))["memory"]
        return memory

    def backward(self, implementation: Any) -> dict[str, Array]:
        """Return the gradients by name as `implementation` computes them; what it raises is a Violation."""
        return self._call(implementation, self.form.backward, self.form.gradients)

    def results(self, implementation: Any) -> dict[str, Array]:
        """Return the memory and the gradients by name."""
        return {"memory": self.forward(implementation), **self.backward(implementation)}

    def call(self, implementation: Any, function: str) -> Any:
        """Call `function` of `implementation` and return what it returns, or raise what it raises."""
        floats = [*self.floats.values(), *self.positions.values()]
        arguments = floats if function == self.form.forward else [self.dmemory, *floats]
        return getattr(implementation, function)(*arguments, **self.strides)

    def _call(self, implementation: Any, function: str, names: tuple[str, ...]) -> dict[str, Array]:
        def violation(problem: str) -> Violation:
            return Violation(f"{function} {problem}", self.script(function, ", ".join(names)))

        try:
            returned = self.call(implementation, function)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            where = f"{place.filename}, line {place.lineno}"
            raise violation(f"raised {type(error).__name__}: {error} ({where})") from error
        results = returned if len(names) > 1 else (returned,)
        if not isinstance(results, tuple | list) or len(results) != len(names):
            raise violation(f"returned {returned!r:.80}, not {', '.join(names)}")
        for name, result in zip(names, results, strict=True):
            if type(result) is not np.ndarray:  # masked elements would equal anything
                raise violation(f"returned {name} as a {type(result).__name__}, not an ndarray")
        return dict(zip(names, results, strict=True))

    def script(self, function: str, assigned: str = "") -> str:
        """Return Python that makes the arguments and calls `function` of `implementation`."""
        needed = {name: value for name, value in self.arguments.items() if name not in self.strides}
        if function == self.form.forward:
            del needed["dmemory"]
        lines = [f"{name} = {literal(value)}" for name, value in needed.items()]
        strides = [f"{name}={value!r}" for name, value in self.strides.items()]
        call = f"implementation.{function}({', '.join([*needed, *strides])})"
        return "\n".join([*lines, f"{assigned} = {call}" if assigned else call])

    def __repr__(self) -> str:
        return f"<case of {self.form.stem}>\n{self.script(self.form.backward)}"
