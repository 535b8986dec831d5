"""The look at a target before it is timed: whether it is right, and how long its calls take."""

from __future__ import annotations

import time
from dataclasses import replace

from fsmn_properties.bench.settings import FEWEST_FRAMES, FIRST_LOOK, LONGEST
from fsmn_properties.bench.workload import Workload
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets.target import Target


def first_look(target: Target) -> str:
    """Return what is wrong with a target at a few cases of each statement about its results, or nothing."""
    plan = Plan(seed=0, first_look=True, thorough=0, shrinks=False, until=time.monotonic() + FIRST_LOOK)
    for each in CATALOGUE:
        if each.asks_reference and (verdict := run(each, target, plan)).fails:
            return f"{verdict.name} fails: {verdict.finding.problem if verdict.finding else verdict.why}"
    return ""


def fitting(case: Workload, target: Target) -> int:
    """Return how many frames a case has if no call takes longer than the settings say."""
    frames = case.scale.frames
    if frames <= FEWEST_FRAMES:
        return frames
    guess = int(LONGEST / _seconds(case, target, FEWEST_FRAMES) * FEWEST_FRAMES)
    frames = min(frames, max(FEWEST_FRAMES, guess))
    while frames > FEWEST_FRAMES and (seconds := _seconds(case, target, frames)) > 2 * LONGEST:
        frames = max(FEWEST_FRAMES, min(frames // 2, int(frames * LONGEST / seconds)))
    return frames


def shortened(case: Workload, frames: int) -> Workload:
    """Return the case with other frames."""
    return replace(case, scale=replace(case.scale, frames=frames))


def _seconds(case: Workload, target: Target, frames: int) -> float:
    (call,) = shortened(case, frames).calls(target)
    call()  # compiles, and touches what a first call touches
    started = time.perf_counter()
    call()
    return time.perf_counter() - started
