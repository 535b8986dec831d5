"""The two forms of the memory block: the names of their functions and arguments, in the contract's order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """One form of the memory block (contract, F)."""

    short: str
    stem: str
    floats: tuple[str, ...]
    positions: tuple[str, ...]
    strides: tuple[str, ...]

    @property
    def forward(self) -> str:
        """Name of the forward function."""
        return f"{self.stem}_forward"

    @property
    def backward(self) -> str:
        """Name of the backward function."""
        return f"{self.stem}_backward"

    @property
    def functions(self) -> tuple[str, str]:
        """Names of both functions."""
        return self.forward, self.backward

    @property
    def stream(self) -> str:
        """Name of the function that makes a stream."""
        return self.stem.replace("memory", "stream")

    @property
    def filters(self) -> tuple[str, ...]:
        """Names of the filters."""
        return self.floats[1:]

    @property
    def gradients(self) -> tuple[str, ...]:
        """Names of the results of the backward function: one gradient for each float argument."""
        return tuple(f"d{name}" for name in self.floats)

    @property
    def matrices(self) -> tuple[str, ...]:
        """Names of all two-dimensional arguments."""
        return ("dmemory", *self.floats)

    def arguments(self, function: str) -> tuple[str, ...]:
        """Return the names of the positional arguments of a function."""
        if function == self.stream:
            return self.filters
        floats = self.floats if function == self.forward else self.matrices
        return (*floats, *self.positions)

    def results(self, function: str) -> tuple[str, ...]:
        """Return the names of the results of a function."""
        return self.gradients if function == self.backward else ("memory",)


UNI = Form("uni", "compact_vfsmn_memory", ("hidden", "filter"), ("position",), ("stride",))
BI = Form(
    "bi",
    "bi_compact_vfsmn_memory",
    ("hidden", "bfilter", "ffilter"),
    ("bposition", "fposition"),
    ("bstride", "fstride"),
)
FORMS = (UNI, BI)
FUNCTIONS = (*UNI.functions, *BI.functions)
"""The functions of whole sequences."""

STREAMS = (UNI.stream, BI.stream)
NAMES = (*FUNCTIONS, *STREAMS)
"""All functions of the contract."""


def form_of(function: str) -> Form:
    """Return the form that a function belongs to."""
    return next(form for form in FORMS if function in (*form.functions, form.stream))
