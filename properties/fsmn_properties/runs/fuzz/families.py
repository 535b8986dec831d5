"""The families of position sequences: which there are, why, and which share of the cases is of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

from fsmn_properties.contract.forms import FORMS
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.fuzz.sequences import MOST_FRAMES, count
from fsmn_properties.runs.fuzz.sources import Origin, draw

CASES = 3000
"""So many cases of each form are counted."""

WHY = {
    "whole": "one utterance: the shape that a kernel is written for first",
    "utterances": "few utterances of any lengths, as they are deployed",
    "utterances of": "utterances of one length, from a single frame on: resets fall on every place of a tile",
    "arbitrary": "any position in every row: positions that count nothing",
    "saturated": "a window of fixed length that begins at the first frame",
    "within reach": "any position up to the reach of the last tap: each decides about a tap",
    "at reach": "exactly the reach of the last tap: the comparison is with equal numbers",
    "all or nothing": "rows that use all taps beside rows that use none",
    "here and there": "few rows that use taps: what is found by sampling or by the first row is wrong",
    "mostly whole": "one utterance but for few rows: likewise the other way round",
    "zero": "no taps at all: the identity alone",
    "one row": "a single row that uses taps, anywhere: summaries of a tile that miss one row",
    "all but one row": "a single row that uses none, anywhere",
    "periodic": "rows with taps at one place of each 2 to 128: one lane of a vector, one thread of a warp",
    "tiles": "tiles that use no taps, count from their own start, or count on: paths chosen for a tile",
    "staircase": "positions that grow slowly and never start again: prefix sums and monotone searches",
    "round the reach": "the reach of the last tap, one less and one more: < against <=",
}
"""Why each family is there."""


def table(promises: Promises, cases: int = CASES) -> Iterator[str]:
    """Yield the families with their shares, as a table in Markdown.

    Parameters
    ----------
    promises : Promises
        What is promised.
    cases : int
        How many cases of each form are counted.
    """
    deep, small = _counted("conjunctions", promises, cases), _counted("whole", promises, cases)
    yield "| family | why | conjunctions | small cases |"
    yield "|---|---|---|---|"
    for kind, why in WHY.items():
        if deep[kind] or small[kind]:
            yield f"| {kind} | {why} | {_share(deep, kind)} | {_share(small, kind)} |"
    yield ""
    for form in FORMS:
        every = [count(form, frames) for frames in range(MOST_FRAMES[form.short] + 1)]
        what = "look-back sequences" if len(form.positions) == 1 else "pairs of sequences"
        yield f"enumerated besides, in the end: all {sum(every):,} {what} of up to {len(every) - 1} frames"


def _counted(source: str, promises: Promises, cases: int) -> Counter[str]:
    rng, found = Random(0), Counter[str]()  # noqa: S311, no secret
    for form in FORMS:
        for _ in range(cases):
            made = draw(Origin(source, form.short, 0, ()), promises, rng, {})
            if made is not None and made.recipe is not None:
                found.update(kind for kind, _ in made.recipe.positions)
    return found


def _share(found: Counter[str], kind: str) -> str:
    return f"{100 * found[kind] / max(1, found.total()):.1f}%"
