"""What several tests of the suite need: Python in a process of its own, a port with a mistake, a report by hand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fsmn_properties.contract.promises import Promises
from fsmn_properties.findings.account import Account, Beyond
from fsmn_properties.findings.document import Document
from fsmn_properties.findings.mistake import Entry, Mistake, Picture
from fsmn_properties.findings.verdict import EXPECTED, FAILS, GAVE_UP, HOLDS, NOT_PROMISED, Finding, Verdict

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


NASTY = "</pre><script>alert(1)</script> \x1b[31m \u202e\x00 | `code` ``` [a](b) \ud800 'q' \"q\" &amp;"
"""What a kernel may say of itself: markup, marks of direction, control characters, half a surrogate pair."""


def reads(frames: int, taps: int, order: int = 1) -> tuple[Entry, ...]:
    """Return the map of a kernel that looks back; with order -1, its taps are in reverse order."""
    back = [(r, r - i - 1, range(taps)[::order][i], 1.0) for r in range(frames) for i in range(taps) if r > i]
    return (*back, *((r, r, taps, 1.0) for r in range(frames)))


def picture(frames: int, taps: int, *more: Entry) -> Picture:
    """Return the picture of reversed taps, with more that was found."""
    names = (*(f"filter[{i}]" for i in range(taps)), "identity")
    found = (*reads(frames, taps, -1), *more)
    return Picture("compact_vfsmn_memory_forward", "a case", frames, frames, names, found, reads(frames, taps))


def failing(name: str, problem: str, script: str = "import numpy as np\n") -> Verdict:
    """Return the verdict of a statement that fails."""
    finding = Finding(
        name, f"Says {NASTY}.", "R2", problem, "2 frames", script, {"element": (1, 0), "got": float("nan")}
    )
    return Verdict(name, "R2", FAILS, cases=3, seconds=0.5, finding=finding, worst=float("inf"))


@pytest.fixture
def document() -> Document:
    """A report with something of everything."""
    told, other, lone = (
        failing("uni_a", "memory[1, 0] is nan"),
        failing("uni_b", "b"),
        failing(f"c {NASTY}", NASTY, NASTY),
    )
    assert told.finding is not None
    mistake = Mistake(
        told.finding,
        ("uni_a", "uni_b"),
        ("The taps are in reverse order.", NASTY),
        "2",
        (picture(6, 3, (2, 5, 1, float("nan"))), picture(90, 7)),
    )
    verdicts = (
        told,
        other,
        lone,
        Verdict("uni_d", "F1, F2", HOLDS, cases=1_000, sequences=7, seconds=1.25, note="every one", worst=0.5),
        Verdict("uni_e", "Z9", EXPECTED, NASTY),
        Verdict("uni_f", "D5", NOT_PROMISED, "strides='one'"),
        Verdict("uni_g", "D5", GAVE_UP, "time limit"),
    )
    beyond = (Beyond("float64", True), Beyond("lists", False, NASTY))
    promises = Promises(strides="one", formats=("float32",), frames=(1, None))
    account = Account(NASTY, promises, verdicts, beyond, 3, (mistake,))
    says = {verdict.name: f"It is {NASTY}" for verdict in verdicts}
    return Document(account, "2026-01-02T03:04:05+00:00", {"numpy": "2.0"}, says, "uni_g", NASTY)
