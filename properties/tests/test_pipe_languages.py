"""Kernels in C, C++ and Rust take part with the files that are handed out, and their bugs are caught as in Python."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import settings

from fsmn_properties import CATALOGUE
from fsmn_properties.findings.verdict import FAILS, HOLDS
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.runs.verify import first_failure
from fsmn_properties.targets.loading import load

Run = Callable[..., "subprocess.CompletedProcess[str]"]

HERE = Path(__file__).parent / "kernels"
EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
LANGUAGES = files("fsmn_properties") / "languages"

BUILT: dict[str, list[str]] = {
    "c": ["cc", "-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror"],
    "c++": ["c++", "-std=c++11", "-Wall", "-Wextra", "-pedantic", "-Werror", "-x", "c++"],
    "rust": ["rustc", "--edition", "2018", "-D", "warnings"],
}
"""The language, and what compiles a kernel in it: every warning is an error."""


STREAM_WRONG = {
    1: ("uni_stream_equals_the_whole", "should be"),  # the cache is a frame short
    2: (
        "uni_streams_do_not_know_of_each_other",
        "differs from that|was not answered",
    ),  # the cache is that of all streams
    3: ("uni_every_way_of_cutting_gives_the_memory", "push was not answered: .* SIGABRT"),  # ends for an empty chunk
}


def build(language: str, source: Path, folder: Path) -> Path:
    """Compile a kernel beside the file that it needs, or skip the test."""
    command = BUILT[language]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed, which compiles {language}")
    needed = "fsmn_kernel.rs" if language == "rust" else "fsmn_kernel.h"
    (folder / needed).write_text((LANGUAGES / needed).read_text(encoding="utf-8"), encoding="utf-8")
    shutil.copy(source, folder)
    subprocess.run([*command, "-O", "-o", "kernel", source.name], cwd=folder, check=True)  # noqa: S603
    return folder / "kernel"


@pytest.fixture(scope="module", params=BUILT)
def kernel(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program with all four functions, in each language."""
    language: str = request.param
    source = HERE / ("four.rs" if language == "rust" else "four.c")
    return build(language, source, tmp_path_factory.mktemp(language))


@pytest.fixture(autouse=True)
def _deterministic() -> Iterator[None]:
    before = settings.get_current_profile_name()
    settings.load_profile("ci")
    yield
    settings.load_profile(before)


RIGHT = [
    "bi_forward_equals_the_reference",
    "bi_backward_equals_the_reference",
    "uni_what_is_outside_the_domain_is_refused",
    "bi_positions_out_of_range_are_refused",
    "uni_nonfinite_values_reach_what_sums_them_and_nothing_else",
    "bi_a_stride_is_any_integer",
    "uni_every_small_size",
    "bi_results_have_the_promised_type",
    "uni_backward_is_within_the_rounding_bound",
    "uni_long_calls_do_not_know_of_each_other",
]
WRONG = {
    1: ("uni_forward_equals_the_reference", "should be"),  # taps oldest first
    2: ("uni_backward_equals_the_reference", "should be"),  # strides ignored
    3: ("uni_forward_equals_the_reference", "should be"),  # positions ignored
    4: ("bi_nonfinite_values_reach_what_sums_them_and_nothing_else", "is nan"),  # multiplied by a mask
    5: ("bi_forward_equals_the_reference", "should be"),  # look-ahead at the look-back stride
    6: ("uni_positions_out_of_range_are_refused", r"accepted position\[|was not answered"),  # positions not checked
    7: ("uni_backward_equals_the_reference", "should be"),  # the last row has no gradient
    8: ("bi_forward_equals_the_reference", "dtype float64, should have"),  # float64 out for float32 in
    9: ("uni_calls_do_not_know_of_each_other", "second call"),  # state kept between calls
    10: ("uni_lengths_around_powers_of_two", "SIGABRT|exit status 101.*too many frames"),  # ends for many frames
}
QUICK = {1, 6, 10}


@pytest.mark.parametrize("name", RIGHT)
def test_a_correct_kernel_in_another_language_is_not_accused(name: str, kernel: Path) -> None:
    asked = next(each for each in CATALOGUE if each.name == name)
    verdict = run(asked, load(f"command:{kernel}"), Plan(seed=0, examples=5, first_look=True))
    assert (verdict.outcome, verdict.finding) == (HOLDS, None)


@pytest.mark.parametrize("mistake", [n if n in QUICK else pytest.param(n, marks=pytest.mark.long) for n in WRONG])
def test_a_mistake_in_another_language_is_caught(mistake: int, kernel: Path) -> None:
    name, told = WRONG[mistake]
    asked = next(each for each in CATALOGUE if each.name == name)
    target = load(f"command:{kernel} --mistake {mistake}")
    verdict = run(asked, target, Plan(seed=0, examples=20, thorough=0, first_look=True))
    assert verdict.outcome == FAILS
    assert verdict.finding is not None
    assert re.search(told, verdict.finding.problem, re.DOTALL), verdict.finding.problem


@pytest.fixture(scope="module")
def stream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program with a stream, in C++."""
    return build("c++", HERE / "stream.c", tmp_path_factory.mktemp("stream"))


def test_a_correct_stream_in_another_language_is_not_accused(stream: Path) -> None:
    target = load(f"command:{stream}")
    asked = [each for each in CATALOGUE if each.name.startswith("uni_") and "stream" in each.needs]
    verdicts = [run(each, target, Plan(seed=0, examples=3, first_look=True)) for each in asked]
    assert [verdict.finding for verdict in verdicts if verdict.fails] == []
    assert sum(verdict.outcome == HOLDS for verdict in verdicts) > 8


@pytest.mark.parametrize("mistake", STREAM_WRONG)
def test_a_mistake_in_a_stream_in_another_language_is_caught(mistake: int, stream: Path) -> None:
    name, told = STREAM_WRONG[mistake]
    asked = next(each for each in CATALOGUE if each.name == name)
    target = load(f"command:{stream} --mistake {mistake}")
    verdict = run(asked, target, Plan(seed=0, examples=20, thorough=0, first_look=True))
    assert verdict.finding is not None
    assert re.search(told, verdict.finding.problem, re.DOTALL), verdict.finding.problem


@pytest.mark.long
def test_nothing_but_the_mistakes_is_caught(kernel: Path) -> None:
    assert (
        first_failure(load(f"command:{kernel}"), [each for each in CATALOGUE if "production" not in each.name]) is None
    )


@pytest.mark.parametrize(
    ("language", "option", "told"),
    [
        ("c", "--c-header", "the taps are in reverse order"),
        ("rust", "--rust-module", "each of the taps is one frame too near"),
    ],
)
def test_an_example_is_verified_from_an_empty_folder(
    language: str, option: str, told: str, python: Run, tmp_path: Path
) -> None:
    program = build(language, EXAMPLES / ("kernel.rs" if language == "rust" else "kernel.c"), tmp_path)
    printed = python("-m", "fsmn_properties", option, cwd=tmp_path).stdout
    assert printed == next(tmp_path.glob("fsmn_kernel.*")).read_text(encoding="utf-8")
    some = "uni_forward_equals"
    right = python("-m", "fsmn_properties", "--command", "./kernel", "-k", some, cwd=tmp_path)
    assert right.returncode == 0, right.stdout + right.stderr
    wrong = python("-m", "fsmn_properties", "--command", "./kernel --mistake", "-k", some, cwd=tmp_path)
    assert wrong.returncode == 1
    assert "implementation = command('./kernel --mistake')" in wrong.stdout
    assert told in wrong.stdout
    assert (
        len(program.with_suffix(".rs" if language == "rust" else ".c").read_text(encoding="utf-8").splitlines()) <= 40
    )
