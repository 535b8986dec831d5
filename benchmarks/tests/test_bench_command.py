"""`bench` on kernels of others: in their own repository, beside another one, and on what can't be timed."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from fsmn_properties.bench import gate
from fsmn_properties.bench.revisions import git
from fsmn_properties.commands import bench

KERNEL = """
import numpy as np
from taps import each

promises = {
    "formats": "float32", "positions": "whole", "strides": "one", "empty": False, "short": False, "nonfinite": False,
    "layouts": "contiguous", "lists": False, "refusals": "none", "mixed": False, "frames": (1, 900),
}


def compact_vfsmn_memory_forward(hidden, filter, position):
    memory = hidden.copy()
    for i, tap in each(filter):
        memory[i + 1 :] += tap * hidden[: len(hidden) - i - 1]
    return memory
"""

ROOT = Path(__file__).resolve().parents[2]
SUM = "            memory[r * D + c] = sum;"
SLOWER_SUM = f"            for (volatile int wait = 0; wait < 600; wait++) {{}}\n{SUM}"

RIGHT = "each = enumerate\n"
SLOWER = """
def each(filter):
    for i, tap in enumerate(filter):
        if i % 3 == 0:
            sum(range(3000))
        yield i, tap
"""


def commit(root: Path, **files: str) -> None:
    for name, text in files.items():
        (root / f"{name}.py").write_text(text, encoding="utf-8")
    git(root, "add", ".")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "a commit")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of someone else's, with two commits, in the working directory."""
    monkeypatch.setattr(gate, "SCREEN", 12)
    monkeypatch.setattr(gate, "CONFIRM", 12)
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, my_kernel=KERNEL, taps=RIGHT)
    commit(tmp_path, unrelated="\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = bench.run(list(arguments))
    said = capsys.readouterr()
    return status, said.out + said.err


@pytest.mark.long  # on a busy machine a control may fail, which is no verdict
def test_a_slowdown_in_a_module_that_the_kernel_imports_is_confirmed(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository, taps=SLOWER)
    status, said = run(capsys, "my_kernel.py", "--base", "-k", "200x10")
    assert status in {1, 3}, said  # with so few quads a control may fail on a loaded machine
    assert re.search(r"^uni_forward-900x200x10-float32 .* SLOWER$", said, re.MULTILINE), said
    assert "(the parent of HEAD)" in said
    assert "no anchor" in said


@pytest.mark.long
def test_an_accepted_slowdown_passes_in_the_repository_of_a_kernel(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = git(repository, "rev-parse", "HEAD")
    commit(repository, taps=SLOWER)
    (repository / "fsmn_baseline.toml").write_text(
        f'[[accepted]]\nbase = "{base}"\ncase = "uni_forward-900x200x10-float32"\nreason = "as slow as it must be"\n',
        encoding="utf-8",
    )
    status, said = run(capsys, "my_kernel", "--base", base, "-k", "200x10")
    assert status in {0, 3}, said
    assert "slower, accepted: as slow as it must be" in said


@pytest.mark.long
def test_a_kernel_is_compared_with_another_one_whose_modules_have_the_same_names(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, taps, most in (("mine", SLOWER, 700), ("other", RIGHT, 900)):
        (repository / name).mkdir()
        (repository / name / "a_kernel.py").write_text(KERNEL.replace("taps", "its_taps").replace("900", f"{most}"))
        (repository / name / "its_taps.py").write_text(taps)
    status, said = run(capsys, "mine/a_kernel.py", "--against", "other/a_kernel.py", "-k", "200x10")
    assert status in {1, 3}, said
    assert re.search(r"^uni_forward-700x200x10-float32 .* SLOWER$", said, re.MULTILINE), said
    assert "not timed (positions='whole'): positions in any order" in said
    assert "bi_backward" in said


@pytest.mark.usefixtures("repository")
def test_times_are_told_beside_the_einsum_and_the_limits(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = run(capsys, "my_kernel.py", "-k", "15x5x4")
    assert status == 0
    assert "uni_forward-15x5x4-float32" in said
    assert "einsums" in said


def test_a_wrong_kernel_is_not_timed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "wrong.py").write_text(KERNEL.replace("tap * hidden", "hidden"), encoding="utf-8")
    status, said = run(capsys, "wrong.py")
    assert status == 2
    assert "wrong.py is not timed, since it is wrong: uni_forward_equals_the_reference fails: memory[1, 0] is" in said


@pytest.mark.parametrize("how", [(), ("--base",), ("--against", "fsmn_vec")])
def test_a_kernel_that_does_not_import_gets_a_sentence(
    repository: Path, capsys: pytest.CaptureFixture[str], how: tuple[str, ...]
) -> None:
    (repository / "broken.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    status, said = run(capsys, "broken", *how)
    assert status == 2
    assert "can't load 'broken': importing broken failed: ModuleNotFoundError" in said
    assert "Traceback" not in said


def test_a_base_without_the_kernel_is_nothing_to_compare_with(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository, another=KERNEL)
    status, said = run(capsys, "another", "--base", "-k", "15x5x4")
    assert status == 2
    assert "the base can't be compared with" in said


def test_a_kernel_that_ends_the_process_gets_a_sentence(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "fatal.py").write_text(KERNEL.replace("    memory =", "    import os; os.abort(); memory ="))
    status, said = run(capsys, "fatal.py", "-k", "15x5x4")
    assert status == 2
    assert "the process that times fatal.py ends with signal 6" in said


@pytest.mark.long
@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_a_slowdown_of_a_program_that_each_work_tree_builds_is_confirmed(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = Path(str(files("fsmn_properties") / "languages/fsmn_kernel.h"))
    text = (ROOT / "docs/examples/kernel.c").read_text(encoding="utf-8")
    shutil.copy(header, repository)
    (repository / "kernel.c").write_text(text, encoding="utf-8")
    commit(repository, first="")
    (repository / "kernel.c").write_text(text.replace(SUM, SLOWER_SUM), encoding="utf-8")
    assert SLOWER_SUM in (repository / "kernel.c").read_text(encoding="utf-8")
    build = "cc -O1 -o my_kernel kernel.c -lm"
    arguments = ["--base", "--build", build, "-k", "uni_forward-500"]
    status, said = run(capsys, "command:./my_kernel", *arguments)
    assert status in {1, 3}, said  # with so few quads a control may fail on a loaded machine
    assert "(the last commit, since there are uncommitted changes)" in said
    assert re.search(r"^uni_forward-\d+x512x11-float32 .* SLOWER$", said, re.MULTILINE), said


@pytest.mark.usefixtures("repository")
def test_a_build_that_fails_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    status, said = run(capsys, "my_kernel", "--base", "--build", "echo no compiler; exit 3")
    assert status == 2
    assert "`echo no compiler; exit 3` fails with status 3" in said
    assert "no compiler" in said
