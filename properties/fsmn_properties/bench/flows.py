"""The three ways to time a target: alone, against a revision of its repository, and against another target."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fsmn_properties.bench.accepted import Baseline
from fsmn_properties.bench.decision import INCONCLUSIVE
from fsmn_properties.bench.gate import gate, together
from fsmn_properties.bench.history import Entry, remember
from fsmn_properties.bench.limits import Limits
from fsmn_properties.bench.measure import Comparison, obeyed
from fsmn_properties.bench.picture import svg
from fsmn_properties.bench.prepared import Say, Wanted, prepared
from fsmn_properties.bench.reached import HEADER, LEGEND, Reached
from fsmn_properties.bench.revisions import NoBaseError, find_anchor, find_base, git, is_dirty, root_of, work_tree
from fsmn_properties.bench.settings import DRIFT
from fsmn_properties.bench.sides import Place
from fsmn_properties.bench.worker import Order
from fsmn_properties.bench.workload import Case


def alone(wanted: Wanted, say: Say) -> int:
    """Say what each call of a target reaches, and return the exit status."""
    cases = prepared(wanted, say)
    lines = obeyed(Order("reach", wanted.place(), cases=cases))
    say(HEADER)
    for line in lines:
        case = line.pop("case")
        say(Reached(**{**line, "limits": Limits(**line["limits"])}).row(case))
    say(*LEGEND)
    return 0


def against(wanted: Wanted, other: Wanted, limit: float, say: Say) -> int:
    """Say whether a target is slower than another one, and return the exit status."""
    cases = prepared(wanted, say, other)
    root = _folder(wanted)
    comparison = Comparison(wanted.place(root), other.place(_folder(other)), cases, cases[0])
    outcome = gate(comparison.measure, limit, other=other.name)
    say(*outcome.lines)
    return outcome.status


def _folder(wanted: Wanted) -> Path | None:
    """Return the folder of a target that is a file: two files may import others of the same name from theirs."""
    path = wanted.name.rpartition(":")[0] if ".py:" in wanted.name else wanted.name
    return Path(path).resolve().parent if path.endswith(".py") else None


def against_revision(
    wanted: Wanted,
    asked: str | None,
    build: str | None,
    baseline: Baseline,
    limit: float,
    history: Path | None,
    say: Say,
) -> int:
    """Say whether a target is slower than it was in a revision of its repository, and return the exit status."""
    root = root_of(Path.cwd())
    place = wanted.place(root)
    with earlier(root, asked, baseline, limit, say) as revisions:
        for each in (place, *(place.within(revision.tree) for revision in revisions)):
            _build(build, each.folder)
        cases = prepared(wanted, say)
        return compared(place, revisions, cases, cases[0], baseline, history, say)


@dataclass(frozen=True)
class Earlier:
    """An earlier revision: the base or the anchor, its commit, its work tree, and the slowdown that fails."""

    word: str
    commit: str
    tree: Path
    limit: float


@contextmanager
def earlier(root: Path, asked: str | None, baseline: Baseline, limit: float, say: Say) -> Iterator[list[Earlier]]:
    """Check out the base and the anchor for as long as the context lasts.

    Raises
    ------
    NoBaseError
        If there is no base.
    """
    base, why = find_base(root, asked)
    say(f"base: {base} ({why})")
    if is_dirty(root):
        say("the work tree has uncommitted changes: they are part of the candidate")
    wanted = [("base", base, limit)]
    anchor = find_anchor(root, baseline.revision)
    if anchor is None:
        say("no anchor: there is no release tag, and no revision is recorded; many small slowdowns pass")
    elif anchor[0] == base:
        say(f"the base is the anchor ({anchor[1]})")
    else:
        say(f"anchor: {anchor[0]} ({anchor[1]})")
        wanted.append(("anchor", anchor[0], max(DRIFT, limit)))
    with ExitStack() as stack:
        yield [
            Earlier(word, commit, stack.enter_context(work_tree(root, commit)), most) for word, commit, most in wanted
        ]


def compared(
    place: Place,
    revisions: list[Earlier],
    cases: tuple[Case, ...],
    control: Case,
    baseline: Baseline,
    history: Path | None,
    say: Say,
) -> int:
    """Compare a work tree with earlier revisions, and return the exit status.

    Parameters
    ----------
    place : Place
        The work tree.
    revisions : list of Earlier
        The base, and the anchor if it is another.
    cases, control : Case
        As in `Comparison`.
    baseline : Baseline
        Slowdowns that are accepted.
    history : Path, optional
        The file that the slowdowns are appended to; its picture lies beside it.
    say : callable
        Takes each line.
    """
    outcomes = []
    for each in revisions:
        comparison = Comparison(place, place.within(each.tree), cases, control)
        outcome = gate(comparison.measure, each.limit, partial(baseline.reason, each.commit), f"the {each.word}")
        say(*outcome.lines)
        outcomes.append(outcome)
    status = together(outcome.status for outcome in outcomes)
    if history is not None and place.root is not None and status != INCONCLUSIVE:
        head = git(place.root, "rev-parse", "HEAD") + "+" * is_dirty(place.root)
        slowdowns = [outcome.slowdowns for outcome in outcomes]
        entry = Entry(head, revisions[0].commit, revisions[-1].commit, slowdowns[0], slowdowns[-1])
        history.with_suffix(".svg").write_text(svg(remember(history, entry)), encoding="utf-8")
        say(f"written: {history} and its picture")
    return status


def _build(command: str | None, folder: Path) -> None:
    """Run the command that builds a target in one work tree.

    Raises
    ------
    NoBaseError
        If it fails.
    """
    if command is None:
        return
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S602, the user's command
    if done.returncode:
        told = (done.stderr.strip() or done.stdout.strip() or "it says nothing").splitlines()
        raise NoBaseError(f"`{command}` fails with status {done.returncode} in {folder}: {told[-1][:300]}")
