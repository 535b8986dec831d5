"""In which cases a target is wrong, in words: as far as it was tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from fsmn_properties.cases.within import utterances
from fsmn_properties.contract.forms import UNI
from fsmn_properties.diagnosis.answers import Answer
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts


@dataclass(frozen=True)
class Condition:
    """A condition on a case.

    Parameters
    ----------
    says : str
        The condition as the end of a sentence; nothing if it holds of all cases.
    holds : callable
        Whether it holds.
    """

    says: str
    holds: Callable[[Facts], bool]

    @property
    def parts(self) -> int:
        """How many conditions it is made of."""
        return (1 + self.says.count(" and if ")) if self.says else 0


ALWAYS = Condition("", lambda _: True)


def condition_of(wrong: Sequence[Answer], right: Sequence[Answer]) -> Condition | None:
    """Return the condition that holds of what is wrong and of nothing that is right; None if there is none.

    Parameters
    ----------
    wrong, right : sequence of Answer
        Answers of the target.
    """
    if not right:
        return ALWAYS
    # What holds of all that is wrong; of few of them, what holds by accident as well.
    every = [each for each in case_conditions(wrong[0].facts) if all(each.holds(one.facts) for one in wrong)]
    for each in every:
        if not any(each.holds(one.facts) for one in right):
            return each
    for one, two in combinations(every, 2):
        if not any(one.holds(each.facts) and two.holds(each.facts) for each in right):
            return both(one, two)
    return None


def both(one: Condition, two: Condition) -> Condition:
    """Return the condition that two conditions hold."""
    says = f"{one.says} and {two.says}"
    return Condition(says, lambda facts: one.holds(facts) and two.holds(facts))


def case_conditions(facts: Facts) -> Iterator[Condition]:
    """Yield all conditions on cases of the form of one."""
    if facts.form is UNI:
        yield Condition("if the stride is more than 1", lambda f: f.strides[BACK] > 1)
        yield Condition("if the stride is 1", lambda f: f.strides[BACK] == 1)
    else:
        yield from _of_two_sides()
    yield Condition("if there are several utterances", lambda f: len(f.starts) > 1)
    yield Condition("if there is one utterance", lambda f: len(f.starts) == 1)
    yield Condition("if positions don't count the frames of utterances", lambda f: not utterances(f.case))
    yield Condition("if positions count the frames of utterances", lambda f: bool(utterances(f.case)))
    for side, what in ((BACK, "look-back tap"), (AHEAD, "look-ahead tap")):
        if side in facts.taps:
            word = "tap" if facts.form is UNI else what
            yield Condition(f"if there is one {word}", lambda f, s=side: f.taps[s] == 1)  # type: ignore[misc]
            yield Condition(f"if there is no {word}", lambda f, s=side: f.taps[s] == 0)  # type: ignore[misc]
            yield Condition(f"if there are several {word}s", lambda f, s=side: f.taps[s] > 1)  # type: ignore[misc]
            reach = f"if the {word}s reach as far as the sequence is long"
            yield Condition(reach, lambda f, s=side: f.frames <= f.taps[s] * f.strides[s])  # type: ignore[misc]
    beyond = "if a position is larger than the taps reach"
    yield Condition(beyond, lambda f: any((f.positions[s] > f.taps[s] * f.strides[s]).any() for s in f.positions))
    yield Condition("if there is one frame", lambda f: f.frames == 1)
    yield Condition("if there is one channel", lambda f: f.case.channels == 1)
    yield Condition("if there are several channels", lambda f: f.case.channels > 1)
    yield Condition("if the taps reach further than the sequence is long", lambda f: f.frames <= max(f.case.reach))
    yield Condition("if the sequence is longer than the taps reach", lambda f: f.frames > max(f.case.reach))
    yield Condition("if there are as many taps as channels", lambda f: f.case.channels in f.counts.values())
    yield Condition("if the number of frames is odd", lambda f: f.frames % 2 == 1)
    yield Condition("if the number of frames is even", lambda f: f.frames % 2 == 0)
    yield Condition("if the number of channels is odd", lambda f: f.case.channels % 2 == 1)
    yield Condition("if the number of channels is even", lambda f: f.case.channels % 2 == 0)


def _of_two_sides() -> Iterator[Condition]:
    yield Condition("if the strides differ", lambda f: f.strides[BACK] != f.strides[AHEAD])
    yield Condition("if the strides are the same", lambda f: f.strides[BACK] == f.strides[AHEAD])
    yield Condition("if a stride is more than 1", lambda f: max(f.strides.values()) > 1)
    yield Condition("if both strides are 1", lambda f: max(f.strides.values()) == 1)
    for side, word in ((BACK, "bstride"), (AHEAD, "fstride")):
        yield Condition(f"if {word} is more than 1", lambda f, s=side: f.strides[s] > 1)  # type: ignore[misc]
        yield Condition(f"if {word} is 1", lambda f, s=side: f.strides[s] == 1)  # type: ignore[misc]
    yield Condition("if both sides have as many taps", lambda f: f.taps[BACK] == f.taps[AHEAD])
    yield Condition("if the sides have different numbers of taps", lambda f: f.taps[BACK] != f.taps[AHEAD])
    yield Condition("if bfilter and ffilter have the same shape", lambda f: f.counts["bfilter"] == f.counts["ffilter"])
    yield Condition("if there are more look-ahead taps than look-back taps", lambda f: f.taps[AHEAD] > f.taps[BACK])
    yield Condition("if there are more look-back taps than look-ahead taps", lambda f: f.taps[BACK] > f.taps[AHEAD])
