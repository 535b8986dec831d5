"""`contract`: print the contract, with the numbers of its rules."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any


def run(arguments: list[str]) -> int:
    """Print the contract, and return the exit status."""
    if arguments:
        print("usage: python -m fsmn_properties contract")  # noqa: T201, a command prints
        return 2
    print(_contract().read_text(encoding="utf-8"))  # noqa: T201
    return 0


def _contract() -> Any:
    # In a wheel it lies beside the package's files, in a checkout in docs.
    installed = files("fsmn_properties") / "contract.md"
    return installed if installed.is_file() else Path(__file__).parents[3] / "docs" / "contract.md"
