"""What a call must leave as it is in its process: NumPy's error state, the working folder, the global generators."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


def _ignored(kind: str, flag: int) -> None:
    """Do nothing about a floating-point error."""


def watched() -> np.errstate:
    """Return NumPy's error state of calls: nothing is said of NaN and infinities, and no kernel sets the same."""
    return np.errstate(all="call", call=_ignored)


def is_watched() -> bool:
    """Return whether the error state is that of `watched` still."""
    return set(np.geterr().values()) == {"call"}


def _numpy_state() -> tuple[Any, ...]:
    state: Any = np.random.get_state()  # noqa: NPY002, the global generator is what is guarded
    name, keys, *rest = state
    return name, keys.tobytes(), *rest


@dataclass(frozen=True)
class ProcessState:
    """The state of the process when this was made."""

    errors: dict[str, Any] = field(default_factory=lambda: dict(np.geterr()))
    folder: Path = field(default_factory=Path.cwd)
    generator: Any = field(default_factory=random.getstate)
    numpy_generator: Any = field(default_factory=np.random.get_state)
    _numpy: tuple[Any, ...] = field(default_factory=_numpy_state)

    def changed(self) -> str:
        """Return what has changed since, or nothing."""
        if dict(np.geterr()) != self.errors:
            return "NumPy's error state"
        if Path.cwd() != self.folder:
            return "the working folder"
        if random.getstate() != self.generator:
            return "the state of Python's random numbers"
        if _numpy_state() != self._numpy:
            return "the state of NumPy's global random numbers"
        return ""

    def restore(self) -> None:
        """Make it as it was."""
        np.seterr(**self.errors)
        os.chdir(self.folder)
        random.setstate(self.generator)
        np.random.set_state(self.numpy_generator)  # noqa: NPY002
