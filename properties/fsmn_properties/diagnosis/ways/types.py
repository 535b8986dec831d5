"""Results of the wrong dtype, by the formats of the arguments."""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.within import outside
from fsmn_properties.contract.formats import FLOATS
from fsmn_properties.diagnosis.answers import answer
from fsmn_properties.targets.target import Target


def dtypes(target: Target, case: Case, result: str) -> list[str]:
    """Return which dtypes a result has instead of the right ones, in words.

    Parameters
    ----------
    target : Target
        The target.
    case : Case
        A case at whose sizes it is tried.
    result : str
        The result.
    """
    wrong: dict[str, tuple[np.dtype[Any], np.dtype[Any]]] = {}
    names = case.form.floats if result == "memory" else case.form.matrices
    one = [(name, dict.fromkeys(names, name)) for name in (*FLOATS, "int64", "int8")]
    mixed = [
        (f"{name} as {other} beside {kind}", {each: other if each == name else kind for each in names})
        for kind, other in (("float32", "float64"), ("float64", "float32"), ("float32", "int64"))
        for name in names
    ]
    for words, kinds in (*one, *mixed):
        other = case.but(**{each: case[each].astype(kind) for each, kind in kinds.items()})
        if outside(other, target.promises):
            continue
        got = answer(target, other).results.get(result)
        if got is not None and got.dtype != other.dtype(result):
            wrong[words] = got.dtype, other.dtype(result)
    for name in names:
        if wrong and _follows(wrong, mixed, one, name):
            return [f"{result} has the dtype of {name} alone, whatever the others are"]
    told = [f"{words}: {got} instead of {want}" for words, (got, want) in wrong.items()]
    more = f", and {len(told) - 3} more" if len(told) > 3 else ""
    return [f"{result} has the wrong dtype for arguments of {'; '.join(told[:3])}{more}"] if told else []


def _follows(
    wrong: dict[str, tuple[np.dtype[Any], np.dtype[Any]]],
    mixed: list[tuple[str, dict[str, str]]],
    one: list[tuple[str, dict[str, str]]],
    name: str,
) -> bool:
    """Return whether all wrong dtypes are that of one argument, and there are as many as that would give."""
    kinds = {words: given[name] for words, given in (*mixed, *one)}
    expected = [
        words
        for words, given in mixed
        if kinds[words].startswith("float")
        and kinds[words] != "float64"
        and any(kind != kinds[words] for kind in given.values())
    ]
    return (
        bool(expected)
        and set(expected) <= set(wrong)
        and all(wrong[words][0] == np.dtype(kinds[words]) for words in wrong)
    )
