"""How long a call takes, if that is promised."""

from __future__ import annotations

import time

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.sources import TINY_WHOLE
from fsmn_properties.catalogue.statement import statement
from fsmn_properties.checks.trial import Call, Trial, Violation, call_text

TRIES = 5
"""The fastest of so many calls counts: whatever else the machine does only makes calls slower."""


@statement(TINY_WHOLE, "P10", "either", "seconds_per_call", few=1)
def calls_take_no_longer_than_promised(trial: Trial, case: Case) -> None:
    """The fastest of a few calls takes no longer than is promised."""
    most = trial.target.promises.seconds_per_call or 0.0
    for function in trial.target.functions_of(case.form):
        seconds = []
        for _ in range(TRIES):
            started = time.perf_counter()
            trial.call(case, function)
            seconds.append(time.perf_counter() - started)
            if seconds[-1] <= most:
                break
        else:
            call = call_text(trial.target, Call(case, function))
            lines = [*case.script(function).values(), "import timeit"]
            lines.append(f"assert min(timeit.repeat(lambda: {call}, number=1, repeat={TRIES})) <= {most}")
            problem = f"{function} took {min(seconds):.3g} s, must take at most {most:.3g} s"
            raise Violation(problem, script="\n".join(lines))
