"""Verify an implementation of the FSMN memory block.

python -m fsmn_properties [NAME] [options]    ask every statement about it
python -m fsmn_properties fuzz [NAME]         ask about new cases for as long as it may run, in processes that may die
python -m fsmn_properties promises NAME       find the largest promise that it seems to keep
python -m fsmn_properties bench NAME          time it; --base [REV], --against OTHER: is it slower? (-h for more)
python -m fsmn_properties contract            print the contract, with the numbers of its rules
python -m fsmn_properties report FILE.json    make another report of one in JSON: --to html|md [-o FILE]
python -m fsmn_properties serve NAME          answer calls through a pipe, as programs in other languages do
python -m fsmn_properties --c-header          print the header with which a kernel in C or C++ does
python -m fsmn_properties --rust-module       print the module with which a kernel in Rust does

NAME is a module, a path to a .py file, or either with :attribute (default: fsmn_vec). Options:
  --command './my_kernel -x'     in place of NAME: verify a program that answers through a pipe, in any language
  --promise KEY=VALUE            replace one declared promise, as in --promise positions=utterances
  --expect-failure NAME=REASON   accept a known failure; it fails if the statement holds after all
  --most-seconds S               end the run after S seconds; the account lists the statements not reached
  --report FILE                  write a report, by its ending .html, .md, .json or .xml (JUnit); may be repeated
Options of pytest: -k forward, -x, -v (all scripts), -n 2, --hypothesis-profile nightly, --hypothesis-seed 1.

Exit status: 0 if no statement fails, 1 if a statement fails, 2 if NAME can't be loaded or an option is wrong,
130 if interrupted.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.resources import files

import pytest

from fsmn_properties.targets.process import PREFIX

INTERRUPTED = 130

COMMANDS = {
    "bench": "bench",
    "contract": "contract",
    "fuzz": "fuzz",
    "promises": "promises",
    "report": "report",
    "serve": "serve",
}
"""Commands, and their modules in `fsmn_properties.commands`; whatever is none of them is a NAME."""


LANGUAGES = {"--c-header": "fsmn_kernel.h", "--rust-module": "fsmn_kernel.rs"}
"""Options that print a file with which a kernel in another language takes part."""


def main(arguments: list[str] | None = None) -> int:
    """Run what the arguments ask for, and return the exit status."""
    try:
        rest = _named(sys.argv[1:] if arguments is None else arguments)
    except ValueError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    if rest[:1] in (["-h"], ["--help"]):
        _print(__doc__ or "")
        return 0
    if rest[:1] and rest[0] in LANGUAGES:
        _print((files("fsmn_properties") / "languages" / LANGUAGES[rest[0]]).read_text(encoding="utf-8").rstrip())
        return 0
    if rest[:1] and rest[0] in COMMANDS:
        command = import_module(f"fsmn_properties.commands.{COMMANDS[rest[0]]}")
        return int(command.run(rest[1:]))
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


def _named(arguments: list[str]) -> list[str]:
    """Return the arguments with a command as the NAME that it stands for, where a NAME is expected."""
    rest = list(arguments)
    for place, each in enumerate(rest):
        option, _, command = each.partition("=")
        if option == "--command":
            del rest[place]
            command = command or (rest.pop(place) if place < len(rest) else "")
            first = 1 if rest[:1] and rest[0] in COMMANDS else 0
            if rest[first:] and not rest[first].startswith("-"):
                raise ValueError(f"--command must come without a NAME, got {rest[first]}")
            rest.insert(first, f"{PREFIX}{command}")
            break
    return rest


def _print(text: str) -> None:
    print(text)  # noqa: T201, this is what the program is for


if __name__ == "__main__":
    sys.exit(main())
