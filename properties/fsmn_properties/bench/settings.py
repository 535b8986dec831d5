"""Every setting of the gate and of its proof."""

from __future__ import annotations

SUSPECT = 0.04
"""A slowdown, as a fraction, above which a case is timed again."""

SLOWDOWN = 0.05
"""A slowdown against the base above which a case fails."""

DRIFT = 0.08
"""A slowdown against the anchor above which a case fails: small steps, each within SLOWDOWN, add up to it."""

WALL = 0.10
"""A slowdown in wall-clock time above which a case fails, whatever its CPU time says: it waits for something."""

CONFIDENCE = 0.99
"""How sure the lower bound of a slowdown is."""

SCREEN, CONFIRM = 30, 60
"""Quads of every case, and of those that are timed again."""

SLOWED_BY = 0.1
"""By how much the control that must be found slower is slowed."""

SHORTEST = 5e-3
"""Seconds of one timing; shorter calls are repeated. Another process takes the core for some milliseconds at a time,
and the caches with it: where a time is shorter than that, hardly two are alike."""

LONGEST = 0.1
"""Seconds of one call; where it takes longer, there are fewer frames."""

FEWEST_FRAMES = 32
"""Frames that are left at least of a call that takes longer."""

WARM_UP = 3
"""Calls of each side before it is timed."""

MOST_SECONDS = 1800
"""Seconds after which a process that times cases is taken to hang."""

FIRST_LOOK = 60.0
"""Seconds that a target is looked at before it is timed: whether it is right."""

ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""Variables that are set to 1 where cases are timed: more threads than cores that are free are timed by luck."""

TRIALS = {0.0: 100, 0.05: 20, 0.075: 20, 0.10: 100, 0.15: 20}
"""Trials of the proof for each planted slowdown."""

CALIBRATE = 100
"""Quads by which the proof measures how much slower a candidate really is."""

LOADS = 1
"""Other processes on each core in those trials of the proof that load the machine."""

MOST_RECORDS = 100
"""Entries of a history that are kept."""

HISTORIES, STEPS = 100, ((0.0,) * 4, (0.01,) * 4, (0.03,) * 4)
"""Histories of the proof of drift, and by how much each revision of them is slower than the one before."""

NOISE = 4
"""Processes that measure what the histories are simulated from."""
