"""A statement: what is true of an implementation, of which cases, by which rule, and what it needs to be promised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.checks.trial import Trial
from fsmn_properties.contract.forms import FORMS, Form
from fsmn_properties.contract.promises import Promises
from fsmn_properties.targets.target import ONE_ADDRESS_SPACE, Target

T = TypeVar("T")
Check = Callable[[Trial, Case], int | None]

IN_PROCESS = "in_process"

FIRST_LOOK = 10
"""How many cases are tried first, of most statements."""


@dataclass(frozen=True)
class Source:
    """Where cases come from.

    Parameters
    ----------
    name : str
        Its name; together with the form, the key under which its cases are kept.
    draw : callable, optional
        `draw(pick, form, promises)` returns a recipe or a case; Hypothesis picks.
    listed : callable, optional
        `listed(form, promises)` yields cases, those first that differ most. Those outside the promises are left out.
    covers : bool
        Whether every pair of features of what is drawn occurs in some case, however many cases that takes.
    evenly : bool
        Whether random numbers pick, and Hypothesis only shrinks: by itself it favours first options and repeats picks,
        so that most sizes on a log scale would be 1.
    note : str
        What is covered, if nothing is drawn.
    """

    name: str
    draw: Callable[[Any, Form, Promises], Any] | None = None
    listed: Callable[[Form, Promises], Iterable[Case]] | None = None
    covers: bool = False
    evenly: bool = False
    note: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement about one form of the memory block.

    Parameters
    ----------
    name : str
        Form and function, as in `uni_forward_equals_the_reference`.
    says : str
        What is true, in one line.
    rule : str
        The rules of the contract that it is about.
    check : callable
        `check(trial, case)` raises a Violation if the statement does not hold of a case, and may return how many
        cases that was, if it is more than one.
    source : Source
        Where its cases come from.
    needs : tuple of str
        What must be promised: `forward`, `backward`, `both`, `either` or `stream`, `hidden` for a gradient of hidden,
        and names of promises with or without a value, as in `nonfinite` or `positions=any`. `in_process` is about the
        target: that it is handed the arrays themselves.
    form : Form
        The form.
    effort : int
        How many times as many cases as the settings say are drawn: more where bugs hide in values as well as in sizes.
    few : int
        How many cases a first look tries.
    asks_reference : bool
        Whether results are compared with the oracle, and not only with each other.
    about : str
        Feature that the statement is about: of cases that cover all pairs, those with new pairs of this feature.
    """

    name: str
    says: str
    rule: str
    check: Check
    source: Source
    needs: tuple[str, ...]
    form: Form
    effort: int = 1
    few: int = FIRST_LOOK
    asks_reference: bool = True
    about: str = ""

    def not_promised(self, target: Target) -> str:
        """Return the promise that leaves the statement out, or nothing."""
        there = self._there(target)
        return next((why for need in self.needs if (why := _missing(need, target.promises, there, self.form))), "")

    def _there(self, target: Target) -> tuple[str, ...]:
        stream = self.form.stream
        return (*target.functions_of(self.form), *([stream] if target.has(stream) else []))

    def _lacks_functions(self, target: Target) -> bool:
        there, needs = self._there(target), {*self.needs} & {"forward", "backward", "both", "either", "stream"}
        return any(_missing(need, target.promises, there, self.form) for need in needs)

    def not_applicable(self, target: Target) -> str:
        """Return why a target cannot be asked, whatever it promises, or nothing."""
        if target.in_process or self._lacks_functions(target):
            return ""
        beyond = [need for need in self.needs if need.partition("=")[0] in target.most.narrowed]
        missing = any(_missing(need, target.most, self.form.functions, self.form) for need in beyond)
        return ONE_ADDRESS_SPACE if missing or IN_PROCESS in self.needs else ""


def _missing(  # noqa: PLR0911, one for each kind of need
    need: str, promises: Promises, there: tuple[str, ...], form: Form
) -> str:
    if need == IN_PROCESS:
        return ""
    if need == "stream":
        return "" if form.stream in there else f"functions without {form.stream}"
    wanted = {"forward": form.functions[:1], "backward": form.functions[1:], "both": form.functions}.get(need)
    if wanted is not None:
        missing = [name for name in wanted if name not in there]
        return f"functions without {', '.join(missing)}" if missing else ""
    if need == "either":
        return "" if {*there} & {*form.functions} else f"functions without {form.stem}_*"
    if need in form.floats:
        return "" if need in promises.gradients else f"gradients={promises.gradients!r}"
    key, _, value = need.partition("=")
    mine = getattr(promises, key)
    if value:
        options = value.split("|")
        return "" if str(mine) in options else f"{key}={mine!r}"
    return "" if mine not in (False, "none", None) else f"{key}={mine!r}"


CATALOGUE: list[Statement] = []
"""Every statement, in the order in which they are defined: what fails soonest for most bugs comes first."""


def statement(
    source: Source,
    rule: str,
    *needs: str,
    effort: int = 1,
    few: int = FIRST_LOOK,
    asks_reference: bool = True,
    about: str = "",
    forms: Sequence[Form] = FORMS,
) -> Callable[[Check], Check]:
    """Make a check into a statement about each form, and register it.

    Parameters
    ----------
    source : Source
        Where its cases come from.
    rule : str
        The rules of the contract that it is about, as in `F1, F2`.
    *needs, effort, few, asks_reference, about
        As in `Statement`.
    forms : sequence of Form
        The forms that it is about.
    """

    def register(check: Check) -> Check:
        name, says = getattr(check, "__name__", ""), (check.__doc__ or "").strip()
        for form in forms:
            given, named = needs or ("either",), f"{form.short}_{name}"
            rest = effort, few, asks_reference, about
            CATALOGUE.append(Statement(named, says, rule, check, source, given, form, *rest))
        return check

    return register


def mixed(items: Iterable[T]) -> list[T]:
    """Return the items in an order, the same each time, in which the first few are of every kind."""
    ordered = list(items)
    return [ordered[i] for i in np.random.default_rng(0).permutation(len(ordered))]
