"""Identity, signs, rows and sums that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from fsmn_properties.contract.forms import BI, UNI, Form
from fsmn_properties.diagnosis.facts import AHEAD, BACK, Facts
from fsmn_properties.diagnosis.named import Named, each_side
from fsmn_properties.diagnosis.reading import Entries, entries_of, right_taps
from fsmn_ref.arguments import Array

Weight = Callable[[Entries, Facts], Array | float]
LIMITS = (16, 32, 64, 100, 128, 256, 512, 1000, 1024, 2000, 2048, 4096, 32_768, 65_535, 65_536)
BLOCKS = (2, 3, 4, 5, 7, 8, 16, 32, 64, 100, 128, 256)


def _is_tap(entries: Entries, facts: Facts) -> Array:
    found: Array = entries.taps < facts.identity
    return found


def _of(entries: Entries, facts: Facts, sides: tuple[str, ...], *, own: bool = False) -> Array:
    """Return which entries are of the taps of some sides."""
    chosen = np.zeros(len(entries.taps), bool)
    for side in sides:
        filter = facts.filter_of(side)
        first = facts.first_rows[filter] + (0 if own else facts.own(side))
        chosen |= (entries.taps >= first) & (entries.taps < facts.first_rows[filter] + facts.counts[filter])
    return chosen


def _scaled(which: Callable[[Entries, Facts], Array], weight: Weight) -> Callable[[Entries, Facts], Entries]:
    def change(entries: Entries, facts: Facts) -> Entries:
        weights = np.where(which(entries, facts), entries.weights * weight(entries, facts), entries.weights)
        return entries.but(weights=weights)

    return change


def _kept(which: Callable[[Entries, Facts], Array]) -> Callable[[Entries, Facts], Entries]:
    return lambda entries, facts: entries.where(which(entries, facts))


def maps(form: Form) -> Iterator[Named]:
    """Yield the maps of a form."""
    yield from _identity()
    yield from _factors(form)
    yield from _rows(form)
    yield from _of_gradients(form)
    yield from _of_dfilter(form)


def _identity() -> Iterator[Named]:
    def is_identity(entries: Entries, facts: Facts) -> Array:
        return ~_is_tap(entries, facts)

    yield Named(
        "identity missing",
        "the identity term is missing",
        entries=_kept(_is_tap),
        only=("memory", "dhidden"),
        known={"dhidden alone": 1, "backward alone": 1},
    )
    yield Named(
        "identity twice",
        "the identity term is added twice",
        entries=_scaled(is_identity, lambda entries, facts: 2.0),
        only=("memory", "dhidden"),
    )
    yield Named(
        "identity subtracted",
        "the identity term has the wrong sign",
        entries=_scaled(is_identity, lambda entries, facts: -1.0),
        only=("memory", "dhidden"),
    )
    yield Named(
        "identity once for each tap",
        "the identity term is added once for each tap",
        entries=_scaled(is_identity, lambda entries, facts: float(facts.identity)),
        only=("memory", "dhidden"),
    )
    yield Named(
        "identity only",
        "no tap has any part in it: only the identity term is there",
        entries=_kept(is_identity),
        only=("memory", "dhidden"),
    )


def _factors(form: Form) -> Iterator[Named]:
    for sides, suffix, words, names in each_side(form):

        def which(entries: Entries, facts: Facts, sides: tuple[str, ...] = sides) -> Array:
            return _of(entries, facts, sides)

        def whole(entries: Entries, facts: Facts, sides: tuple[str, ...] = sides) -> Array:
            return _of(entries, facts, sides, own=True)

        for key, says, weight in (
            ("subtracted", "are subtracted instead of added", -1.0),
            ("doubled", "count twice", 2.0),
            ("halved", "count half", 0.5),
        ):
            yield Named(
                f"taps {key}{suffix}",
                f"{words} {says}",
                entries=_scaled(which, lambda e, f, w=weight: w),  # type: ignore[misc]
            )
        yield Named(
            f"taps averaged{suffix}",
            f"{words} are divided by their number, as in an average",
            entries=_scaled(which, lambda e, f, s=sides[0]: 1 / max(1, f.taps[s]) if f.taps[s] else 1.0),  # type: ignore[misc]
        )
        if form is BI:
            yield Named(
                f"taps averaged with the own tap{suffix}",
                f"all rows of {names['filter']} are divided by their number, as in an average",
                entries=_scaled(whole, lambda e, f, s=sides[0]: 1 / max(1, f.counts[f.filter_of(s)])),  # type: ignore[misc]
            )
        yield Named(
            f"taps averaged over the rows that use them{suffix}",
            f"{words} have the mean over the rows that use them instead of the sum",
            entries=_mean_over_rows(sides),
            only=("dfilter",),
        )
        yield Named(
            f"taps divided by those in use{suffix}",
            f"{words} are divided by how many of them the row uses",
            entries=_mean_over_taps(sides),
        )
    yield Named(
        "everything averaged over frames",
        "it is divided by the number of frames: a mean instead of a sum",
        entries=_scaled(lambda e, f: np.ones(len(e.taps), bool), lambda e, f: 1 / max(1, f.frames)),
        only=("dfilter",),
    )


def _mean_over_rows(sides: tuple[str, ...]) -> Callable[[Entries, Facts], Entries]:
    def change(entries: Entries, facts: Facts) -> Entries:
        counts = np.bincount(entries.taps, minlength=facts.identity + 1)
        chosen = _of(entries, facts, sides, own=True)
        return entries.but(
            weights=np.where(chosen, entries.weights / np.maximum(1, counts[entries.taps]), entries.weights)
        )

    return change


def _mean_over_taps(sides: tuple[str, ...]) -> Callable[[Entries, Facts], Entries]:
    def change(entries: Entries, facts: Facts) -> Entries:
        chosen = _of(entries, facts, sides)
        counts = np.bincount(entries.rows[chosen], minlength=max(1, facts.frames))
        divided = entries.weights / np.maximum(1, counts[entries.rows]) if len(entries.rows) else entries.weights
        return entries.but(weights=np.where(chosen, divided, entries.weights))

    return change


def _rows(form: Form) -> Iterator[Named]:
    def untapped(rows: Callable[[Array, Facts], Array]) -> Callable[[Entries, Facts], Entries]:
        return _kept(lambda e, f: ~(_is_tap(e, f) & rows(e.rows, f)))

    yield Named(
        "zero",
        "it is zero, whatever the arguments are",
        entries=_kept(lambda e, f: np.zeros(len(e.taps), bool)),
        known={"backward alone": 8},
    )
    yield Named(
        "last row untapped",
        "the last row has no taps: the loop over rows ends one too early",
        entries=untapped(lambda rows, f: rows == f.frames - 1),
    )
    yield Named(
        "last row missing",
        "the last row is missing altogether, its identity term too",
        entries=_kept(lambda e, f: e.rows != f.frames - 1),
    )
    yield Named(
        "first row missing",
        "row 0 is missing altogether, its identity term too",
        entries=_kept(lambda e, f: e.rows != 0),
    )
    yield Named(
        "only the first utterance",
        "only the first utterance has taps: rows from the second one on have none",
        entries=untapped(lambda rows, f: rows >= f.starts[1] if len(f.starts) > 1 else rows < 0),
    )
    yield Named(
        "last utterance untapped",
        "the last utterance has no taps",
        entries=untapped(lambda rows, f: rows >= f.starts[-1] if len(f.starts) > 1 else rows < 0),
    )
    yield Named(
        "first utterance untapped",
        "the first utterance has no taps",
        entries=untapped(lambda rows, f: rows < f.starts[1] if len(f.starts) > 1 else rows < 0),
    )
    if form is BI:  # else they have none
        yield Named(
            "first row untapped",
            "row 0 has no taps: the loop over rows begins at 1",
            entries=untapped(lambda rows, f: rows == 0),
        )
        yield Named(
            "first rows of utterances untapped",
            "the first row of each utterance has no taps",
            entries=untapped(lambda rows, f: np.isin(rows, f.starts)),
        )
    for most in LIMITS:
        yield Named(
            f"rows from {most} on untapped",
            f"rows from {most} on have no taps",
            entries=untapped(lambda rows, f, most=most: rows >= most),  # type: ignore[misc]
        )
    for bits in (8, 16):
        yield Named(
            f"frame numbers in int{bits}",
            f"frame numbers are kept in int{bits}: those from {2 ** (bits - 1)} on are negative, and read from the end",
            entries=_frames(lambda frames, f, b=bits: _signed(frames, b) % max(1, f.frames)),  # type: ignore[misc]
        )
        yield Named(
            f"frame numbers in uint{bits}",
            f"frame numbers are kept in uint{bits}: those from {2**bits} on are those from 0 on",
            entries=_frames(lambda frames, f, b=bits: frames % 2**b),  # type: ignore[misc]
        )
    for B in BLOCKS:
        yield Named(
            f"rows after whole blocks of {B} untapped",
            f"rows are taken {B} at a time, and those beyond the last whole block, if there is one, have no taps",
            entries=untapped(lambda rows, f, B=B: rows >= (f.frames // B * B or f.frames)),  # type: ignore[misc]
        )
        yield Named(
            f"rows after blocks of {B} untapped",
            f"rows are taken {B} at a time, and those beyond the last whole block have no taps",
            entries=untapped(lambda rows, f, B=B: rows >= f.frames // B * B),  # type: ignore[misc]
        )
        yield Named(
            f"full last block of {B} untapped",
            f"where the frames are a multiple of {B}, the last block of {B} rows has no taps",
            entries=untapped(lambda rows, f, B=B: (rows >= f.frames - B) & (f.frames % B == 0)),  # type: ignore[misc]
        )
        yield Named(
            f"single row after blocks of {B} untapped",
            f"where blocks of {B} rows leave a single row over, it has no taps",
            entries=untapped(lambda rows, f, B=B: (rows == f.frames - 1) & (f.frames % B == 1)),  # type: ignore[misc]
        )


def _signed(frames: Array, bits: int) -> Array:
    half = 2 ** (bits - 1)
    wrapped: Array = (frames + half) % (2 * half) - half
    return wrapped


def _frames(change: Callable[[Array, Facts], Array]) -> Callable[[Entries, Facts], Entries]:
    return lambda entries, facts: entries.but(
        frames=np.where(_is_tap(entries, facts), change(entries.frames, facts), entries.frames)
    )


def _of_gradients(form: Form) -> Iterator[Named]:
    """Yield maps of dhidden, which scatters where memory gathers."""
    only = ("dhidden",)
    yield Named(
        "dhidden is not transposed",
        "it is computed as the memory is: each frame gathers from the rows that it reads, not from those that read it",
        entries=lambda e, f: e.but(rows=e.frames, frames=e.rows),
        only=only,
    )
    for sides, suffix, words, _ in each_side(form):
        yield Named(
            f"gradient stays at the reader{suffix}",
            f"what {words} pass on goes to the row that reads instead of the frame that is read",
            entries=lambda e, f, s=sides: e.but(frames=np.where(_of(e, f, s), e.rows, e.frames)),  # type: ignore[misc]
            only=only,
        )
        yield Named(
            f"gradient of the row before{suffix}",
            f"what {words} pass on goes to the frame before the one that is read",
            entries=_moved(sides, -1),
            only=only,
        )
        yield Named(
            f"gradient of the row after{suffix}",
            f"what {words} pass on goes to the frame after the one that is read",
            entries=_moved(sides, 1),
            only=only,
        )
        yield Named(
            f"taps not transposed{suffix}",
            f"what {words} pass on is gathered in the wrong direction of time, as the memory is",
            entries=lambda e, f, s=sides: e.but(  # type: ignore[misc]
                rows=np.where(_of(e, f, s), e.frames, e.rows), frames=np.where(_of(e, f, s), e.rows, e.frames)
            ),
            only=only,
        )
    yield Named(
        "colliding updates lost",
        "of several rows that read a frame only the one through the last tap counts: colliding updates are lost",
        entries=lambda e, f: _one_of(e, f, last=True),
        only=only,
    )
    yield Named(
        "colliding updates lost but the first",
        "of several rows that read a frame only the one through the first tap counts: colliding updates are lost",
        entries=lambda e, f: _one_of(e, f, last=False),
        only=only,
    )


def _moved(sides: tuple[str, ...], by: int) -> Callable[[Entries, Facts], Entries]:
    def change(entries: Entries, facts: Facts) -> Entries:
        frames = np.where(_of(entries, facts, sides), entries.frames + by, entries.frames)
        return entries.but(frames=frames).where((frames >= 0) & (frames < facts.frames))

    return change


def _one_of(entries: Entries, facts: Facts, *, last: bool) -> Entries:
    taps = np.flatnonzero(_is_tap(entries, facts))
    best: dict[int, int] = {}
    for place in taps if last else taps[::-1]:
        best[int(entries.frames[place])] = int(place)
    kept = ~_is_tap(entries, facts)
    kept[list(best.values())] = True
    return entries.where(kept)


def _of_dfilter(form: Form) -> Iterator[Named]:
    only = ("dfilter",)
    yield Named(
        "no gradient", "nothing is added to it", entries=_kept(lambda e, f: np.zeros(len(e.taps), bool)), only=only
    )
    for sides, suffix, words, _ in each_side(form):
        yield Named(
            f"gradient of taps reads the row{suffix}",
            f"the gradient of {words} multiplies dmemory by the row's own frame instead of the one that the tap reads",
            entries=lambda e, f, s=sides: e.but(frames=np.where(_of(e, f, s), e.rows, e.frames)),  # type: ignore[misc]
            only=only,
        )
        yield Named(
            f"gradient of taps exchanges its arguments{suffix}",
            f"the gradient of {words} exchanges hidden and dmemory: hidden of the row times dmemory of the frame read",
            entries=lambda e, f, s=sides: e.but(  # type: ignore[misc]
                rows=np.where(_of(e, f, s), e.frames, e.rows), frames=np.where(_of(e, f, s), e.rows, e.frames)
            ),
            only=only,
        )
        for key, which in (("last", -1), ("first", 0)):
            yield Named(
                f"{key} row of each tap left out{suffix}",
                f"the {key} row that uses each of {words} is left out of the sum",
                entries=_without_one(sides, which),
                only=only,
            )
            yield Named(
                f"only the {key} row of each tap{suffix}",
                f"of the rows that use each of {words} only the {key} counts: the sum is overwritten",
                entries=_only_one(sides, which),
                only=only,
            )
        yield Named(
            f"odd rows lost in a tree{suffix}",
            f"the rows that use each of {words} are added as a binary tree, and an odd one is lost at each level",
            entries=_tree(sides),
            only=only,
        )
        yield Named(
            f"forbidden rows train the last tap{suffix}",
            "rows that may not use a tap, since another utterance lies there, give their gradient to the last tap",
            entries=_padding(sides),
            only=only,
            known={"": 20},
        )
        yield Named(
            f"gradient zero{suffix}",
            f"the gradient of {words} is zero",
            entries=lambda e, f, s=sides: e.where(~_of(e, f, s)),  # type: ignore[misc]
            only=only,
            known={"backward alone": 8},
        )
    if form is not UNI:
        yield Named(
            "own tap's gradient with the identity",
            "the identity term is counted into the gradient of row 0 of bfilter",
            entries=lambda e, f: e.but(taps=np.where(_is_tap(e, f), e.taps, f.first_rows["bfilter"])),
            only=only,
        )


def _places(entries: Entries, facts: Facts, sides: tuple[str, ...], which: int) -> list[int]:
    chosen = _of(entries, facts, sides)
    places = []
    for tap in np.unique(entries.taps[chosen]):
        mine = np.flatnonzero(entries.taps == tap)
        order = mine[np.argsort(entries.rows[mine], kind="stable")]
        places.append(int(order[which]))
    return places


def _tree(sides: tuple[str, ...]) -> Callable[[Entries, Facts], Entries]:
    def change(entries: Entries, facts: Facts) -> Entries:
        chosen = _of(entries, facts, sides)
        kept = ~chosen
        for tap in np.unique(entries.taps[chosen]):
            mine = np.flatnonzero(entries.taps == tap)
            sums = [[int(place)] for place in mine[np.argsort(entries.rows[mine], kind="stable")]]
            while len(sums) > 1:
                half = len(sums) // 2
                sums = [one + two for one, two in zip(sums[:half], sums[half : 2 * half], strict=True)]
            kept[sums[0]] = True
        return entries.where(kept)

    return change


def _without_one(sides: tuple[str, ...], which: int) -> Callable[[Entries, Facts], Entries]:
    def change(entries: Entries, facts: Facts) -> Entries:
        kept = np.ones(len(entries.taps), bool)
        kept[_places(entries, facts, sides, which)] = False
        return entries.where(kept)

    return change


def _only_one(sides: tuple[str, ...], which: int) -> Callable[[Entries, Facts], Entries]:
    def change(entries: Entries, facts: Facts) -> Entries:
        kept = ~_of(entries, facts, sides)
        kept[_places(entries, facts, sides, which)] = True
        return entries.where(kept)

    return change


def _padding(sides: tuple[str, ...]) -> Callable[[Entries, Facts], Entries]:
    def change(entries: Entries, facts: Facts) -> Entries:
        free = [replace(tap, position=facts.room[tap.side]) for tap in right_taps(facts)]
        every = entries_of(free, facts)
        seen = set(zip(entries.rows.tolist(), entries.frames.tolist(), entries.taps.tolist(), strict=True))
        triples = zip(every.rows.tolist(), every.frames.tolist(), every.taps.tolist(), strict=True)
        forbidden = every.where(np.array([triple not in seen for triple in triples], bool) & _of(every, facts, sides))
        last = np.zeros(len(forbidden.taps), np.intp)
        for side in (BACK, AHEAD):
            if side in facts.taps:
                filter = facts.filter_of(side)
                end = facts.first_rows[filter] + facts.counts[filter]
                last[_of(forbidden, facts, (side,))] = end - 1
        forbidden = forbidden.but(taps=last)
        return Entries(*(np.concatenate(pair) for pair in zip(entries, forbidden, strict=True)))

    return change
