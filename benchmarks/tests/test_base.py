"""Where the base comes from, and what is said where there is none."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

import fsmn_ref
import fsmn_vec
from benchmarks.gate.__main__ import main
from benchmarks.gate.accepted import read_baseline
from benchmarks.gate.revisions import NoBaseError, find_base, git, is_dirty, work_tree
from benchmarks.gate.sides import CannotLoadError, load_side

ROOT = Path(__file__).parents[2]


def commit(root: Path, text: str) -> str:
    (root / "file.txt").write_text(text, encoding="utf-8")
    git(root, "add", "file.txt")
    git(root, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", text)
    return git(root, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits on main."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "--quiet", "--initial-branch=main")
    commit(root, "first")
    commit(root, "second")
    return root


def test_on_main_the_base_is_the_parent(repository: Path) -> None:
    assert find_base(repository, None, None) == (git(repository, "rev-parse", "main~1"), "the parent of HEAD")


def test_on_main_a_recorded_revision_comes_before_the_parent(repository: Path) -> None:
    git(repository, "tag", "v1", "main")
    assert find_base(repository, None, "v1") == (git(repository, "rev-parse", "main"), "v1, as recorded")


def test_changes_that_are_not_committed_are_compared_with_the_last_commit(repository: Path) -> None:
    assert not is_dirty(repository)
    (repository / "file.txt").write_text("third", encoding="utf-8")
    assert is_dirty(repository)
    assert find_base(repository, None, None)[0] == git(repository, "rev-parse", "HEAD")


def test_on_a_branch_the_base_is_the_merge_base(repository: Path) -> None:
    fork = git(repository, "rev-parse", "HEAD")
    git(repository, "switch", "--quiet", "--create", "branch")
    commit(repository, "on the branch")
    git(repository, "switch", "--quiet", "main")
    commit(repository, "on main")
    git(repository, "switch", "--quiet", "branch")
    assert find_base(repository, None, "main") == (fork, "the merge base with main")


def test_what_the_user_asks_for_comes_first(repository: Path) -> None:
    assert find_base(repository, "main~1", "main")[1] == "main~1, as asked for"


def test_an_unknown_revision_is_said_to_be_unknown(repository: Path) -> None:
    with pytest.raises(NoBaseError, match=r"^there is no revision v9$"):
        find_base(repository, "v9", None)


def test_a_shallow_clone_is_told_how_to_get_the_rest(repository: Path, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), str(shallow))
    with pytest.raises(NoBaseError, match=r"there is no revision HEAD\^: this is a shallow clone, `git fetch --unsh"):
        find_base(shallow, None, None)


def test_a_folder_without_history_has_no_base(tmp_path: Path) -> None:
    with pytest.raises(NoBaseError, match="is no git repository"):
        find_base(tmp_path, None, None)


def test_a_work_tree_holds_the_commit_and_goes_away(repository: Path) -> None:
    with work_tree(repository, git(repository, "rev-parse", "main~1")) as tree:
        assert (tree / "file.txt").read_text(encoding="utf-8") == "first"
    assert not tree.exists()
    assert len(git(repository, "worktree", "list").splitlines()) == 1


def side(root: Path) -> Path:
    for package in ("fsmn_ref", "fsmn_vec"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    return root


def test_two_sides_are_two_modules(tmp_path: Path) -> None:
    base, candidate = load_side(side(tmp_path / "base")), load_side(ROOT)
    assert str(base.__file__).startswith(str(tmp_path))
    assert str(candidate.__file__).startswith(str(ROOT))
    assert base.compact_vfsmn_memory_forward is not candidate.compact_vfsmn_memory_forward


def test_loading_a_side_leaves_the_packages_that_were_loaded(tmp_path: Path) -> None:
    load_side(side(tmp_path / "base"))
    assert sys.modules["fsmn_vec"] is fsmn_vec
    assert sys.modules["fsmn_ref"] is fsmn_ref


def test_a_side_that_does_not_import_is_refused(tmp_path: Path) -> None:
    (side(tmp_path / "base") / "fsmn_vec/delay_line.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    with pytest.raises(
        CannotLoadError, match="fsmn_vec does not import: ModuleNotFoundError: No module named 'nothing"
    ):
        load_side(tmp_path / "base")


def test_a_side_whose_modules_come_from_elsewhere_is_refused(tmp_path: Path) -> None:
    shutil.rmtree(side(tmp_path / "base") / "fsmn_ref")
    with pytest.raises(CannotLoadError, match=r"fsmn_ref.* comes from .*, not from"):
        load_side(tmp_path / "base")


def test_an_accepted_slowdown_needs_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "baseline.toml"
    path.write_text(f'[[accepted]]\nbase = "{"a" * 40}"\ncase = "c"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="needs a base of 40 digits, a case and a reason"):
        read_baseline(path)


def test_an_accepted_slowdown_holds_for_its_base_alone(tmp_path: Path) -> None:
    path = tmp_path / "baseline.toml"
    path.write_text(f'[[accepted]]\nbase = "{"a" * 40}"\ncase = "c"\nreason = "exact"\n', encoding="utf-8")
    baseline = read_baseline(path)
    assert baseline.reason("a" * 40, "c") == "exact"
    assert baseline.reason("b" * 40, "c") is None


def test_the_baseline_of_this_repository_can_be_read() -> None:
    read_baseline(ROOT / "benchmarks/baseline.toml")


def test_a_run_without_a_base_says_so_in_a_sentence_and_exits_with_2() -> None:
    assert main(["--base", "no-such-revision"]) == 2
