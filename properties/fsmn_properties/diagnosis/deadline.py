"""How long a search may take: by the clock of the processor, so that a busy machine finds what an idle one finds."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

PATIENCE = 4
"""So many times as long by the clock on the wall."""


@dataclass
class Deadline:
    """The end of a search.

    Parameters
    ----------
    seconds : float
        How long it may take.
    """

    seconds: float
    _work: float = field(default_factory=time.process_time)
    _wall: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        worked, waited = time.process_time() - self._work, time.monotonic() - self._wall
        return worked > self.seconds or waited > PATIENCE * self.seconds

    def within(self, seconds: float) -> Deadline:
        """Return a deadline some seconds from now, or this one if it is sooner."""
        left = self.seconds - (time.process_time() - self._work)
        return Deadline(max(0.0, min(seconds, left)))
