"""The script of a finding, run here with another target in place of its own."""

from __future__ import annotations

import re
from math import prod
from typing import Any

import numpy as np

from fsmn_properties.findings.verdict import Finding
from fsmn_properties.targets.target import Target

MOST = 2_000_000
"""So many frames times channels times taps are not computed again by what is slow."""


def script_fails(script: str, target: Target, instead: Target) -> bool:
    """Return whether the script of a finding about a target fails of another one.

    Parameters
    ----------
    script : str
        The script.
    target : Target
        What it is about.
    instead : Target
        What it is run with.
    """
    return run_script(script, target, instead) == "fails"


def run_script(script: str, target: Target, instead: Target) -> str:
    """Run the script of a finding about a target with another one, and return whether it `fails`, `holds` or neither.

    Parameters
    ----------
    script : str
        The script.
    target : Target
        What it is about.
    instead : Target
        What it is run with.
    """
    head, found, rest = script.partition(target.python)
    if not found:
        return ""
    imports = "\n".join(line for line in head.splitlines() if line.startswith(("import ", "from ")))
    names: dict[str, Any] = {"implementation": instead.functions if "show(" not in rest else instead}
    try:
        with np.errstate(all="ignore"):
            exec(f"{imports}\n{rest}", names)  # noqa: S102, the text is ours
    except AssertionError:
        return "fails"
    except Exception:  # a script that does not fit says nothing
        return ""
    return "holds"


def is_slow(finding: Finding) -> bool:
    """Return whether the case of a finding is too large to be computed again."""
    sizes = re.match(r"(\d+) frames x (\d+) channels x (\d+)(?: \+ (\d+))? taps", finding.case)
    return (
        sizes is not None
        and prod(int(n) for n in sizes.groups()[:2]) * sum(int(n or 0) for n in sizes.groups()[2:]) > MOST
    )
