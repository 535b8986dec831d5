"""Every example holds, its mistake is caught, and none is longer than 25 lines."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ONES = sorted(
    path.name for path in HERE.glob("*.py") if "\ntarget" in (text := path.read_text()) and "mistaken" in text
)
PORTS = sorted(path.name for path in (HERE / "ports").glob("*.py") if path.name != "blocks.py")


def lines_of(path):
    return sum(bool(line) for line in path.read_text().splitlines())


def run(name, *options):
    command = [sys.executable, "-m", "fsmn_properties", name, *options]
    return subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ONES)
def test_an_example_holds(name):
    done = run(f"{name}:target", "-n", "2")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ONES)
def test_the_mistake_of_an_example_is_caught(name):
    done = run(f"{name}:mistaken", "-x", "-k", "equals_the_reference or stream_equals_the_whole")
    assert done.returncode == 1, done.stdout


def test_examples_are_short():
    assert [name for name in ONES if len((HERE / name).read_text().splitlines()) > 25] == []


@pytest.mark.parametrize("name", PORTS)
def test_a_public_block_holds_behind_its_adapters(name):
    done = run(f"ports/{name}:target", "-k", "equals_the_reference or adjoint")
    assert done.returncode == 0, done.stdout


def test_adapters_of_public_blocks_take_ten_lines():
    lines = sorted(lines_of(HERE / "ports" / name) for name in PORTS)
    assert len(lines) >= 12
    assert lines[len(lines) // 2] <= 10
    assert lines[-1] <= 25
