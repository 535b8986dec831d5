"""The entry for coverage-guided fuzzers, and a kernel in C that reads beyond its arrays."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest

import fsmn_vec
from fsmn_properties import fuzz_one_input

ROOT = Path(__file__).parents[2]

KERNEL = r"""
void forward(const double *hidden, const double *filter, const long *position, double *memory,
             long frames, long channels, long taps, long stride) {
    for (long r = 0; r < frames; r++)
        for (long c = 0; c < channels; c++) {
            double sum = hidden[r * channels + c];
            for (long i = 0; i < taps && (i + 1) * stride <= position[r]; i++)
                sum += filter[i * channels + c] * hidden[(r - (i + 1) * stride) * channels + c];
#ifdef PLANTED  /* the next tap is fetched ahead, whether there is one or not */
            if (position[r] >= 3 && taps * stride <= position[r]) {
                volatile double ahead = filter[taps * channels + c];
                (void)ahead;
            }
#endif
            memory[r * channels + c] = sum;
        }
}
"""

MODULE = """
import ctypes
import numpy as np

_forward = ctypes.CDLL({library!r}).forward
promises = {{
    "formats": "float64", "position_types": "int64", "layouts": "contiguous", "lists": False, "refusals": "none",
    "most_stride": 1000, "mixed": False, "nonfinite": False,
}}

def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    memory = np.empty_like(hidden)
    arrays = [ctypes.c_void_p(array.ctypes.data) for array in (hidden, filter, position, memory)]
    sizes = [ctypes.c_long(int(size)) for size in (*hidden.shape, len(filter), stride)]
    _forward(*arrays, *sizes)
    return memory
"""

DRIVER = """
import random, sys
sys.path.insert(0, {folder!r})
import kernel
from fsmn_properties import fuzz_one_input

one_input, rng = fuzz_one_input(kernel), random.Random(0)
for _ in range({times}):
    one_input(rng.randbytes(96))
print("all of them hold")
"""


def test_bytes_make_cases_that_hold_of_a_correct_kernel() -> None:
    rng, one_input = Random(0), fuzz_one_input(fsmn_vec)  # noqa: S311, no secret
    for length in (0, 1, 7, 64, 200):
        for _ in range(8):
            one_input(rng.randbytes(length))


def test_bytes_make_cases_that_show_a_bug() -> None:
    def reversed_taps(hidden: object, filter: object, position: object, *, stride: int = 1) -> object:
        return fsmn_vec.compact_vfsmn_memory_forward(hidden, np.asarray(filter)[::-1], position, stride=stride)

    rng = Random(0)  # noqa: S311, no secret
    one_input = fuzz_one_input(SimpleNamespace(compact_vfsmn_memory_forward=reversed_taps, __name__="port"))

    def many() -> None:
        for _ in range(200):
            one_input(rng.randbytes(64))

    with pytest.raises(AssertionError):
        many()


def _sanitizer() -> str:
    """Return the path of the runtime of AddressSanitizer, or nothing."""
    if shutil.which("gcc") is None:
        return ""
    told = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=False)  # noqa: S607
    path = Path(told.stdout.strip())
    return str(path.resolve()) if path.is_absolute() and path.is_file() else ""


@pytest.mark.skipif(not _sanitizer(), reason="needs gcc with AddressSanitizer")
@pytest.mark.parametrize("planted", [True, False], ids=["planted", "correct"])
def test_address_sanitizer_sees_a_read_beyond_an_array(planted: bool, tmp_path: Path) -> None:
    (tmp_path / "kernel.c").write_text(KERNEL, encoding="utf-8")
    library = str(tmp_path / "sanitized.so")
    options = ["-g", "-O1", "-shared", "-fPIC", "-fsanitize=address", *(["-DPLANTED"] if planted else [])]
    subprocess.run(["gcc", *options, "-o", library, str(tmp_path / "kernel.c")], check=True)  # noqa: S603, S607
    (tmp_path / "kernel.py").write_text(MODULE.format(library=library), encoding="utf-8")
    driver = DRIVER.format(folder=str(tmp_path), times=1500 if planted else 150)
    environment = {
        **os.environ,
        "LD_PRELOAD": _sanitizer(),
        "ASAN_OPTIONS": "detect_leaks=0",
        "PYTHONMALLOC": "malloc",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "properties"), os.environ.get("PYTHONPATH", "")]),
    }
    command = [sys.executable, "-c", driver]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603
    if planted:
        assert "heap-buffer-overflow" in done.stderr, done.stderr[-2000:]
        assert "in forward" in done.stderr
        assert done.returncode != 0
    else:
        assert "all of them hold" in done.stdout, done.stderr[-2000:]
