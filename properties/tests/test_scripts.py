"""The script of a finding: short, fails where it is pasted for the bug, and passes for a correct kernel."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.findings.verdict import Finding
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.runs.verify import first_failure
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import Target
from planted_bugs.bank import BANK
from planted_bugs.targets import target_of_bug

BY_NAME = {each.name: each for each in CATALOGUE}
MOST_CHARACTERS = 4000

# In every run of the tests; all others take long.
SAMPLE = {
    "look_back_starts_at_the_previous_frame",
    "integers_truncate",
    "vectors_promoted_to_matrices",
    "reversed_frames_misread",
    "partial_sums_beyond_the_eighth_lost",
}
BUGS = [pytest.param(bug.name, id=bug.name, marks=[] if bug.name in SAMPLE else [pytest.mark.long]) for bug in BANK]


@pytest.fixture(autouse=True)
def _deterministic() -> Iterator[None]:
    before = settings.get_current_profile_name()
    settings.load_profile("ci")
    yield
    settings.load_profile(before)


def test_the_sample_is_of_the_bank() -> None:
    assert {bug.name for bug in BANK} >= SAMPLE


def finding_of(target: Target, name: str = "") -> Finding:
    """Return what the statement that fails first finds, as a run of everything finds it."""
    if not name:
        first = first_failure(target)
        assert first is not None
        name = first.name
    verdict = run(BY_NAME[name], target, Plan())
    assert verdict.finding is not None, f"{name} holds of {target.name}"
    return verdict.finding


def pasted(script: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a fresh process."""
    command = [sys.executable, "-W", "ignore", "-c", script]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603


def of_a_correct_kernel(script: str, target: Target) -> str:
    """Return the script with another implementation."""
    assert script.count(target.python) == 1
    return script.replace(target.python, "import fsmn_vec as implementation")


def raised(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Return the names of what a process ended with."""
    names: list[str] = re.findall(r"^(?:\w+\.)*(\w+)(?::|$)", done.stderr.partition("Traceback")[2], re.MULTILINE)
    return names


def assert_shows(finding: Finding, target: Target) -> None:
    """Assert that a script fails for a target with what it found, and passes for a correct kernel."""
    assert len(finding.script) <= MOST_CHARACTERS, finding.script
    wrong, right = pasted(finding.script), pasted(of_a_correct_kernel(finding.script, target))
    assert wrong.returncode == 1, f"{finding.problem}\n\n{finding.script}"
    of_the_kernel = [name for name in raised(wrong) if f"raised {name}" in finding.problem]
    assert {"AssertionError", "Violation", *of_the_kernel} & {*raised(wrong)}, wrong.stderr
    assert (right.returncode, right.stderr) == (0, ""), right.stderr


@pytest.mark.parametrize("name", BUGS)
def test_the_script_of_a_planted_bug_shows_it_and_nothing_of_a_correct_kernel(name: str) -> None:
    first = first_failure(target_of_bug(name))
    assert first is not None
    target = target_of_bug(name)  # what the first one keeps is no part of what is shown
    assert_shows(finding_of(target, first.name), target)


LAYOUT = """
import fsmn_ref, numpy as np
from fsmn_ref import *
def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    memory = fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, position, stride=stride)
    return memory + (isinstance(hidden, np.ndarray) and {condition})
"""


@pytest.mark.parametrize(
    ("condition", "statement"),
    [
        ("not hidden.flags.aligned", "uni_the_layout_of_arguments_changes_nothing"),
        ("hidden.strides[0] < 0", "uni_the_layout_of_arguments_changes_nothing"),
        ("not hidden.dtype.isnative and len(hidden) > 99", "uni_one_argument_laid_otherwise_changes_nothing"),
        ("hidden.dtype == np.longdouble and len(hidden) > 3", "uni_results_have_the_promised_type"),
    ],
)
def test_a_layout_or_a_type_is_not_lost_on_the_way_into_text(condition: str, statement: str, tmp_path: Path) -> None:
    port = tmp_path / "port.py"
    port.write_text(LAYOUT.format(condition=condition), encoding="utf-8")
    target = load(str(port))
    assert_shows(finding_of(target, statement), target)


KEEPS = """
from fsmn_ref import *
import fsmn_ref
calls = []
def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    calls.append(len(hidden))
    memory = fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, position, stride=stride)
    return memory + (len(calls) > 1 and calls[-1] > 4 and {condition})
"""


@pytest.mark.parametrize("condition", ["calls[-2] != calls[-1]", "len(calls) > 3"])
def test_what_fails_only_after_other_calls_is_shown_with_them(condition: str, tmp_path: Path) -> None:
    port = tmp_path / "port.py"
    port.write_text(KEEPS.format(condition=condition), encoding="utf-8")
    target = load(str(port))
    assert_shows(finding_of(target, "uni_forward_equals_the_reference"), target)
