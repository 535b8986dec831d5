"""What several tests of the suite need: Python in a process of its own, and a port with a mistake."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

Run = Callable[..., "subprocess.CompletedProcess[str]"]

REVERSED = """
import numpy as np
from fsmn_ref import *

def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    import fsmn_ref
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, np.asarray(filter)[::-1], position, stride=stride)
"""


@pytest.fixture(scope="session")
def python() -> Run:
    """A function that runs Python with arguments in a process of its own."""

    def run(*arguments: object, cwd: Path = ROOT, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=seconds, check=False)  # noqa: S603

    return run


@pytest.fixture
def port(tmp_path: Path) -> Path:
    """A port with the taps of one function in the wrong order."""
    path = tmp_path / "port.py"
    path.write_text(REVERSED, encoding="utf-8")
    return path
