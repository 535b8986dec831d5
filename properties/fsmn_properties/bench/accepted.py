"""Slowdowns that are intended, each with its reason and the one base that it holds for."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Accepted:
    """A slowdown of one case against one base, and why it is worth it."""

    base: str
    case: str
    reason: str


@dataclass(frozen=True)
class Baseline:
    """The contents of a baseline file: the anchor if there is no release tag, and the slowdowns that are accepted."""

    revision: str | None
    accepted: tuple[Accepted, ...]

    def reason(self, base: str, case: str) -> str | None:
        """Return why a case may be slower than that base, or None."""
        return next((one.reason for one in self.accepted if one.base == base and one.case == case), None)


def read_baseline(path: Path | None) -> Baseline:
    """Read a baseline file; without a file nothing is recorded.

    Raises
    ------
    ValueError
        If an entry lacks its base, written in full, its case or its reason.
    """
    if path is None:
        return Baseline(None, ())
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = [
        Accepted(**{key: entry.get(key, "") for key in ("base", "case", "reason")})
        for entry in said.get("accepted", [])
    ]
    for entry in entries:
        if len(entry.base) != len("0123456789" * 4) or not entry.case or not entry.reason:
            raise ValueError(
                f"{path.name}: an accepted slowdown needs a base of 40 digits, a case and a reason: {entry}"
            )
    return Baseline(said.get("revision"), tuple(entries))
