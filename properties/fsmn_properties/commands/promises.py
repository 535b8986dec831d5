"""`promises NAME`: find the largest promise that a target seems to keep."""

from __future__ import annotations

import sys

from fsmn_properties.contract.promises import PromiseError
from fsmn_properties.runs.isolated import in_another_process
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import CannotLoadError


def run(arguments: list[str]) -> int:
    """Print the promise as Python to paste, and return the exit status."""
    if len(arguments) != 1:
        print("usage: python -m fsmn_properties promises NAME")  # noqa: T201, a command prints
        return 2
    try:
        try:
            target = load(arguments[0])
        except CannotLoadError:  # it may be that it only lacks strides
            target = load(arguments[0], {"strides": "one"})
    except (CannotLoadError, PromiseError) as error:
        print(f"can't load {arguments[0]!r}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    lines = in_another_process(target, "promises").get("lines")
    print("\n".join(lines or [f"{target.name} ends the process or takes too long, whatever is called"]))  # noqa: T201
    return 0 if lines else 1
