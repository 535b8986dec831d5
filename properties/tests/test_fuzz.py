"""The fuzzer as a program: what kills its workers is found, and nothing found is lost."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HEAD = """
import ctypes, itertools, os, time
import numpy as np
import fsmn_vec
from fsmn_vec import *

kept, calls = [], itertools.count(1)

def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    memory = fsmn_vec.compact_vfsmn_memory_forward(hidden, filter, position, stride=stride)
    last = np.asarray(position)
"""


@pytest.fixture
def kernel(tmp_path: Path) -> Path:
    """A file for a kernel whose look-back memory does something else besides; the body is appended."""
    path = tmp_path / "kernel.py"
    path.write_text(HEAD, encoding="utf-8")
    return path


def fuzz(path: Path, *options: object, seconds: float = 240) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fsmn_properties", "fuzz", path.name, "-n", 1, "--seconds", 2, *options]
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'properties'}", "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"}
    return subprocess.run(  # noqa: S603
        [*map(str, command)],
        cwd=path.parent,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env=environment,
    )


def does(path: Path, body: str) -> Path:
    path.write_text(HEAD + body + "    return memory\n", encoding="utf-8")
    return path


def test_a_segmentation_fault_is_found_shrunk_and_replayed(kernel: Path) -> None:
    does(kernel, "    if len(last) > 3 and (last == len(last) - 1).any():\n        ctypes.string_at(0)\n")
    done = fuzz(kernel, "--minutes", 0.1)
    assert done.returncode == 1, done.stderr
    assert "compact_vfsmn_memory_forward ended the process: segmentation fault" in done.stdout
    assert re.search(r"workers replaced: \d+", done.stdout)
    again = fuzz(kernel, "--minutes", 0)
    assert again.returncode == 1
    assert "segmentation fault" in again.stdout
    assert "Replayed from the corpus" in again.stdout
    does(kernel, "")
    fixed = fuzz(kernel, "--minutes", 0)
    assert fixed.returncode == 0, fixed.stdout
    assert re.search(r"replayed from the corpus: (\d+), of which \1 hold by now", fixed.stdout)
