"""`fuzz [NAME]`: ask about new cases for so many minutes, in processes that may die.

usage: python -m fsmn_properties fuzz [NAME] [options]    (fsmn-fuzz where the package is installed)

NAME is a module, a path to a .py file, or either with :attribute (default: fsmn_vec). docs/fuzzing.md says more.
"""

from __future__ import annotations

import argparse
import os
import sys

from fsmn_properties.contract.promises import PromiseError, parsed
from fsmn_properties.runs.fuzz.campaign import Campaign, FuzzError, Settings
from fsmn_properties.runs.fuzz.corpus import CorpusError
from fsmn_properties.runs.fuzz.told import Progress, summary
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import CannotLoadError

INTERRUPTED = 130


def main() -> int:
    """Run the command with the program's arguments."""
    return run(sys.argv[1:])


def run(arguments: list[str]) -> int:
    """Fuzz, print what was found, and return the exit status."""
    try:
        asked = _parser().parse_args(arguments)
    except SystemExit as end:
        return 2 if end.code else 0
    try:
        promises = parsed(asked.promise)
        target = load(asked.name, promises)
    except (CannotLoadError, PromiseError) as error:
        return _refused(f"can't load {asked.name!r}: {error}")
    if asked.minutes < 0 or asked.workers < 1 or asked.seconds <= 0 or asked.gigabytes < 0:
        return _refused("--minutes and --gigabytes must be at least 0, -n at least 1, --seconds above 0")
    settings = Settings(
        asked.name, promises, asked.minutes, asked.workers, asked.corpus, asked.seconds, asked.gigabytes
    )
    progress = Progress(sys.stdout)
    try:
        campaign = Campaign(settings, target, progress)
        campaign.run()
    except (CorpusError, FuzzError) as error:
        return _refused(str(error))
    progress.end()
    for line in summary(
        campaign.ledger, asked.name, campaign.took, asked.workers, asked.corpus, everything=asked.verbose
    ):
        print(line)  # noqa: T201, a command prints
    if campaign.interrupted:
        return INTERRUPTED
    return 1 if campaign.ledger.entries else 0


def _refused(why: str) -> int:
    print(why, file=sys.stderr)  # noqa: T201
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m fsmn_properties fuzz", description="Ask about new cases, in processes that may die."
    )
    add = parser.add_argument
    add("name", metavar="NAME", nargs="?", default="fsmn_vec", help="a module, a .py file, or either with :attribute")
    add("--minutes", type=float, default=10.0, metavar="M", help="how long to run (default: 10; inf: until Ctrl-C)")
    add("-n", dest="workers", type=int, default=os.cpu_count() or 1, metavar="N", help="processes (default: all cores)")
    add("--promise", action="append", default=[], metavar="KEY=VALUE", help="replace one declared promise")
    add(
        "--corpus", default=Settings.corpus, metavar="WHERE", help="a folder (default: .fsmn-fuzz) or redis://HOST:PORT"
    )
    add("--seconds", type=float, default=Settings.seconds, metavar="S", help="a call that takes longer hangs (10)")
    add("--gigabytes", type=float, default=Settings.gigabytes, metavar="G", help="memory of a process (2; 0: no limit)")
    add("-v", dest="verbose", action="store_true", help="print the scripts of all findings")
    return parser
