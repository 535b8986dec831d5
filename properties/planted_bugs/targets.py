"""Planted bugs and correct implementations as targets: reached by name in a fresh process too."""

from __future__ import annotations

import shlex
import sys

from fsmn_properties.targets.process import command
from fsmn_properties.targets.target import Target, target_of
from planted_bugs.bank import called
from planted_bugs.correct import CORRECT


def target_of_bug(name: str) -> Target:
    """Return a planted bug, compiled anew."""
    python = f"from planted_bugs.bank import called\nimplementation = called({name!r}).implementation()"
    return target_of(called(name).implementation(), name=name, python=python)


def target_of_correct(name: str) -> Target:
    """Return a correct implementation."""
    python = f"from planted_bugs.correct import CORRECT\nimplementation = CORRECT[{name!r}]"
    return target_of(CORRECT[name], name=name, python=python)


def target_of_served_bug(name: str) -> Target:
    """Return a planted bug in a program of its own, behind a pipe."""
    lines = "from fsmn_properties.targets.serving import serve; from planted_bugs.bank import called"
    python = f"{lines}; serve(called({name!r}).implementation())"
    return target_of(command(shlex.join((sys.executable, "-c", python))))
