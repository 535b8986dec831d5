"""Correct implementations are not accused: a false alarm is as bad as a miss."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor

from hypothesis import settings

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.runs.verify import verify
from fsmn_properties.under_pytest import profiles
from planted_bugs.correct import CORRECT
from planted_bugs.targets import target_of_correct


def accused(seeds: Iterable[int], workers: int | None = None) -> list[str]:
    """Return the failures of correct implementations: what draws is tried on every seed, the rest once."""
    seeds = list(seeds)
    with ProcessPoolExecutor(workers or os.cpu_count(), initializer=_random) as pool:
        jobs = [(name, seed, seed == seeds[0]) for name in CORRECT for seed in seeds]
        return [failure for failures in pool.map(_failures, *zip(*jobs, strict=True)) for failure in failures]


def _random() -> None:
    profiles.register()
    settings.load_profile("dev")
    settings.register_profile("innocent", database=None)
    settings.load_profile("innocent")


def _failures(name: str, seed: int, everything: bool) -> list[str]:
    chosen = [each for each in CATALOGUE if everything or each.source.draw is not None]
    findings = [verdict.finding for verdict in verify(target_of_correct(name), chosen, seed=seed).failures]
    return [f"{name} at seed {seed} is accused by {finding}" for finding in findings]
