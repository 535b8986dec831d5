"""What runs in a process of its own: `python -m fsmn_properties.runs.tasks`, with an order on its standard input."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from fsmn_properties.findings.verdict import Verdict
from fsmn_properties.runs.beyond import found_beyond
from fsmn_properties.runs.crashed import try_every_case
from fsmn_properties.runs.finder import found_promises
from fsmn_properties.runs.isolated import MARK, Journal
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import target_of


def main() -> None:
    """Carry out the order."""
    order = json.loads(sys.stdin.read())
    promises = {key: _value(value) for key, value in order["promises"].items()}
    if order["task"] in {"diagnose", "crash"}:
        _of_python(order, promises)
        return
    target = load(order["name"], promises)
    journal = Journal(order["known"], _tell)
    if order["task"] == "beyond":
        _tell({"result": {"beyond": [asdict(each) for each in found_beyond(target, journal)]}})
    else:
        _tell({"result": {"lines": found_promises(target, journal)}})


def _of_python(order: dict[str, Any], promises: dict[str, Any]) -> None:
    # What the other tasks do not need takes a while to be imported.
    from fsmn_properties.diagnosis.grouping import mistakes_of  # noqa: PLC0415

    names: dict[str, Any] = {}
    exec(order["python"], names)  # noqa: S102, the script of the target, which every counterexample begins with
    target = target_of(names["implementation"], promises, name=order["name"], python=order["python"])
    if order["task"] == "crash":
        try_every_case(target, _tell)
        return
    found = mistakes_of(target, [Verdict.of_data(each) for each in order["verdicts"]])
    _tell({"result": {"mistakes": [asdict(each) for each in found]}})


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _tell(line: dict[str, Any]) -> None:
    print(f"{MARK}{json.dumps(line, default=str)}", flush=True)  # noqa: T201, the lines are the answer


if __name__ == "__main__":
    main()
