"""`python -m fsmn_properties [NAME]`: verify an implementation of the FSMN memory block.

NAME is a module, a path to a .py file, or either with :attribute; fsmn_vec if it is left out. What follows it goes to
pytest: `-k forward`, `-x`, `-n 2`, `--hypothesis-profile nightly`, `--hypothesis-seed 1`, `--junitxml FILE`.
Exit status: 0 if every property holds, 1 if one fails, 2 if NAME can't be loaded or an option is wrong.
"""

from __future__ import annotations

import argparse
import sys
from importlib.resources import files

import pytest


def main(arguments: list[str] | None = None, prog: str = "python -m fsmn_properties") -> int:
    """Run the catalogue under pytest and return the exit status."""
    parser = argparse.ArgumentParser(
        prog=prog, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("name", nargs="?", default="fsmn_vec", metavar="NAME", help="what to verify")
    known, for_pytest = parser.parse_known_args(arguments)
    status = pytest.main(
        [
            # The settings of whatever project this is called in are not meant for this run.
            *("-c", str(files("fsmn_properties") / "standalone.ini"), "--rootdir", "."),
            *("-p", "fsmn_properties.pytest_plugin", "-p", "fsmn_properties.profiles", "-p", "no:cacheprovider"),
            *("-qq", "-rN", "--no-header", "-W", "ignore::pytest.PytestAssertRewriteWarning"),
            *("--pyargs", "fsmn_properties.suite", "--impl", known.name, "--hypothesis-profile", "ci"),
            *for_pytest,
        ]
    )
    return 2 if status == pytest.ExitCode.USAGE_ERROR else int(status)


if __name__ == "__main__":
    sys.exit(main())
