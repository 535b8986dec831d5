"""Beyond the promise: what works all the same, what does not, and the largest promise found for a kernel."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import fsmn_vec
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.beyond import beyond_the_promise
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import target_of

Run = Callable[..., "subprocess.CompletedProcess[str]"]

LIMITED = """
import os
import numpy as np
import fsmn_vec

promises = {promises!r}

def compact_vfsmn_memory_forward(hidden, filter, position):
    hidden = np.asarray(hidden)
    if {condition}:
        {what}
    return fsmn_vec.compact_vfsmn_memory_forward(hidden, filter, position)
"""
PROMISED: dict[str, Any] = {"strides": "one", "refusals": "none"}


def limited(folder: Path, condition: str, what: str, **promises: Any) -> Path:
    """Write a forward function without strides that does something else under a condition."""
    path = folder / "limited.py"
    text = LIMITED.format(promises=PROMISED | promises, condition=condition, what=what)
    path.write_text(text, encoding="utf-8")
    return path


def told(path: Path) -> dict[str, str]:
    """Return what speaks against each thing that is tried; nothing if it works."""
    return {each.what: each.why for each in beyond_the_promise(load(str(path)))}


def test_nothing_lies_beyond_the_whole_contract() -> None:
    assert beyond_the_promise(target_of(fsmn_vec)) == []


def test_what_works_all_the_same_is_said_to() -> None:
    less = {"formats": ("float32",), "mixed": False, "positions": "whole", "nonfinite": False, "lists": False}
    less |= {
        "strides": "equal",
        "most_stride": 2,
        "empty": False,
        "layouts": "contiguous",
        "position_types": ("int64",),
    }
    less |= {"channels_multiple_of": 4, "refusals": "none", "frames": (1, 20), "taps": (1, 9), "results": "any"}
    found = beyond_the_promise(
        target_of(fsmn_vec, less | {"short": False, "functions": ("bi_compact_vfsmn_memory_forward",)})
    )
    assert [each for each in found if not each.works] == []
    assert {each.what for each in found} >= {
        "compact_vfsmn_memory_backward",
        "float64",
        "uint16",
        "positions of uint8",
        "several utterances",
        "positions of any kind",
        "strides of any kind",
        "strides above 2",
        "no frames",
        "no channels",
        "more than 20 frames",
        "fewer than 1 taps",
        "more than 9 taps",
        "sequences shorter than the taps reach",
        "channels that are no multiple of 4",
        "NaN and infinities",
        "arguments of any layout",
        "refusals of the right type",
        "C-contiguous results",
    }


def test_what_does_not_work_is_told_with_what_speaks_against_it(tmp_path: Path) -> None:
    path = limited(tmp_path, "hidden.dtype == np.float32", "return hidden", formats=("float64",), mixed=False)
    found = told(path)
    assert re.match(r"memory\[\d, \d\] is .*, should be ", found["float32"])
    assert found["float16"] == ""


@pytest.mark.parametrize("error", ["NotImplementedError", "NotImplementedError('only doubles')"])
def test_a_kernel_may_say_that_something_is_not_promised(error: str, tmp_path: Path) -> None:
    path = limited(tmp_path, "hidden.dtype != np.float64", f"raise {error}", formats=("float64",), mixed=False)
    assert "NotImplementedError" in told(path)["float32"]
    assert "raised" not in told(path)["float32"]


def test_a_kernel_that_dies_outside_its_promise_ends_nothing_but_that_attempt(tmp_path: Path) -> None:
    path = limited(tmp_path, "hidden.dtype == np.float32", "os.abort()", formats=("float64",), mixed=False)
    found = told(path)
    assert "process" in found["float32"]
    assert found["float16"] == found["longdouble"] == ""


def test_the_main_program_tells_what_lies_beyond_and_fails_for_none_of_it(python: Run, tmp_path: Path) -> None:
    path = limited(tmp_path, "hidden.dtype == np.float32", "os.abort()", formats=("float64", "float16"), mixed=False)
    done = python("-m", "fsmn_properties", path, "-k", "uni_forward_equals or beyond")
    assert done.returncode == 0, done.stdout
    beyond = [
        line.removeprefix("beyond the promise, ") for line in done.stdout.splitlines() if line.startswith("beyond")
    ]
    assert [line for line in beyond if "fail" in line and "float32" in line and "the process died" in line]
    assert [line for line in beyond if "work" in line and line.endswith("longdouble")]
    assert not [line for line in beyond if "backward" in line]


def promised_in(text: str) -> Promises:
    namespace: dict[str, Any] = {}
    exec(text, namespace)  # noqa: S102, what a user pastes
    return Promises(**namespace["promises"])


def test_the_promise_of_a_limited_kernel_is_found_and_holds(python: Run, tmp_path: Path) -> None:
    path = limited(tmp_path, "len(hidden) == 0 or hidden.dtype != np.float32", "raise RuntimeError('no')")
    done = python("-m", "fsmn_properties", "promises", path)
    assert done.returncode == 0, done.stderr
    found = promised_in(done.stdout)
    assert found.functions == ("compact_vfsmn_memory_forward",)
    assert found.float_formats == ("float32",)
    assert (found.strides, found.positions, found.short, found.nonfinite) == ("one", "any", True, True)
    assert (found.frames, found.empty) == ((1, None), False)
    assert "RuntimeError: no" in done.stdout
    # What is found is what holds.
    (tmp_path / "limited.py").write_text(f"{path.read_text(encoding='utf-8')}\n{done.stdout}", encoding="utf-8")
    checked = python("-m", "fsmn_properties", path, "-k", "forward_equals or small_size or nonfinite_values or types")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("arguments", [[], ["fsmn_ref", "fsmn_vec"], ["fsmn_ref", "--promise", "lists=false"]])
def test_promises_takes_one_name(arguments: list[str], python: Run) -> None:
    done = python("-m", "fsmn_properties", "promises", *arguments)
    assert done.returncode == 2
    assert done.stdout.strip() == "usage: python -m fsmn_properties promises NAME"


def test_no_promise_is_found_for_a_kernel_that_is_always_wrong(python: Run, tmp_path: Path) -> None:
    done = python("-m", "fsmn_properties", "promises", limited(tmp_path, "True", "return hidden * 2"))
    assert done.returncode == 0, done.stderr
    assert "no promise " in done.stdout.splitlines()[0]
    assert all(line.startswith("#") for line in done.stdout.strip().splitlines())


FAILS_EVERYTHING = """
def nothing(*arguments, **strides):
    {what}
compact_vfsmn_memory_forward = compact_vfsmn_memory_backward = nothing
bi_compact_vfsmn_memory_forward = bi_compact_vfsmn_memory_backward = nothing
"""


@pytest.mark.long
@pytest.mark.parametrize("what", ["raise RuntimeError('x' * 10**6)", "return arguments[0] * 0", "return None"])
def test_the_report_of_a_kernel_that_fails_everything_is_short_and_soon_there(
    what: str, python: Run, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.py"
    path.write_text(FAILS_EVERYTHING.format(what=what), encoding="utf-8")
    began = time.monotonic()
    done = python("-m", "fsmn_properties", path)
    assert time.monotonic() - began < 30
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) < 200
    assert max(map(len, done.stdout.splitlines())) < 4000


def test_what_can_not_be_reached_elsewhere_is_tried_in_this_process() -> None:
    kernel = SimpleNamespace(compact_vfsmn_memory_forward=fsmn_vec.compact_vfsmn_memory_forward)
    found = beyond_the_promise(target_of(kernel, {"nonfinite": False}))
    assert [(each.what, each.works) for each in found] == [("NaN and infinities", True)]
