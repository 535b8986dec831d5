"""What a screen and its confirmation say together: a pure function, so that its every outcome can be tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fsmn_properties.bench.controls import CONTROLS, SLOWED
from fsmn_properties.bench.measure import Found
from fsmn_properties.bench.verdict import Verdict

PASSED, SLOWER, NO_BASE, INCONCLUSIVE = range(4)

OK, CONFIRMED, CLEARED = "ok", "SLOWER", "suspected, not confirmed"
HOLDS, FAILED = "control holds", "CONTROL FAILED"

COLUMNS = "{:52} {:>11} {:>9} {:>9} {:>7}  {}"


def to_confirm(screened: Sequence[Found]) -> list[str]:
    """Return the cases to be timed again: what is suspect, and the control that must be found slower."""
    return [each.case for each in screened if each.verdict and (each.verdict.suspect or each.case == SLOWED)]


def decide(
    screened: Sequence[Found],
    confirmed: Mapping[str, Found],
    limit: float,
    reason: Callable[[str], str | None] = lambda _: None,
    other: str = "the base",
) -> tuple[int, list[str]]:
    """Return the exit status and what to print.

    Parameters
    ----------
    screened, confirmed : Found of each case, and of those that were timed again
    limit : float
        The slowdown, as a fraction, above which a case fails.
    reason : callable
        Why a case may be slower than this base, or None if it may not.
    other : str
        The name of what is compared with.
    """
    lines = [COLUMNS.format("", other[-11:], "slowdown", "at least", "wall", "")]
    outcomes: dict[str, str] = {}
    sensitivity = 0.0
    for first in screened:
        found = confirmed.get(first.case, first)
        if first.verdict is None or found.verdict is None:
            lines.append(f"{found.case:52} not compared: {found.new}")
            continue
        outcomes[found.case] = _outcome(
            found.case, first.verdict, found.verdict, first.case in confirmed, limit, reason
        )
        sensitivity = max(sensitivity, first.verdict.sensitivity)
        percents = [f"{x:.1%}" for x in (found.verdict.slowdown, found.verdict.lower, found.verdict.wall)]
        lines.append(COLUMNS.format(found.case, f"{found.base_seconds * 1e3:.3f} ms", *percents, outcomes[found.case]))
    lines.append(f"sensitivity: a slowdown above {max(sensitivity, limit):.1%} would have been confirmed in every case")
    failed = [case for case in CONTROLS if outcomes.get(case) != HOLDS]
    slower = [case for case, outcome in outcomes.items() if outcome == CONFIRMED]
    if failed:
        return INCONCLUSIVE, [*lines, f"inconclusive: {', '.join(failed)} did not come out as it must"]
    if slower:
        return SLOWER, [*lines, f"slower than {other}: {', '.join(slower)}"]
    return PASSED, [*lines, "no slowdown is confirmed"]


def _outcome(
    case: str, first: Verdict, last: Verdict, again: bool, limit: float, reason: Callable[[str], str | None]
) -> str:
    if case in CONTROLS:
        seen = again and last.confirmed()
        return HOLDS if seen == (case == SLOWED) and (first.suspect or case != SLOWED) else FAILED
    if not again:
        return OK
    if not last.confirmed(limit):
        return CLEARED
    why = reason(case)
    return f"slower, accepted: {why}" if why else CONFIRMED
