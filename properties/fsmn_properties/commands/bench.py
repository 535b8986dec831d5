"""Time a kernel at production sizes, or say whether it is slower than it was or than another one.

python -m fsmn_properties bench NAME                   times, as multiples of a plain einsum and of the machine's limits
python -m fsmn_properties bench NAME --base [REV]      is the work tree slower than a revision of its git repository?
python -m fsmn_properties bench NAME --against OTHER   is NAME slower than OTHER?

Exit status: 0 if no slowdown is confirmed, 1 if one is, 2 if there is nothing to compare with or NAME is not right,
3 if a control failed and the run therefore says nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from fsmn_properties.bench.accepted import read_baseline
from fsmn_properties.bench.decision import NO_BASE
from fsmn_properties.bench.flows import against, against_revision, alone
from fsmn_properties.bench.measure import MeasuringError
from fsmn_properties.bench.prepared import Wanted
from fsmn_properties.bench.revisions import NoBaseError
from fsmn_properties.bench.settings import SLOWDOWN
from fsmn_properties.contract.promises import PromiseError, parsed
from fsmn_properties.targets.target import CannotLoadError

BASELINE = Path("fsmn_baseline.toml")


def run(arguments: list[str]) -> int:
    """Time a target, and return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.base is not None and options.against:
        parser.error("--base and --against are two questions: ask one")
    started = time.perf_counter()
    try:
        status = _answer(options)
    except (CannotLoadError, PromiseError) as error:
        print(f"can't load {options.name!r}: {error}", file=sys.stderr)  # noqa: T201, a command prints
        return NO_BASE
    except (NoBaseError, MeasuringError, ValueError) as error:
        print(f"no verdict: {error}", file=sys.stderr)  # noqa: T201
        return NO_BASE
    _say(f"{time.perf_counter() - started:.0f} s")
    return status


def _answer(options: argparse.Namespace) -> int:
    promises, limit = parsed(options.promise), options.limit / 100
    wanted = Wanted(options.name, promises, options.only)
    if options.against:
        return against(wanted, Wanted(options.against), limit, _say)
    if options.base is None:
        return alone(wanted, _say)
    path = options.baseline or (BASELINE if BASELINE.is_file() else None)
    baseline = read_baseline(path)
    return against_revision(wanted, options.base or None, options.build, baseline, limit, options.record, _say)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m fsmn_properties bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", metavar="NAME", help="a module, a path to a .py file, or either with :attribute")
    parser.add_argument(
        "--base",
        nargs="?",
        const="",
        metavar="REV",
        help="compare with this revision (default: the merge base with main, on main the parent)",
    )
    parser.add_argument("--against", metavar="OTHER", help="compare with another target")
    parser.add_argument("--build", metavar="COMMAND", help="build NAME by this command in each work tree")
    parser.add_argument("--promise", action="append", default=[], metavar="KEY=VALUE", help="replace one promise")
    parser.add_argument(
        "--limit", type=float, default=100 * SLOWDOWN, metavar="PERCENT", help="slowdown that fails (default: 5)"
    )
    parser.add_argument("-k", dest="only", default="", metavar="TEXT", help="time the calls whose names contain this")
    parser.add_argument(
        "--baseline",
        type=Path,
        metavar="FILE",
        help=f"anchor and accepted slowdowns (default: {BASELINE}, if it is there)",
    )
    parser.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="append the slowdowns against --base to this file, and draw it beside it",
    )
    return parser


def _say(*lines: str) -> None:
    for line in lines:
        print(line, flush=True)  # noqa: T201
