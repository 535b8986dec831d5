"""What results are as arrays, and whether arguments stay as they are (rules R2 and R3)."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.checks.exact import function_of
from fsmn_properties.checks.trial import Call, Trial, Violation, clipped, quietly
from fsmn_properties.contract.formats import EXTENDED_BITS, EXTENDED_IS_WIDER
from fsmn_ref.arguments import Array


def new_results(
    trial: Trial, case: Case, functions: tuple[str, ...] | None = None, handed: dict[str, Any] | None = None
) -> dict[str, Array]:
    """Call with new arguments, and raise a Violation unless the results are writeable arrays of nobody else.

    Returns
    -------
    dict of str to ndarray
        The results by name.
    """
    everything: dict[str, Array] = {}
    for function in functions or trial.target.functions_of(case.form):
        given = handed or case.arguments(function)
        results = trial.call(case, function, given)
        for name, got in results.items():
            require(case, name, got.flags.writeable, "is read-only", f"{name}.flags.writeable")
            if trial.target.promises.results == "contiguous":
                layout = f"is not C-contiguous: shape {got.shape}, strides {got.strides}"
                require(case, name, got.flags.c_contiguous, layout, f"{name}.flags.c_contiguous")
            for argument, value in given.items():
                if isinstance(value, np.ndarray):
                    mine = got is not value and not np.shares_memory(got, value)
                    alone = f"{name} is not {argument} and not np.shares_memory({name}, {argument})"
                    require(case, name, mine, f"shares storage with {argument}", alone)
        for name, got in results.items():
            for another, value in results.items():
                mine = another == name or not np.shares_memory(got, value)
                require(case, name, mine, f"shares storage with {another}", f"not np.shares_memory({name}, {another})")
        everything |= results
    return everything


def require(case: Case, name: str, holds: bool, problem: str, assertion: str) -> None:
    """Raise a Violation unless something holds of a result; `assertion` is Python that says so."""
    if not holds:
        raise Violation(f"{name} {problem}", [Call(case, function_of(case, name))], [f"assert {assertion}"])


def unchanged(trial: Trial, case: Case, function: str) -> None:
    """Call a function, and raise a Violation if an argument is not what it was before."""
    given = case.arguments(function)
    before = {name: contents(value) for name, value in given.items()}
    with quietly():  # other statements say so
        trial.raw(case, function, given)
    for name, value in given.items():
        if contents(value) != before[name]:
            lines = [*case.script(function).values(), f"before = np.array({name})"]
            lines += ["try:", f"    {case.call_text(function)}", "except (TypeError, ValueError):", "    pass"]
            lines.append(f"np.testing.assert_array_equal({name}, before)")
            told = f"{function} changed {name} from {clipped(case[name].tolist(), 80)}"
            told += f" to {clipped(np.asarray(value).tolist(), 80)}"
            raise Violation(told, script="\n".join(lines))


def contents(value: Any) -> Any:
    """Return what changes if a value is written to, comparable with ==."""
    if isinstance(value, np.ndarray):
        return value.tobytes(), value.shape, value.dtype, value.strides, value.flags.writeable
    return np.asarray(value).tobytes()


def bits(array: Array) -> bytes:
    """Return the bits of an array's values; those of long double are padded with others that mean nothing."""
    if array.dtype != np.longdouble or not EXTENDED_IS_WIDER:
        return array.tobytes()
    held = np.frombuffer(array.tobytes(), np.uint8).reshape(-1, array.itemsize)
    return held[:, : -(-EXTENDED_BITS // 8)].tobytes()
