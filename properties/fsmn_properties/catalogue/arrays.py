"""How arguments lie in memory, and what results are."""

from __future__ import annotations

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.layouts import LAYOUTS
from fsmn_properties.catalogue.sources import WHOLE
from fsmn_properties.catalogue.statement import IN_PROCESS, statement
from fsmn_properties.checks.arrays import new_results, require
from fsmn_properties.checks.exact import agree
from fsmn_properties.checks.trial import Call, Trial, Violation


@statement(WHOLE, "R2, R3", "either", "layouts=any")
def the_layout_of_arguments_changes_nothing(trial: Trial, case: Case) -> None:
    """Read-only, Fortran-ordered, strided, reversed, misaligned and byte-swapped arguments give the same results."""
    for layout in LAYOUTS:
        laid = case.handed(**dict.fromkeys((*case.form.matrices, *case.form.positions), layout))
        results = trial.results(laid)
        agree(laid, results)
        if trial.target.promises.results == "contiguous":
            for name, got in results.items():
                problem = f"is not C-contiguous, strides {got.strides}"
                require(laid, name, got.flags.c_contiguous, problem, f"{name}.flags.c_contiguous")


@statement(WHOLE, "D1, R1", "either", "lists")
def lists_are_arrays(trial: Trial, case: Case) -> None:
    """Nested lists of whole numbers, floats or ints, give what arrays of float64 give."""
    for dtype in (np.float64, np.int64):
        plain = case.but(**{name: case[name].astype(dtype) for name in case.form.matrices})
        listed = plain.handed(**dict.fromkeys((name for name in case.form.matrices if case[name].size), "a list"))
        if trial.allows(listed):
            agree(listed, trial.results(listed))


@statement(WHOLE, "R2", "either", IN_PROCESS)
def results_are_new_arrays(trial: Trial, case: Case) -> None:
    """Results are writeable arrays, C-contiguous as promised, that share no storage with any argument or result."""
    # What has nothing to add is easily returned as it came.
    nowhere = {name: np.zeros(case.frames, case[name].dtype) for name in case.form.positions}
    idle = case.but(**dict.fromkeys(case.strides, 1 + case.frames), **nowhere)
    for each in (case, idle):
        if trial.allows(each):
            new_results(trial, each)


@statement(WHOLE, "F4", "backward", IN_PROCESS)
def gradients_are_returned_as_a_tuple(trial: Trial, case: Case) -> None:
    """The backward function returns a tuple."""
    function = case.form.backward
    trial.call(case, function)
    returned = trial.raw(case, function)
    if not isinstance(returned, tuple):
        kind = type(returned).__name__
        ending = ["assert isinstance(result, tuple), type(result)"]
        raise Violation(f"{function} returned a {kind}, not a tuple", [Call(case, function)], ending)
