"""The history of a kernel's speed: ratios alone, since seconds are those of one machine on one day."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from fsmn_properties.bench.settings import MOST_RECORDS


@dataclass(frozen=True)
class Entry:
    """The slowdowns of one revision, as fractions by case.

    Parameters
    ----------
    revision, base, anchor : str
        Commits; the revision ends with `+` if there were changes that are not committed.
    against_base, against_anchor : mapping of str to float
        Slowdowns by case.
    """

    revision: str
    base: str
    anchor: str
    against_base: Mapping[str, float]
    against_anchor: Mapping[str, float]


def read_history(path: Path) -> list[Entry]:
    """Return the entries of a file, oldest first; none if there is no file.

    Raises
    ------
    ValueError
        If a line is no entry.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    try:
        return [Entry(**json.loads(line)) for line in lines]
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} must hold one entry a line, got: {error}") from None


def remember(path: Path, entry: Entry) -> list[Entry]:
    """Append an entry to a file, in the place of an earlier one of the same revision, and return all entries."""
    entries = [each for each in read_history(path) if each.revision != entry.revision]
    entries = [*entries, entry][-MOST_RECORDS:]
    path.write_text("".join(json.dumps(asdict(each)) + "\n" for each in entries), encoding="utf-8")
    return entries
