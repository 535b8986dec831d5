"""An account with its circumstances: what a report holds, in whatever format."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from fsmn_properties.catalogue.statement import CATALOGUE
from fsmn_properties.findings.account import NOT_CHECKED, UNASKED, Account
from fsmn_properties.findings.verdict import EXPECTED, FAILS, GAVE_UP, HOLDS

INCOMPLETE = "incomplete"
"""The outcome of a run in which nothing fails, but statements were given up or the run was interrupted."""


@dataclass(frozen=True)
class Document:
    """A run as its reader elsewhere needs it.

    Parameters
    ----------
    account : Account
        What became of each statement.
    written : str
        Date and time in UTC.
    versions : mapping of str to str
        Versions of the suite, of Python and of its libraries, and the machine.
    says : mapping of str to str
        The sentence of each statement.
    interrupted, call : str
        The statement in which the run was interrupted, and the script of its call.
    not_checked : tuple of str
        The limits of every run.
    """

    account: Account
    written: str
    versions: Mapping[str, str]
    says: Mapping[str, str] = field(default_factory=dict)
    interrupted: str = ""
    call: str = ""
    not_checked: tuple[str, ...] = NOT_CHECKED

    @property
    def outcome(self) -> str:
        """`fails` if a statement fails, else `incomplete` or `holds`."""
        outcomes = {verdict.outcome for verdict in self.account.verdicts}
        if FAILS in outcomes:
            return FAILS
        whole = outcomes & {HOLDS, EXPECTED} and GAVE_UP not in outcomes and not self.interrupted
        return HOLDS if whole else INCOMPLETE

    @property
    def headline(self) -> str:
        """The verdict in a sentence."""
        counts = self.account.counts
        failing, holding = counts[FAILS], counts[HOLDS]
        given_up, expected = counts.get(GAVE_UP, 0), counts.get(EXPECTED, 0)
        asked = holding + given_up + expected
        if failing:
            reasons = len(self.account.found)
            why = "" if reasons == failing else " for one reason" if reasons == 1 else f" for {reasons} reasons"
            return f"{failing} {'statement fails' if failing == 1 else 'statements fail'}{why}"
        if self.interrupted:
            return "Interrupted; nothing fails so far"
        if not asked:
            return "No statement was asked"
        if given_up:
            return f"Nothing fails; {given_up} of {asked} statements gave up"
        if expected:
            return f"{holding} of {asked} statements hold; the rest fail as expected"
        return (
            "The statement that was asked holds" if holding == 1 else f"All {holding} statements that were asked hold"
        )

    @property
    def left_out(self) -> dict[str, int]:
        """How many statements were left out, by the reason."""
        reasons = (verdict.why for verdict in self.account.verdicts if verdict.outcome in UNASKED)
        return dict(Counter(reasons).most_common())


def document_of(account: Account, interrupted: str = "", call: str = "") -> Document:
    """Return the document of an account that was made just now."""
    says = {each.name: each.says for each in CATALOGUE}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Document(account, now, versions(), says, interrupted, call)


def versions(libraries: Iterable[str] = ("fsmn-properties", "numpy", "hypothesis")) -> dict[str, str]:
    """Return the versions of libraries and of Python, and the machine."""
    found = {}
    for name in libraries:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # a checkout on the path
            found[name] = "not installed"
    return {**found, "Python": platform.python_version(), "machine": f"{platform.system()} {platform.machine()}"}
