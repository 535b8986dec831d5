"""Findings as a file of regressions: tests that a person would have written, which every gate runs from then on."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable
from pathlib import Path
from textwrap import indent

from fsmn_properties.checks.trial import clipped
from fsmn_properties.runs.fuzz.corpus import Kept
from fsmn_properties.runs.fuzz.sources import Origin, again
from fsmn_properties.targets.target import Target

WIDEST = 110
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def promoted(file: Path, findings: Iterable[Kept], target: Target) -> int:
    """Write a test for each finding into a file, and return how many are new.

    Parameters
    ----------
    file : Path
        The file; its tests are left as they are.
    findings : iterable of Kept
        What was found.
    target : Target
        What it was found in.
    """
    before = file.read_text(encoding="utf-8") if file.is_file() else ""
    functions = [node for node in ast.parse(before).body if isinstance(node, ast.FunctionDef)]
    names, bodies = {node.name for node in functions}, before
    added = []
    for kept in findings:
        body = _body(kept, target)
        if body in bodies:
            continue
        name = _name(kept, names)
        names.add(name)
        alone = "@survives(seconds=10)\n" if kept.dies else ""
        added.append(f'{alone}def {name}() -> None:\n    """{_says(kept)}"""\n{body}'.rstrip())
        bodies += body
    if added:
        head = _head(before, target, file, "".join(added))
        text = "\n\n\n".join([head, *added])
        file.write_text(text.rstrip() + "\n", encoding="utf-8")
    return len(added)


def _body(kept: Kept, target: Target) -> str:
    """Return the statements of a test: the calls and an assertion, or the statement about the case if they are long."""
    _, _, script = kept.script.partition(f"{target.python}\n")
    lines = [line for line in script.strip().splitlines() if line.strip()]
    made = again(Origin.of_data(kept.origin), target.promises)
    if made is not None and made.case.made and (not lines or max(map(len, lines)) > WIDEST):
        narrowed = target.promises.told
        promises = f", promises={narrowed!r}" if narrowed else ""
        shows = f"show(implementation, {kept.statement!r}, case{promises})"
        lines = [line.replace("'", '"') for line in (f"case = {_wrapped(made.case.made)}", shows)]
    return indent("\n".join(lines) + "\n", "    ")


def _wrapped(made: str) -> str:
    """Return the Python that makes a case with one fact a line."""
    calls = [node for node in ast.walk(ast.parse(made, mode="eval")) if isinstance(node, ast.Call)]
    first = next(call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "made")
    values = [(each.arg, ast.get_source_segment(made, each.value) or "") for each in first.keywords]
    facts = [f"    {name}={value}," for name, value in values if value != "{}"]
    return "\n".join(["made(", *facts, f"){made[first.end_col_offset :]}"])


def _says(kept: Kept) -> str:
    problem = clipped(kept.problem.splitlines()[0], 100 - len(kept.statement)).replace('"', "'").replace("\\", "/")
    return f"{problem} ({kept.statement})."


def _name(kept: Kept, taken: set[str]) -> str:
    sizes = kept.facts.get("sizes", {})
    form = kept.statement.partition("_")[0]
    function = "backward" if "backward" in kept.function else "forward" if kept.function else "calls"
    told = [f"{sizes[name]}_{name}" for name in ("frames", "channels", "taps", "ahead") if name in sizes]
    name = _NOT_IN_A_NAME.sub("_", "_".join(["test", form, function, kept.kind, "of", *told]).lower())
    number = 2
    while (unique := name if number == 2 else f"{name}_{number - 1}") in taken:
        number += 1
    return unique


def _head(before: str, target: Target, file: Path, tests: str) -> str:
    """Return what stands before the new tests, with all imports that they need."""
    binding = [] if before.strip() else _binding(target, file)
    text = "\n".join([before, *binding, tests])
    package = [name for name in ("load", "made", "show", "survives") if re.search(rf"\b{name}\(", text)]
    standard = [line for line, use in _STANDARD.items() if re.search(use, text)]
    others = ["import numpy as np"] if re.search(r"\bnp\.", text) else []
    others += [f"from fsmn_properties import {', '.join(package)}"] if package else []
    needed = [*standard, *([""] if standard and others else []), *others]
    if not before.strip():
        title = f'"""Calls that {Path(target.name).name} got wrong, found by fuzzing it; pytest makes them again."""'
        return "\n".join([title, "", *needed, "", *binding])
    kept = re.sub(r"^from fsmn_properties import .*\n", "", before, flags=re.MULTILINE)
    missing = "".join(f"{line}\n" for line in needed if line and f"{line}\n" not in kept)
    place = min(found for found in (kept.find("\nimport "), kept.find("\nfrom "), len(kept)) if found >= 0) + 1
    return (kept[:place] + missing + kept[place:]).rstrip()


_STANDARD = {"import re": r"\bre\.search\(", "from pathlib import Path": r"\bPath\("}


def _binding(target: Target, file: Path) -> list[str]:
    """Return the Python that binds the target: a file is found from the file of tests."""
    where, colon, attribute = target.name.partition(".py:")
    path = f"{where}.py" if colon else target.name
    if not path.endswith(".py"):
        return target.python.splitlines()
    relative = Path(os.path.relpath(Path(path).resolve(), file.resolve().parent)).as_posix()
    told = f"{relative}:{attribute}" if attribute else relative
    return [f'implementation = load(f"{{Path(__file__).parent}}/{told}").functions']
