"""The main process's books: buckets of all workers, merged, and what was done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.forms import FORMS
from fsmn_properties.runs.fuzz.buckets import Bucket, Buckets
from fsmn_properties.runs.fuzz.corpus import SUSPECT, Corpus, Kept
from fsmn_properties.runs.fuzz.coverage import Coverage
from fsmn_properties.runs.fuzz.examine import kept_of
from fsmn_properties.runs.fuzz.forking import death
from fsmn_properties.runs.fuzz.messages import Examined, Found, Known, News
from fsmn_properties.runs.fuzz.region import Facts, facts_of
from fsmn_properties.runs.fuzz.sources import Origin, again
from fsmn_properties.targets.target import Target

MOST_DEATHS = 6
"""After so many deaths in a statement that no bucket foresees, the statement is not asked any more."""


KEPT = "kept."
"""How the names of what the corpus has begin."""


MOST_REMARKS = 5


@dataclass
class Totals:
    """What was done in a run."""

    cases: int = 0
    asked: int = 0
    calls: int = 0
    sequences: int = 0
    replaced: int = 0
    replayed: int = 0
    holding: int = 0
    megabytes: int = 0


@dataclass
class Ledger:
    """Buckets and totals of a run.

    Parameters
    ----------
    corpus : Corpus
        Where everything is kept.
    target : Target
        What is fuzzed.
    seconds : float
        How long a call may take.
    """

    corpus: Corpus
    target: Target
    seconds: float
    totals: Totals = field(default_factory=Totals)
    buckets: Buckets = field(default_factory=Buckets)
    merged: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    coverage: dict[str, Coverage] = field(default_factory=lambda: {form.short: Coverage() for form in FORMS})
    deaths: dict[str, int] = field(default_factory=dict)
    changed: bool = False
    remarks: list[str] = field(default_factory=list)

    def remark(self, what: str) -> None:
        """Take down something about the run itself, once."""
        if what not in self.remarks and len(self.remarks) < MOST_REMARKS:
            self.remarks.append(what)

    @property
    def pairs(self) -> int:
        """Pairs of features covered."""
        return sum(each.pairs for each in self.coverage.values())

    @property
    def triples(self) -> int:
        """Triples of features covered."""
        return sum(each.triples for each in self.coverage.values())

    @property
    def entries(self) -> list[tuple[Bucket, list[Bucket]]]:
        """The buckets, those with the shortest scripts first, each with those of other statements that it explains."""
        heads: list[tuple[Bucket, list[Bucket]]] = []
        for bucket in sorted(self.buckets.all.values(), key=lambda each: (not each.kept.whole, len(each.kept.script))):
            head = next((rest for head, rest in heads if _explains(head, bucket)), None)
            if head is None:
                heads.append((bucket, []))
            else:
                head.append(bucket)
        return heads

    def known(self, depth: int) -> Known:
        """Return what workers should know."""
        everything = tuple((name, bucket.kept) for name, bucket in self.buckets.all.items())
        return Known(everything, dict(self.merged), frozenset(self.silent), depth)

    def news(self, news: News) -> None:
        """Enter what a worker did."""
        totals = self.totals
        totals.cases += news.cases
        totals.asked += news.asked
        totals.calls += news.calls
        totals.sequences += news.sequences
        for name, times in news.seen.items():
            bucket = self.buckets.all.get(self._name(name))
            if bucket is not None:
                bucket.seen += times
        for form, features in news.features:
            self.coverage[form].add(features)
        for block in news.blocks:
            self.corpus.finish(block)

    def _name(self, name: str) -> str:
        while name in self.merged:
            name = self.merged[name]
        return name

    def found(self, found: Found) -> None:
        """Enter what a worker found, or has examined since."""
        self._enter(found.name, found.kept)

    def replay(self, name: str, kept: Kept) -> None:
        """Enter a finding of the corpus, which is to be asked about again."""
        self.buckets.add(Bucket(name, kept, replayed=True))

    def examined(self, examined: Examined) -> None:
        """Enter what became of something that was to be examined."""
        self.totals.replayed += examined.name.startswith(KEPT)
        if examined.holds:
            if not examined.before.whole and examined.before.dies:
                self.corpus.drop(examined.before)
                if examined.before.kind != SUSPECT:
                    self.remark(f"once, and not when asked again: {examined.before.problem}")
            else:
                self.totals.holding += 1
            name = self._name(examined.name)
            if name in self.buckets.all:
                self.buckets.drop(name)
            self.changed = True
            return
        self.corpus.replace(examined.before, examined.kept)
        self._enter(examined.name, examined.kept, replayed=True)

    def died(self, name: str, kept: Kept) -> bool:
        """Enter what a worker died of, and return whether it should be examined."""
        if kept.kind == SUSPECT:
            self.corpus.save(kept)
            return True
        made = again(Origin.of_data(kept.origin), self.target.promises)
        statement = next((each for each in CATALOGUE if each.name == kept.statement), None)
        if made is not None and statement is not None:
            called = {"calling": kept.function}
            shown = death(statement, self.target, made.case, kept.kind, self.seconds, called)
            kept = replace(kept_of(made, replace(shown, problem=kept.problem)), kind=kept.kind)
        bucket = Bucket(name, kept, seen=1)
        known = None if made is None else self.buckets.of(bucket.key, facts_of(made))
        if known is not None:
            known.seen += 1
            return False
        self.deaths[kept.statement] = self.deaths.get(kept.statement, 0) + 1
        if self.deaths[kept.statement] >= MOST_DEATHS:
            self.silent.add(kept.statement)
        self.corpus.save(kept)
        self.changed = True
        self.buckets.add(bucket)
        return True

    def _enter(self, name: str, kept: Kept, *, replayed: bool = False) -> None:
        name = self._name(name)
        old = self.buckets.all.get(name)
        seen = old.seen if old else 0
        if old:
            self.buckets.drop(name)
        bucket = Bucket(name, kept, seen, replayed or bool(old and old.replayed))
        same = self._same(bucket)
        if same is None:
            self.buckets.add(bucket)
        else:
            same.seen += seen
            self.merged[name] = same.name
            simpler = _simpler(kept, same.kept)
            self.corpus.drop(same.kept if simpler else kept)
            better, worse = (kept, same.kept) if simpler else (same.kept, kept)
            both = replace(better, regions=[*better.regions, *(r for r in worse.regions if r not in better.regions)])
            self.buckets.drop(same.name)
            self.corpus.replace(better, both)
            same.change(both)
            self.buckets.add(same)
        self.changed = True

    def _same(self, bucket: Bucket) -> Bucket | None:
        """Return a bucket that is of the same bug: two workers found it at once, or one is contained in the other."""
        if not bucket.kept.whole:
            return None
        for other in self.buckets.all.values():
            if other.key == bucket.key and other.kept.whole and _alike(other, bucket):
                return other
        return None


def _explains(head: Bucket, bucket: Bucket) -> bool:
    """Return whether a bug seen by one statement is the one that another statement sees."""
    if head.symptom.statement == bucket.symptom.statement or not (head.kept.whole and bucket.kept.facts):
        return False
    same = head.symptom.function == bucket.symptom.function
    return same and head.holds(Facts.of_data(bucket.kept.facts))


def _alike(one: Bucket, other: Bucket) -> bool:
    if not one.regions or not other.regions:
        return one.regions == other.regions
    return any(mine.is_like(theirs) for mine in one.regions for theirs in other.regions)


def _simpler(one: Kept, other: Kept) -> bool:
    return one.whole and (not other.whole or len(one.script) < len(other.script))
