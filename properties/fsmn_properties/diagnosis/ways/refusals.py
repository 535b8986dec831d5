"""What is accepted that should be refused, or refused in the wrong way."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST = 4

_ACCEPTED = re.compile(r"^(\w+) accepted (.+?); should raise (\w+)")
_OTHERWISE = re.compile(r"^(\w+) raised (\w+): (.*) for (.+?); should raise (\w+)(?: naming (.+))?$", re.DOTALL)
_TOO_LATE = re.compile(r"^(\w+) changed (.+) before it refused (.+)$")


def refusals(problems: Iterable[str]) -> list[str]:
    """Return what problems of refusals have in common, in words; nothing if they are not about refusals."""
    accepted: dict[str, list[str]] = {}
    told = []
    for problem in problems:
        if found := _ACCEPTED.match(problem):
            accepted.setdefault(found[1], []).append(found[2])
        elif (found := _OTHERWISE.match(problem)) and found[2] != found[5]:
            told.append(f"{found[1]} refuses {found[4]} by a {found[2]}, not by a {found[5]}")
        elif found and found[6]:
            told.append(f"{found[1]} refuses {found[4]} without naming {found[6]}")
        elif found := _TOO_LATE.match(problem):
            told.append(f"{found[1]} has changed {found[2]} by the time it refuses {found[3]}: too late")
        else:
            return []
    for function, every in accepted.items():
        whats = list(dict.fromkeys(every))
        more = f" and {len(whats) - MOST} more" if len(whats) > MOST else ""
        told.append(f"{function} accepts what should be refused: {'; '.join(whats[:MOST])}{more}")
    return told
