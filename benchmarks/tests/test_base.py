"""Where the base comes from, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.gate.__main__ import main
from fsmn_properties.bench.accepted import read_baseline
from fsmn_properties.bench.revisions import NoBaseError, find_anchor, find_base, git, is_dirty, root_of, work_tree

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
    assert find_base(repository, None) == (git(repository, "rev-parse", "main~1"), "the parent of HEAD")


def test_the_anchor_is_the_last_release_then_the_recorded_revision_then_none(repository: Path) -> None:
    assert find_anchor(repository, None) is None
    assert find_anchor(repository, "main~1") == (git(repository, "rev-parse", "main~1"), "main~1, as recorded")
    git(repository, "tag", "not-a-release", "main")
    git(repository, "tag", "v1.0", "main~1")
    assert find_anchor(repository, "main") == (git(repository, "rev-parse", "v1.0"), "v1.0, the last release")


def test_a_recorded_anchor_that_is_not_there_is_no_silence(repository: Path) -> None:
    with pytest.raises(NoBaseError, match="there is no revision v9"):
        find_anchor(repository, "v9")


def test_changes_that_are_not_committed_are_compared_with_the_last_commit(repository: Path) -> None:
    assert not is_dirty(repository)
    (repository / "file.txt").write_text("third", encoding="utf-8")
    assert is_dirty(repository)
    assert find_base(repository, None)[0] == git(repository, "rev-parse", "HEAD")


def test_on_a_branch_the_base_is_the_merge_base(repository: Path) -> None:
    fork = git(repository, "rev-parse", "HEAD")
    git(repository, "switch", "--quiet", "--create", "branch")
    commit(repository, "on the branch")
    git(repository, "switch", "--quiet", "main")
    commit(repository, "on main")
    git(repository, "switch", "--quiet", "branch")
    assert find_base(repository, None) == (fork, "the merge base with main")


def test_what_the_user_asks_for_comes_first(repository: Path) -> None:
    assert find_base(repository, "main~1")[1] == "main~1, as asked for"


def test_an_unknown_revision_is_said_to_be_unknown(repository: Path) -> None:
    with pytest.raises(NoBaseError, match=r"^there is no revision v9$"):
        find_base(repository, "v9")


def test_a_shallow_clone_is_told_how_to_get_the_rest(repository: Path, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), str(shallow))
    with pytest.raises(NoBaseError, match=r"HEAD has no parent: this is a shallow clone, `git fetch --unsh"):
        find_base(shallow, None)


def test_a_folder_without_history_has_no_base(tmp_path: Path) -> None:
    with pytest.raises(NoBaseError, match="is in no git repository"):
        root_of(tmp_path)


def test_a_work_tree_holds_the_commit_and_goes_away(repository: Path) -> None:
    with work_tree(repository, git(repository, "rev-parse", "main~1")) as tree:
        assert (tree / "file.txt").read_text(encoding="utf-8") == "first"
    assert not tree.exists()
    assert len(git(repository, "worktree", "list").splitlines()) == 1


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
