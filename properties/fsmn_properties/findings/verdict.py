"""What became of a statement, and what is wrong if it fails: data, from which every report is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

HOLDS, FAILS, NOT_PROMISED, GAVE_UP = "holds", "fails", "not promised", "gave up"
EXPECTED, NOT_APPLICABLE = "fails as expected", "not applicable"


@dataclass(frozen=True)
class Finding:
    """One way in which a target breaks the contract.

    Parameters
    ----------
    statement, says, rule : str
        Name of the statement, what it says, and the rules of the contract that it is about.
    problem : str
        What is wrong, in a sentence.
    case : str
        The outline of the case.
    script : str
        Python that shows it in a fresh process.
    facts : mapping of str to object
        `result`, `element`, `got` and `wanted`, where one element is wrong.
    """

    statement: str
    says: str
    rule: str
    problem: str
    case: str = ""
    script: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What became of a statement.

    Parameters
    ----------
    name, rule : str
        Name of the statement and the rules that it is about.
    outcome : {'holds', 'fails', 'fails as expected', 'not promised', 'not applicable', 'gave up'}
        What became of it.
    why : str
        The promise that leaves it out, why it was given up or cannot be asked, or why it is expected to fail.
    cases, sequences : int
        Cases checked, and position sequences enumerated exhaustively.
    seconds : float
        Time taken.
    note : str
        What is covered.
    finding : Finding, optional
        What is wrong, if it fails.
    worst : float, optional
        The worst error in units of its rounding bound, if the statement asks for one.
    """

    name: str
    rule: str
    outcome: str
    why: str = ""
    cases: int = 0
    sequences: int = 0
    seconds: float = 0.0
    note: str = ""
    finding: Finding | None = None
    worst: float | None = None

    @property
    def fails(self) -> bool:
        """Whether the statement was found not to hold."""
        return self.outcome == FAILS

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    @staticmethod
    def of_data(data: Mapping[str, Any]) -> Verdict:
        """Return the verdict that `as_data` was of."""
        finding = data.get("finding")
        return Verdict(**{**data, "finding": finding and Finding(**finding)})
