"""The suite's own speed as cases of the gate: cases of a statement, and the way to the first failure.

Each call draws other cases, the same ones on both sides: what is drawn once would be remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from fsmn_properties.checks.trial import Violation

EXAMPLES = 20


@dataclass(frozen=True)
class StatementCases:
    """Cases drawn for one statement, and the statement asked about each."""

    statement: str

    def __str__(self) -> str:
        return f"suite-cases-{self.statement}"

    def verify(self, side: Any) -> None:
        """Raise a Violation if the statement fails."""
        if self._call(side)().fails:
            raise Violation(f"{self.statement} fails on fsmn_vec")

    def calls(self, *sides: Any) -> list[Callable[[], object]]:
        """Return a function for each side."""
        return [self._call(side) for side in sides]

    def _call(self, side: Any) -> Callable[[], Any]:
        catalogue, running = (side.importing(f"fsmn_properties.{name}") for name in ("catalogue", "runs.run"))
        target = side.importing("fsmn_properties.targets.loading").load("fsmn_vec")
        (statement,) = (each for each in catalogue.CATALOGUE if each.name == self.statement)
        seeds = count()
        return lambda: running.run(statement, target, running.Plan(examples=EXAMPLES, seed=next(seeds)))


@dataclass(frozen=True)
class FirstFailure:
    """The quickest answer about a planted bug."""

    bug: str

    def __str__(self) -> str:
        return f"suite-first-failure-{self.bug}"

    def verify(self, side: Any) -> None:
        """Raise a Violation if the bug is not seen."""
        (call,) = self.calls(side)
        if call() is None:
            raise Violation(f"nothing is found in {self.bug}")

    def calls(self, *sides: Any) -> list[Callable[[], object]]:
        """Return a function for each side."""
        return [self._call(side) for side in sides]

    def _call(self, side: Any) -> Callable[[], object]:
        verify = side.importing("fsmn_properties.runs.verify")
        target = side.importing("planted_bugs.targets").target_of_bug(self.bug)
        seeds = count()
        return lambda: verify.first_failure(target, seed=next(seeds))


def suite_speed() -> list[StatementCases | FirstFailure]:
    """Return the cases: drawn ones, listed ones, and a bug that the first look shows."""
    return [
        StatementCases("uni_backward_equals_the_reference"),
        StatementCases("bi_every_small_size"),
        FirstFailure("look_ahead_from_the_frame_itself"),
    ]
