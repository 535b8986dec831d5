"""Whose turn it is: each source has its share of the time, and triples of features that are missing are asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from random import Random

from fsmn_properties.cases.conjunctions import features_of
from fsmn_properties.cases.within import outside
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.contract.forms import FORMS, Form
from fsmn_properties.runs.fuzz.coverage import Coverage
from fsmn_properties.runs.fuzz.messages import News
from fsmn_properties.runs.fuzz.sequences import BLOCK, blocks, cases_of_block
from fsmn_properties.runs.fuzz.sources import DEEPEST, Made, Origin, asked_of, draw, drawn_sources, in_block, share_of
from fsmn_properties.targets.target import Target

DEEP = "conjunctions"
"""The source that grows deeper."""

STEERED = 0.5
"""The share of its cases that are made for a triple that is missing."""

DEEPER = 0.1
"""The share of them that is one deeper than the run is, and of these again."""

LEAST_TURN = 1e-4

Turn = tuple[str, Form]
Asks = Callable[[Made, list[Statement]], None]


class Turns:
    """Draws cases of one target for as long as it is asked to.

    Parameters
    ----------
    target : Target
        The target.
    rng : Random
        What picks.
    done : iterable of str
        The blocks of sequences that are done.
    """

    def __init__(self, target: Target, rng: Random, done: Iterable[str]) -> None:
        self.target, self.rng, self.depth, self.news = target, rng, 0, News()
        self.costs: Mapping[str, float] = {}
        self._coverage = {form.short: Coverage() for form in FORMS}
        self._asked = {
            (source, form): statements
            for source in (each.name for each in drawn_sources())
            for form in FORMS
            if (statements := asked_of(source, form, target))
        }
        self._used = dict.fromkeys(self._asked, 0.0)
        self._blocks = {form: self._enumerated(form, set(done)) for form in FORMS}

    def take(self, asks: Asks) -> None:
        """Draw for the source that is farthest behind, and ask."""
        turn = min(self._used, key=lambda each: self._used[each] / share_of(each[0]), default=None)
        if turn is None or self._used[turn] == float("inf"):
            time.sleep(0.1)  # nothing is promised that could be asked
            return
        started = time.perf_counter()
        made = self._next(turn)
        if made is None:
            self._used[turn] = float("inf")
            return
        for each in made:
            asks(each, self._chosen(self._asked[turn]))
        self._used[turn] += time.perf_counter() - started + LEAST_TURN

    def _chosen(self, statements: list[Statement]) -> list[Statement]:
        """Return the statements to ask about a case: those that take long are asked about fewer cases."""
        costs = [self.costs.get(each.name, 0.0) for each in statements]
        usual = sorted(costs)[len(costs) // 2] if len(costs) > 2 else min(costs)
        return [s for s, cost in zip(statements, costs, strict=True) if cost * self.rng.random() <= usual]

    def _next(self, turn: Turn) -> list[Made] | None:
        source, form = turn
        if source == "sequences":
            return next(self._blocks[form], None)
        made = self._drawn(source, form)
        return [] if made is None else [made]

    def _drawn(self, source: str, form: Form) -> Made | None:
        if source != DEEP:
            return draw(Origin(source, form.short, 0, ()), self.target.promises, self.rng, {})
        coverage = self._coverage[form.short]
        wanted = coverage.missing(self.rng) if self.rng.random() < STEERED else {}
        origin = Origin(source, form.short, self._some_depth(), ())
        made = draw(origin, self.target.promises, self.rng, wanted)
        if made is not None and made.recipe is not None:
            features = features_of(made.recipe, form)
            if coverage.add(features):
                self.news.features.append((form.short, features))
        return made

    def _some_depth(self) -> int:
        """Return the depth of the next case: up to that of the run, and at times deeper from the start."""
        depth = self.rng.randrange(self.depth + 1)
        while depth < DEEPEST and self.rng.random() < DEEPER:
            depth += 1
        return depth

    def _enumerated(self, form: Form, done: set[str]) -> Iterator[list[Made]]:
        """Yield parts of the blocks that no run is through with, those of few frames first."""
        promises = self.target.promises
        if promises.positions != "any":
            return
        left = [block for block in blocks(form, promises) if block.text not in done]
        while left:
            block = self.rng.choice([each for each in left if each.frames == left[0].frames])
            left.remove(block)
            number, part = self.rng.randrange(1 << 30), list[Made]()
            for column, case in enumerate(cases_of_block(block, promises, number)):
                if promises.is_whole or not outside(case, promises):
                    part.append(Made(case, None, in_block(block, number, column)))
                if len(part) == BLOCK // 16:
                    yield part
                    part = []
            self.news.blocks.append(block.text)
            yield part
