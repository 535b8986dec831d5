"""The revisions that a candidate is compared with, and work trees of them."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAIN = "main"
RELEASES = "v[0-9]*"


class NoBaseError(Exception):
    """There is no base to compare with; the message says why, and what to do."""


def git(root: Path, *arguments: str) -> str:
    """Return what a git command prints.

    Raises
    ------
    NoBaseError
        If git is not there, or the command fails.
    """
    try:
        done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607
    except FileNotFoundError:
        raise NoBaseError("git is not installed, and the base comes from the repository's history") from None
    if done.returncode:
        raise NoBaseError(f"git {' '.join(arguments)} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def is_dirty(root: Path) -> bool:
    """Return whether the candidate has changes that are not committed."""
    return bool(git(root, "status", "--porcelain", "--untracked-files=no"))


def root_of(folder: Path) -> Path:
    """Return the root of the work tree that a folder lies in.

    Raises
    ------
    NoBaseError
        If it lies in none.
    """
    try:
        return Path(git(folder, "rev-parse", "--show-toplevel"))
    except NoBaseError as error:
        if "not installed" in str(error):
            raise
        raise NoBaseError(f"{folder} is in no git repository, and the base comes from its history") from None


def find_base(root: Path, asked: str | None) -> tuple[str, str]:
    """Return the commit to compare with, and why that one.

    Parameters
    ----------
    root : Path
        Of the repository, whose work tree is the candidate.
    asked : str, optional
        The revision that the user names.

    Raises
    ------
    NoBaseError
        If there is no such commit here; the message is a sentence for the user.
    """
    if asked:
        return _commit(root, asked), f"{asked}, as asked for"
    main = next((name for name in (MAIN, f"origin/{MAIN}") if _exists(root, name)), None)
    if main and git(root, "rev-parse", "HEAD") != git(root, "rev-parse", main):
        try:
            return git(root, "merge-base", "HEAD", main), f"the merge base with {main}"
        except NoBaseError:
            raise NoBaseError(f"HEAD has no merge base with {main}{_if_shallow(root)}") from None
    if is_dirty(root):
        return git(root, "rev-parse", "HEAD"), "the last commit, since there are uncommitted changes"
    if not _exists(root, "HEAD^"):
        raise NoBaseError(f"HEAD has no parent{_if_shallow(root)}")
    return _commit(root, "HEAD^"), "the parent of HEAD"


def find_anchor(root: Path, recorded: str | None) -> tuple[str, str] | None:
    """Return the commit that small steps are summed up from, and why that one; None if there is none.

    Parameters
    ----------
    root : Path
        Of the repository.
    recorded : str, optional
        The revision that the repository records, which counts if there is no release tag.

    Raises
    ------
    NoBaseError
        If the recorded revision is not here.
    """
    try:
        tag = git(root, "describe", "--tags", "--abbrev=0", "--match", RELEASES, "HEAD")
        return _commit(root, tag), f"{tag}, the last release"
    except NoBaseError:
        return (_commit(root, recorded), f"{recorded}, as recorded") if recorded else None


def _exists(root: Path, revision: str) -> bool:
    try:
        git(root, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    except NoBaseError:
        return False
    return True


def _commit(root: Path, revision: str) -> str:
    if not _exists(root, revision):
        raise NoBaseError(f"there is no revision {revision}{_if_shallow(root)}")
    return git(root, "rev-parse", f"{revision}^{{commit}}")


def _if_shallow(root: Path) -> str:
    shallow = git(root, "rev-parse", "--is-shallow-repository") == "true"
    return ": this is a shallow clone, `git fetch --unshallow` brings the rest" if shallow else ""


@contextmanager
def work_tree(root: Path, commit: str) -> Iterator[Path]:
    """Check the commit out beside the candidate, for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "base")
        git(root, "worktree", "add", "--detach", "--force", str(tree), commit)
        try:
            yield tree
        finally:
            git(root, "worktree", "remove", "--force", str(tree))
