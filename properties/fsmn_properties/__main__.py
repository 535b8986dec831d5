"""`python -m fsmn_properties [NAME]`: verify an implementation of the FSMN memory block.

NAME is a module, a path to a .py file, or either with :attribute; it comes first, and is fsmn_vec if left out. What
follows goes to pytest: `-k forward`, `-x`, `-n 2`, `--hypothesis-profile nightly`, `--hypothesis-seed 1`.
Exit status: 0 if every property holds, 1 if one fails, 2 if NAME can't be loaded or an option is wrong.
"""

from __future__ import annotations

import sys
from importlib.resources import files

import pytest


def main(arguments: list[str] | None = None) -> int:
    """Run the catalogue under pytest and return the exit status."""
    rest = sys.argv[1:] if arguments is None else arguments
    if rest[:1] in (["-h"], ["--help"]):
        print(__doc__)  # noqa: T201, help is printed
        return 0
    # Only the first argument can be NAME: of the others only pytest knows which are values of an option.
    name, for_pytest = (rest[0], rest[1:]) if rest and not rest[0].startswith("-") else ("fsmn_vec", rest)
    status = pytest.main(
        [
            # The settings of whatever project this is called in are not meant for this run.
            *("-c", str(files("fsmn_properties") / "standalone.ini"), "--rootdir", "."),
            *("-p", "fsmn_properties.pytest_plugin", "-p", "fsmn_properties.profiles", "-p", "no:cacheprovider"),
            *("-qq", "-rN", "--no-header", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
            *("--pyargs", "fsmn_properties.suite", "--impl", name, "--hypothesis-profile", "ci"),
            *for_pytest,
        ]
    )
    return 2 if status == pytest.ExitCode.USAGE_ERROR else int(status)


if __name__ == "__main__":
    sys.exit(main())
