"""The fuzzer as a program: what kills its workers is found, and nothing found is lost."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fsmn_properties.commands.fuzz import run
from fsmn_properties.runs.fuzz.corpus import Corpus

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}
ENVIRONMENT["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "properties"), os.environ.get("PYTHONPATH", "")])
FORWARD = "compact_vfsmn_memory_forward"

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
    """The file of a kernel."""
    return tmp_path / "kernel.py"


def does(path: Path, body: str) -> Path:
    """Write a kernel whose look-back memory does something besides."""
    path.write_text(HEAD + body + "    return memory\n", encoding="utf-8")
    return path


def command(path: Path, *options: object) -> list[str]:
    return [sys.executable, *map(str, ("-m", "fsmn_properties", "fuzz", path.name, "-n", 1, *options))]


def fuzz(path: Path, *options: object, seconds: float = 240) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command(path, *options),
        cwd=path.parent,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def begun(path: Path, *options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603
        command(path, *options),
        cwd=path.parent,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def workers(process: subprocess.Popen[str]) -> list[int]:
    """Return the processes that a run has started, but for the resource tracker of multiprocessing."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
    return [int(pid) for pid in children if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")]


def until(happens: Callable[[], object], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False


def test_a_segmentation_fault_is_found_shrunk_replayed_and_promoted(kernel: Path) -> None:
    does(kernel, "    if len(last) > 3 and (last == len(last) - 1).any():\n        ctypes.string_at(0)\n")
    done = fuzz(kernel, "--minutes", 3, "-x")
    assert done.returncode == 1, done.stderr
    assert f"{FORWARD} ended the process: segmentation fault" in done.stdout
    assert "Case: 4 frames x " in done.stdout
    assert re.search(r"workers replaced: \d+", done.stdout)
    again = fuzz(kernel, "--minutes", 0, "--promote", "test_regressions.py")
    assert again.returncode == 1
    assert "Replayed from the corpus" in again.stdout
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_regressions.py"]
    failed = subprocess.run(tests, cwd=kernel.parent, env=ENVIRONMENT, capture_output=True, text=True, check=False)  # noqa: S603
    assert failed.returncode == 1
    assert "the test ended the process: segmentation fault" in failed.stdout
    does(kernel, "")
    fixed = fuzz(kernel, "--minutes", 0)
    assert fixed.returncode == 0, fixed.stdout
    assert re.search(r"replayed from the corpus: (\d+), of which \1 hold by now", fixed.stdout)
    subprocess.run(tests, cwd=kernel.parent, env=ENVIRONMENT, check=True, capture_output=True)  # noqa: S603


@pytest.mark.long
def test_a_hang_is_found(kernel: Path) -> None:
    does(kernel, "    while len(last) == 65:\n        pass\n")
    done = fuzz(kernel, "--minutes", 3, "-n", 2, "-x", "--seconds", 3)
    assert done.returncode == 1, done.stdout
    assert f"{FORWARD} did not return within" in done.stdout
    assert "Case: 65 frames x " in done.stdout


@pytest.mark.long
def test_a_hang_in_compiled_code_that_ignores_the_alarm_is_found(kernel: Path) -> None:
    body = "    if len(last) == 65:\n        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n"
    does(kernel, f"    import signal\n{body}        time.sleep(1000)\n")
    done = fuzz(kernel, "--minutes", 3, "-n", 2, "-x", "--seconds", 3)
    assert done.returncode == 1, done.stdout
    assert f"{FORWARD} did not return within" in done.stdout


@pytest.mark.long
@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("    kept.append(np.ones(1 << 18))\n", "MB with each repetition: calls do not give theirs back"),
        ("    if len(last) > 64:\n        kept.append(np.ones(1 << 40))\n", "MemoryError"),
        ("    if len(last) > 64:\n        os._exit(3)\n", "ended the process with exit status 3"),
        ("    if len(last) > 64:\n        os.abort()\n", "ended the process: abort"),
    ],
)
def test_what_eats_memory_or_ends_the_process_is_found(kernel: Path, body: str, told: str) -> None:
    done = fuzz(does(kernel, body), "--minutes", 3, "--gigabytes", 0.5, "-x")
    assert done.returncode == 1, done.stdout
    assert told in done.stdout


@pytest.mark.long
def test_what_fails_once_in_500_calls_is_told_with_how_often(kernel: Path) -> None:
    does(kernel, "    if next(calls) % 500 == 0 and memory.size:\n        memory[0, 0] += 1\n")
    done = fuzz(kernel, "--minutes", 1)
    assert done.returncode == 1, done.stdout
    assert re.search(r"Seen \d+ times in [\d,]+ calls; fails \d+ of \d+ times when asked again", done.stdout)


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the workers by /proc")
@pytest.mark.long
def test_nothing_is_lost_if_workers_and_then_the_run_are_killed(kernel: Path) -> None:
    does(kernel, "    if len(last) > 2 and memory.size:\n        memory[0, 0] += 1\n")
    process = begun(kernel, "--minutes", 10)
    until(lambda: workers(process))
    (first,) = workers(process)
    os.kill(first, signal.SIGKILL)
    until(lambda: workers(process) not in ([], [first]))
    corpus = Corpus(str(kernel.parent / ".fsmn-fuzz"), kernel.name)
    until(lambda: any(kept.whole for kept in corpus.findings()))
    left = workers(process)
    process.kill()
    process.communicate()
    until(lambda: not any(map(alive, left)), 20)
    found = {kept.problem for kept in corpus.findings() if kept.whole}
    again = fuzz(kernel, "--minutes", 0)
    assert again.returncode == 1
    assert any(problem in again.stdout for problem in found)
    assert not [*(kernel.parent / ".fsmn-fuzz").glob("run-*")]


def test_an_interrupt_ends_with_the_summary_and_status_130(kernel: Path) -> None:
    does(kernel, "    memory = memory + 1\n")
    process = begun(kernel, "--minutes", "inf")
    corpus = Corpus(str(kernel.parent / ".fsmn-fuzz"), kernel.name)
    until(corpus.findings)
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, output
    assert f"{kernel.name}: " in output
    assert "Traceback" not in output
    assert corpus.findings()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--minutes", "-1"), "--minutes must be at least 0, got -1.0"),
        (("-n", "0"), "-n must be at least 1, got 0"),
        (("--promise", "colour=red"), "can't load"),
        (("--corpus", "/proc/nowhere"), "corpus must be a folder that can be written to, got /proc/nowhere"),
    ],
)
def test_a_wrong_option_is_a_sentence_and_status_2(
    kernel: Path, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([str(does(kernel, "")), *options]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.long
def test_what_ends_the_process_once_in_700_calls_is_not_forgotten(kernel: Path) -> None:
    done = fuzz(does(kernel, "    if next(calls) == 700:\n        os.abort()\n"), "--minutes", 3, "-x")
    assert done.returncode == 1, done.stdout
    assert "ended the process: abort" in done.stdout
    assert "when asked again" in done.stdout
