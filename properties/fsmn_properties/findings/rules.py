"""Statements by the rule of the contract that they are mainly about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from fsmn_properties.findings.verdict import Verdict

TITLES = {
    "F1, F2": "The memory",
    "F3": "Positions within utterances",
    "F4": "Gradients",
    "D1": "Arrays that are accepted",
    "D2": "Types of positions",
    "D3, D4": "Positions out of range",
    "D5": "Strides",
    "D6": "Sizes of 0",
    "D7": "No broadcasting",
    "R1": "Types of results",
    "R2": "New results, arguments untouched",
    "R3": "Layouts of arguments",
    "R4": "Rounding",
    "R5": "Values that are not finite",
    "R6": "The same call, the same bits",
    "S1": "Streams: the same memory",
    "S2": "Streams: latency",
    "S3": "Streams: rows that stay",
    "S4": "Streams: bounded state",
    "P10": "Effort",
}
"""Groups of rules, in the order of the contract."""


class Group(NamedTuple):
    """The statements that are mainly about the same rules."""

    rules: str
    title: str
    verdicts: tuple[Verdict, ...]


def grouped(verdicts: Iterable[Verdict]) -> list[Group]:
    """Return verdicts by the first rule that each cites; a rule without a title is a group of its own."""
    of_rule = {rule: rules for rules in TITLES for rule in rules.split(", ")}
    found: dict[str, list[Verdict]] = {rules: [] for rules in TITLES}
    for verdict in verdicts:
        first = verdict.rule.partition(",")[0].strip()
        found.setdefault(of_rule.get(first, first), []).append(verdict)
    return [Group(rules, TITLES.get(rules, ""), tuple(each)) for rules, each in found.items() if each]
