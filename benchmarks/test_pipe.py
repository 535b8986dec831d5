"""How many small calls a second go through the pipe to a program in C."""

from __future__ import annotations

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from fsmn_properties import command

KERNEL = Path(__file__).parents[1] / "docs" / "examples" / "kernel.c"


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_a_small_call_of_a_kernel_in_c(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    header, program = files("fsmn_properties") / "languages", tmp_path / "kernel"
    compiler = ["cc", "-O2", "-I", str(header), "-o", str(program), str(KERNEL)]
    subprocess.run(compiler, check=True)  # noqa: S603, the command is ours
    kernel = command(str(program))
    hidden, taps, position = np.ones((5, 2), np.float32), np.ones((2, 2), np.float32), np.arange(5)
    memory = benchmark(kernel.compact_vfsmn_memory_forward, hidden, taps, position, stride=1)  # type: ignore[attr-defined]
    assert memory[-1].tolist() == [3, 3]
