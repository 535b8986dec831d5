"""`serve NAME`: answer calls through the pipe by an implementation in Python."""

from __future__ import annotations

import sys

from fsmn_properties.contract.promises import PromiseError
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.serving import serve
from fsmn_properties.targets.target import CannotLoadError


def run(arguments: list[str]) -> int:
    """Serve until the standard input ends, and return the exit status."""
    if len(arguments) != 1:
        print("usage: python -m fsmn_properties serve NAME", file=sys.stderr)  # noqa: T201, a command prints
        return 2
    try:
        target = load(arguments[0])
    except (CannotLoadError, PromiseError) as error:
        print(f"can't load {arguments[0]!r}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    serve(target)
    return 0
