"""A property: a plain function of an implementation, and what Hypothesis draws for it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import hypothesis
import numpy as np
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from hypothesis.errors import Flaky, HypothesisException

from fsmn_properties.case import Case
from fsmn_properties.forms import FORMS, Form
from fsmn_properties.implementation import Implementation, implementation_of
from fsmn_properties.violation import Violation

T = TypeVar("T")

FIRST_LOOK = 10
"""How many cases are tried first, of most properties."""


@dataclass(frozen=True)
class Covered:
    """What a check covered: how many cases, and of position sequences among which no gap is left, how many new ones."""

    cases: int = 1
    sequences: int = 0


@dataclass(frozen=True)
class Outcome:
    """What running one property showed: `failure` is empty if it holds, `note` says what it covered."""

    name: str
    cases: int
    seconds: float
    failure: str = ""
    note: str = ""
    sequences: int = 0


@dataclass(frozen=True)
class Property:
    """One statement about one form of the memory block.

    Parameters
    ----------
    name : str
        Form and function, as in `uni_forward_equals_the_reference`.
    statement : str
        What is true, in one line.
    check : callable
        `check(implementation, case)` raises a Violation if the property does not hold of what was drawn, and may
        return what it covered if that is more than one case. If nothing is drawn, `check(implementation)` yields what
        it covered after each case or so, those first that differ most.
    cases : SearchStrategy of Case, optional
        What Hypothesis draws.
    effort : int
        How many times as many cases as the settings say it draws: more where bugs hide in values as well as in shapes.
    few : int
        How often a first look tries it.
    note : str
        What it covers, if nothing is drawn.
    """

    name: str
    statement: str
    check: Callable[..., Any]
    cases: st.SearchStrategy[Case] | None
    effort: int = 1
    few: int = FIRST_LOOK
    note: str = ""

    def first_look(self, implementation: object, *, seed: int | None = None) -> Outcome:
        """Try the property on a few cases; parameters are those of `run`."""
        examples, steps = (None, self.few) if self.cases is None else (self.few, None)
        return self._run(implementation, seed, examples, steps)

    def run(self, implementation: object, *, seed: int | None = None, examples: int | None = None) -> Outcome:
        """Try the property on an implementation under the current Hypothesis settings.

        Parameters
        ----------
        implementation : object
            Anything with the four functions as attributes.
        seed : int, optional
            Where Hypothesis starts; otherwise its settings decide.
        examples : int, optional
            How many cases to draw; otherwise the settings and the effort decide.
        """
        return self._run(implementation, seed, examples, None)

    def _run(self, implementation: object, seed: int | None, examples: int | None, steps: int | None) -> Outcome:
        checked = implementation_of(implementation)
        started = time.perf_counter()
        count, sequences, failure = 0, 0, ""
        last: Case | None = None

        def test(case: Case) -> None:
            nonlocal count, last
            last = case
            count += 1
            with _told_of_accidents(case):
                covered = self.check(checked, case) or Covered()
            count += covered.cases - 1

        try:
            if self.cases is not None:
                self._under_hypothesis(test, self.cases, seed, examples)()
            else:
                with _told_of_accidents():
                    for covered in islice(self.check(checked), steps):
                        count, sequences = count + covered.cases, sequences + covered.sequences
        except Violation as violation:
            failure = _told(violation, checked)
        except Flaky as flaky:
            failure = f"Not the same twice for the same arguments: {flaky}\n\n{checked.statement}\n{last}"
        seconds, failure = time.perf_counter() - started, failure and f"{self.statement}\n{failure}"
        return Outcome(self.name, count, seconds, failure, self.note if steps is None else "", sequences)

    def _under_hypothesis(
        self,
        test: Callable[[Case], None],
        cases: st.SearchStrategy[Case],
        seed: int | None,
        examples: int | None,
    ) -> Callable[[], None]:
        # Hypothesis knows a test by its name: examples that failed are stored, and derandomized runs seeded, with it.
        test.__name__ = test.__qualname__ = self.name
        settings = hypothesis.settings(
            max_examples=self.effort * hypothesis.settings().max_examples if examples is None else examples,
            # Explaining would run a hundred variations of the counterexample, to say which parts of it matter.
            phases=[phase for phase in hypothesis.settings().phases if phase is not Phase.explain],
            deadline=None,  # the first call of an implementation may compile it
            report_multiple_bugs=False,  # one counterexample, the simplest
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.nested_given],
        )
        drawn = settings(hypothesis.given(cases)(test))
        # Properties of the same strategy would all draw the same cases from the same seed, and miss the same bugs.
        return drawn if seed is None else hypothesis.seed(f"{self.name} {seed}")(drawn)


@contextmanager
def _told_of_accidents(case: Case | None = None) -> Iterator[None]:
    """Make a Violation of whatever else is raised: results can be so wrong that comparing them fails."""
    try:
        with np.errstate(all="ignore"):  # what a check asks of NaN and infinities is no accident
            yield
    except (Violation, HypothesisException):
        raise
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        problem = f"The results can't be compared: {type(error).__name__}: {error} ({place.name})"
        raise Violation(problem, case.script(case.form.backward, "results") if case else "") from error


def _told(violation: Violation, implementation: Implementation) -> str:
    if not violation.script:
        return violation.problem
    return f"{violation.problem}\n\nimport numpy as np\n{implementation.statement}\n\n{violation.script}\n"


def for_each_form(
    cases: Callable[[Form], st.SearchStrategy[Case]], effort: int = 1
) -> Callable[[Callable[[Any, Case], Covered | None]], list[Property]]:
    """Make a function of an implementation and a case into a property of each form."""

    def properties(check: Callable[[Any, Case], Covered | None]) -> list[Property]:
        name, statement = check.__name__, (check.__doc__ or "").strip()
        few = effort * FIRST_LOOK
        return [Property(f"{form.short}_{name}", statement, check, cases(form), effort, few) for form in FORMS]

    return properties


def for_each_form_alone(
    note: str = "", few: int = FIRST_LOOK
) -> Callable[[Callable[[Any, Form], Iterator[Covered]]], list[Property]]:
    """Make a generator for an implementation and a form, for which nothing is drawn, into a property of each form."""

    def properties(check: Callable[[Any, Form], Iterator[Covered]]) -> list[Property]:
        def property_of(form: Form) -> Property:
            name, statement = f"{form.short}_{check.__name__}", (check.__doc__ or "").strip()
            return Property(name, statement, lambda implementation: check(implementation, form), None, 1, few, note)

        return [property_of(form) for form in FORMS]

    return properties


def mixed(items: Iterable[T]) -> list[T]:
    """Return the items in an order, the same each time, in which the first few are of every kind."""
    ordered = list(items)
    return [ordered[i] for i in np.random.default_rng(0).permutation(len(ordered))]
