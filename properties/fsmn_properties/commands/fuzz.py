"""`fuzz [NAME]`: ask about new cases for so many minutes, in processes that may die.

usage: python -m fsmn_properties fuzz [NAME] [options]    (fsmn-fuzz where the package is installed)

NAME is a module, a path to a .py file, or either with :attribute (default: fsmn_vec). docs/fuzzing.md says more.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from fsmn_properties.contract.promises import PromiseError, parsed
from fsmn_properties.runs.fuzz.campaign import Campaign, FuzzError, Settings
from fsmn_properties.runs.fuzz.corpus import CorpusError
from fsmn_properties.runs.fuzz.families import table
from fsmn_properties.runs.fuzz.promote import promoted
from fsmn_properties.runs.fuzz.told import Progress, summary
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import CannotLoadError, Target

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
    if asked.families:
        print("\n".join(table(target.promises)))  # noqa: T201, a command prints
        return 0
    wrong = _wrong(asked)
    return _refused(wrong) if wrong else _fuzzed(asked, target, promises)


def _wrong(asked: argparse.Namespace) -> str:
    """Return what is wrong with the options, or nothing."""
    rules = {
        f"--minutes must be at least 0, got {asked.minutes}": asked.minutes >= 0,
        f"-n must be at least 1, got {asked.workers}": asked.workers >= 1,
        f"--seconds must be above 0, got {asked.seconds}": asked.seconds > 0,
        f"--gigabytes must be at least 0, got {asked.gigabytes}": asked.gigabytes >= 0,
    }
    return next((rule for rule, kept in rules.items() if not kept), "")


def _fuzzed(asked: argparse.Namespace, target: Target, promises: dict[str, Any]) -> int:
    settings = Settings(
        *(asked.name, promises, asked.minutes, asked.workers, asked.corpus, asked.seconds, asked.gigabytes, asked.first)
    )
    progress = Progress(sys.stdout)
    try:
        campaign = Campaign(settings, target, progress)
        campaign.run()
    except (CorpusError, FuzzError) as error:
        return _refused(str(error))
    progress.end()
    ledger = campaign.ledger
    if asked.promote:
        found = [bucket.kept for bucket, _ in ledger.entries]
        new = promoted(Path(asked.promote), found, target)
        print(f"tests written to {asked.promote}: {new} new of {len(found)} findings\n")  # noqa: T201
    for line in summary(ledger, asked.name, campaign.took, asked.workers, asked.corpus, everything=asked.verbose):
        print(line)  # noqa: T201
    if campaign.interrupted:
        return INTERRUPTED
    return 1 if ledger.entries else 0


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
    add("--promote", metavar="FILE", help="write a test for each finding into a file of pytest")
    add("--families", action="store_true", help="print the families of position sequences with their shares, and end")
    add("-x", dest="first", action="store_true", help="end with the first finding")
    add("-v", dest="verbose", action="store_true", help="print the scripts of all findings")
    return parser
