"""Backward is the derivative of forward: no reference is asked."""

from __future__ import annotations

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.catalogue.sources import TINY_WHOLE, WHOLE
from fsmn_properties.catalogue.statement import statement
from fsmn_properties.catalogue.structure import other
from fsmn_properties.checks.exact import blame, central_difference, relation
from fsmn_properties.checks.trial import Trial, clipped
from fsmn_ref.arguments import Array


@statement(TINY_WHOLE, "F4", "both", asks_reference=False)
def backward_equals_the_central_difference(trial: Trial, case: Case) -> None:
    """On whole numbers, every element of every gradient equals the central difference of forward with step 1."""
    for name, gradient in trial.backward(case).items():
        want = central_difference(trial, case, name.removeprefix("d"))
        relation(trial, name, gradient, want, f"{name} is not the central difference of forward")


def _integers(array: Array) -> Array:
    """Return whole numbers as Python's integers, whose sums have no limit."""
    return np.array([int(x) for x in array.flat], dtype=object)


@statement(WHOLE, "F4", "both", asks_reference=False)
def backward_is_the_adjoint_of_forward(trial: Trial, case: Case) -> None:
    """For every argument, <dmemory, J v> equals <J^T dmemory, v> with ==, with J v from forward alone."""
    memory, gradients = trial.forward(case), trial.backward(case)
    _require_whole(trial, "memory", memory, case["dmemory"].shape)
    for name, gradient in gradients.items():
        argument = name.removeprefix("d")
        v = other(case[argument])
        _require_whole(trial, name, gradient, v.shape)
        moved = trial.forward(case.but(**{argument: case[argument] + v}))
        _require_whole(trial, "memory", moved, memory.shape)
        left = (_integers(case["dmemory"]) * (_integers(moved) - _integers(memory))).sum()
        right = (_integers(gradient) * _integers(v)).sum()
        if left != right:
            blame(trial, f"adjoint identity broken: <dmemory, J v> = {left}, <{name}, v> = {right}")


def _require_whole(trial: Trial, name: str, result: Array, shape: tuple[int, ...]) -> None:
    if result.shape != shape:
        blame(trial, f"{name} has shape {result.shape}, should have shape {shape}")
    if not (np.isfinite(result) & (result == np.rint(result))).all():
        blame(trial, f"{name} must be whole for whole arguments, got {clipped(result.tolist(), 80)}")
