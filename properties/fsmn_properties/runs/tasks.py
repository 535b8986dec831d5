"""What runs in a process of its own: `python -m fsmn_properties.runs.tasks`, with an order on its standard input."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from fsmn_properties.runs.beyond import found_beyond
from fsmn_properties.runs.finder import found_promises
from fsmn_properties.runs.isolated import MARK, Journal
from fsmn_properties.targets.loading import load


def main() -> None:
    """Carry out the order."""
    order = json.loads(sys.stdin.read())
    target = load(order["name"], {key: _value(value) for key, value in order["promises"].items()})
    journal = Journal(order["known"], _tell)
    if order["task"] == "beyond":
        _tell({"result": {"beyond": [asdict(each) for each in found_beyond(target, journal)]}})
    else:
        _tell({"result": {"lines": found_promises(target, journal)}})


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _tell(line: dict[str, Any]) -> None:
    print(f"{MARK}{json.dumps(line)}", flush=True)  # noqa: T201, the lines are the answer


if __name__ == "__main__":
    main()
