"""Verify an implementation of the FSMN memory block.

python -m fsmn_properties [NAME] [options]    ask every statement about it
python -m fsmn_properties promises NAME       find the largest promise that it seems to keep
python -m fsmn_properties contract            print the contract, with the numbers of its rules

NAME is a module, a path to a .py file, or either with :attribute (default: fsmn_vec). Options:
  --promise KEY=VALUE            replace one declared promise, as in --promise positions=utterances
  --expect-failure NAME=REASON   accept a known failure; it fails if the statement holds after all
  --most-seconds S               end the run after S seconds; the account lists the statements not reached
Options of pytest: -k forward, -x, -v (all scripts), -n 2, --hypothesis-profile nightly, --hypothesis-seed 1.

Exit status: 0 if no statement fails, 1 if a statement fails, 2 if NAME can't be loaded or an option is wrong,
130 if interrupted.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from fsmn_properties.contract.promises import PromiseError
from fsmn_properties.runs.isolated import in_another_process
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import CannotLoadError

INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments ask for, and return the exit status."""
    rest = sys.argv[1:] if arguments is None else arguments
    if rest[:1] in (["-h"], ["--help"]):
        _print(__doc__ or "")
        return 0
    if rest[:1] == ["promises"]:
        return _promises(rest[1:])
    if rest == ["contract"]:
        _print(_contract().read_text(encoding="utf-8"))
        return 0
    # Only the first argument can be NAME: of the others only pytest knows which are values of an option.
    name, for_pytest = (rest[0], rest[1:]) if rest and not rest[0].startswith("-") else ("fsmn_vec", rest)
    status = pytest.main(
        [
            # The settings of whatever project this is called in are not meant for this run.
            *("-c", str(files("fsmn_properties") / "standalone.ini"), "--rootdir", "."),
            *("-p", "fsmn_properties.under_pytest.plugin", "-p", "fsmn_properties.under_pytest.profiles"),
            *("-p", "no:cacheprovider", "--noconftest", "-qq", "-rN", "--tb=no", "--no-header"),
            *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
            *("--pyargs", "fsmn_properties.under_pytest.suite", "--impl", name, "--hypothesis-profile", "ci"),
            *for_pytest,
        ]
    )
    if status == pytest.ExitCode.INTERRUPTED:
        return INTERRUPTED
    return 2 if status == pytest.ExitCode.USAGE_ERROR else int(status)


def _contract() -> Any:
    """Return the contract: in a wheel it lies beside the package's files, in a checkout in docs."""
    installed = files("fsmn_properties") / "contract.md"
    return installed if installed.is_file() else Path(__file__).parents[2] / "docs" / "contract.md"


def _promises(arguments: list[str]) -> int:
    if len(arguments) != 1:
        _print("usage: python -m fsmn_properties promises NAME")
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
    _print("\n".join(lines or [f"{target.name} ends the process or takes too long, whatever is called"]))
    return 0 if lines else 1


def _print(text: str) -> None:
    print(text)  # noqa: T201, this is what the program is for


if __name__ == "__main__":
    sys.exit(main())
