"""What calls leave behind in the process that they run in: nothing."""

from __future__ import annotations

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.sources import WHOLE
from fsmn_properties.catalogue.statement import IN_PROCESS, statement
from fsmn_properties.checks.guard import ProcessState, watched
from fsmn_properties.checks.trial import Call, Trial, Violation, call_text, quietly

CHECKED = """from fsmn_properties.checks.guard import ProcessState
state = ProcessState()
{call}
assert not state.changed(), state.changed()"""


@statement(WHOLE, "R6", "either", IN_PROCESS)
def calls_leave_the_process_as_it_was(trial: Trial, case: Case) -> None:
    """No call changes NumPy's error state, the working folder, or the state of global random numbers."""
    for function in trial.target.functions_of(case.form):
        arguments = case.arguments(function).values()
        strides = {} if trial.target.gives_no_stride(function) else case.strides
        with watched():
            state = ProcessState()
            with quietly():  # other statements say so
                trial.target.function(function)(*arguments, **strides)
            changed = state.changed()
            state.restore()
        if changed:
            call = call_text(trial.target, Call(case, function))
            lines = [*case.script(function).values(), CHECKED.format(call=call)]
            raise Violation(f"{function} changed {changed}", script="\n".join(lines))
