"""Cases until planted bugs are found: as the fuzzer draws them, and plainly at random.

    python -m planted_bugs.fuzzed [SEEDS] [CASES]    the table of docs/fuzzing.md
    python -m planted_bugs.fuzzed missed             the bugs that no statement sees in its first case

Each way draws the same number of cases, and every bug of the sample is asked about each of them until it is found.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from random import Random
from statistics import median
from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.conjunctions import conjunction
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.contract.forms import FORMS
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.fuzz import turns
from fsmn_properties.runs.fuzz.turns import DEEP, Turns
from fsmn_properties.runs.run import Asked, Plan
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import Target
from planted_bugs.bank import BANK
from planted_bugs.targets import target_of_bug

SEEDS, CASES = 10, 1000

SAMPLE = (
    "taps_beyond_the_tile_of_wide_inputs_dropped",
    "utterance_of_one_tile_among_others_cut",
    "positions_of_32_bits_packed_into_ten",
    "lone_frames_of_whole_vectors_keep_no_own_tap",
    "short_type_of_the_stride_wraps",
    "equal_taps_as_a_moving_sum",
    "filters_cut_from_one_array_share_a_gradient",
    "byte_swapped_frames_beyond_a_vector_misread",
    "expanded_gradient_of_long_inputs_counts_once_in_a_block",
    "gradient_of_the_frames_themselves_computed_in_place",
    "list_of_taps_takes_the_type_of_long_inputs",
    "byte_swapped_memory_of_long_inputs",
    "infinite_singles_of_whole_vectors_made_finite",
    "gradients_of_wide_frames_clipped",
)
"""Every fifth of the bugs of wrong values, types or shapes that no statement sees in its first case."""

STATEMENTS = {each.form: each for each in CATALOGUE if each.name.endswith("every_conjunction_is_right")}


def missed() -> list[str]:
    """Return the bugs that no statement sees in its first case."""
    first: dict[tuple[str, str], Case | None] = {}
    rng = np.random.default_rng(0)

    def pick(options: Sequence[Any], name: str = "") -> Any:  # noqa: ARG001, the name of a feature
        return options[int(rng.integers(len(options)))]

    for each in CATALOGUE:
        key = each.source.name, each.form.short
        if key not in first and each.source.draw is not None:
            drawn = each.source.draw(pick, each.form, Promises())
            first[key] = drawn.case() if isinstance(drawn, Recipe) else drawn
        elif key not in first and each.source.listed is not None:
            first[key] = next(iter(each.source.listed(each.form, Promises())), None)
    return [bug.name for bug in BANK if not _seen(target_of_bug(bug.name), first)]


def _seen(target: Target, first: dict[tuple[str, str], Case | None]) -> bool:
    for each in CATALOGUE:
        case = first[each.source.name, each.form.short]
        if case is not None and not each.not_promised(target) and Asked(each, target, Plan()).ask(case) is not None:
            return True
    return False


def as_the_fuzzer_draws(seed: int, steered: float) -> Iterator[Case]:
    """Yield cases of both forms in turn as the fuzzer draws them, of which a share is made for missing triples."""
    turns.STEERED = steered
    drawing = Turns(load("fsmn_vec"), Random(seed), ())  # noqa: S311, no secret
    while True:
        for form in FORMS:
            made = drawing._drawn(DEEP, form)
            if made is not None:
                yield made.case


def plainly(seed: int) -> Iterator[Case]:
    """Yield cases of both forms in turn from the same space, each pick uniform and for itself."""
    rng = Random(seed)  # noqa: S311, no secret

    def pick(options: Sequence[Any], name: str = "") -> Any:  # noqa: ARG001, the name of a feature
        return options[int(rng.random() * len(options))]

    while True:
        for form in FORMS:
            yield conjunction(pick, form, Promises()).case()


WAYS: dict[str, Callable[[int], Iterator[Case]]] = {
    "the fuzzer": lambda seed: as_the_fuzzer_draws(seed, 0.5),
    "without asking for triples": lambda seed: as_the_fuzzer_draws(seed, 0.0),
    "plain": plainly,
}


def until_found(bugs: Sequence[str], cases: Iterator[Case], most: int) -> dict[str, int]:
    """Return after how many cases each bug was found: `most` if it was not."""
    targets = {name: target_of_bug(name) for name in bugs}
    found = dict.fromkeys(bugs, most)
    for number in range(1, most + 1):
        case = next(cases)
        statement = STATEMENTS[case.form]
        for name in list(targets):
            if Asked(statement, targets[name], Plan()).ask(case) is not None:
                found[name] = number
                del targets[name]
    return found


def main(seeds: int = SEEDS, most: int = CASES) -> None:
    """Print the table."""
    results = {way: [until_found(SAMPLE, draw(seed), most) for seed in range(seeds)] for way, draw in WAYS.items()}
    _print(f"| cases until found, median of {seeds} seeds | {' | '.join(WAYS)} |\n|---|{'---|' * len(WAYS)}")
    for name in SAMPLE:
        medians = [median(found[name] for found in results[way]) for way in WAYS]
        _print(f"| {name} | {' | '.join(f'{m:g}' if m < most else f'over {most}' for m in medians)} |")
    totals = [sum(min(n, most) for found in results[way] for n in found.values()) for way in WAYS]
    counts = [sum(n < most for found in results[way] for n in found.values()) for way in WAYS]
    _print(f"| found, of {len(SAMPLE) * seeds} | {' | '.join(map(str, counts))} |")
    _print(f"| cases in all | {' | '.join(f'{total:,}' for total in totals)} |")


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201, a command prints


if __name__ == "__main__":
    if sys.argv[1:] == ["missed"]:
        _print("\n".join(missed()))
    else:
        main(*map(int, sys.argv[1:3]))
