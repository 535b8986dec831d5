"""The two forms of the memory block: the names of their functions and arguments, in the contract's order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Form:
    """One form of the memory block."""

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
    def filters(self) -> tuple[str, ...]:
        """Names of the filters."""
        return self.floats[1:]

    @property
    def gradients(self) -> tuple[str, ...]:
        """Names of what the backward function returns: one gradient for each float argument."""
        return tuple(f"d{name}" for name in self.floats)


UNI = Form("uni", "compact_vfsmn_memory", ("hidden", "filter"), ("position",), ("stride",))
BI = Form(
    "bi",
    "bi_compact_vfsmn_memory",
    ("hidden", "bfilter", "ffilter"),
    ("bposition", "fposition"),
    ("bstride", "fstride"),
)
FORMS = (UNI, BI)
