"""A test in a child of the process: what ends the child fails the test, and not the run."""

from __future__ import annotations

import functools
import os
import signal
import traceback
from collections.abc import Callable
from typing import Any

from fsmn_properties.runs.fuzz.forking import CAN_FORK, ending, sentence
from fsmn_properties.runs.fuzz.limits import HAS_ALARM


def survives(seconds: float = 10.0) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a test that fails, and does not end the run, if a call ends its process or does not return.

    Parameters
    ----------
    seconds : float
        How long the test may take.

    Examples
    --------
    >>> @survives(seconds=2)
    ... def test_that_the_call_returns():
    ...     pass
    >>> test_that_the_call_returns()
    """

    def decorated(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def alone(*arguments: Any, **named: Any) -> None:
            if not CAN_FORK:
                test(*arguments, **named)
                return
            child = os.fork()
            if child == 0:
                os._exit(_in_child(lambda: test(*arguments, **named), seconds))
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            assert code == 0, f"the test {sentence(ending(code), seconds)}"

        return alone

    return decorated


def _in_child(test: Callable[[], None], seconds: float) -> int:
    if HAS_ALARM:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        test()
    except BaseException:  # whatever it is, the test fails
        traceback.print_exc()
        return 1
    return 0
