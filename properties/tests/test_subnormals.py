"""Kernels whose arithmetic has no subnormal numbers are right if they promise none, and wrong if they promise all."""

from __future__ import annotations

import types
from typing import Any

import numpy as np
import pytest

import fsmn_ref
from fsmn_properties import CATALOGUE, first_failure, verify
from fsmn_properties.contract.forms import FORMS
from fsmn_properties.contract.promises import Promises
from fsmn_properties.runs.beyond import beyond_the_promise
from fsmn_properties.targets.target import target_of

ASKED = [each for each in CATALOGUE if each.name == "uni_forward_is_within_the_rounding_bound"]


def flushed(result: Any) -> Any:
    return np.where(np.abs(result) < np.finfo(result.dtype).tiny, 0, result).astype(result.dtype)


def flushing(name: str) -> Any:
    """Return a function of the contract in an arithmetic that takes subnormal numbers for zero."""

    def called(*given: Any, **strides: int) -> Any:
        floats = [flushed(each) if each.dtype.kind == "f" else each for each in given]
        found = getattr(fsmn_ref, name)(*floats, **strides)
        return tuple(map(flushed, found)) if isinstance(found, tuple) else flushed(found)

    return called


@pytest.fixture(scope="module")
def kernel() -> Any:
    functions = {name: flushing(name) for form in FORMS for name in form.functions}
    promises = Promises(formats="float32", lists=False, refusals="none")
    return types.SimpleNamespace(**functions, promises=promises)


def test_a_kernel_that_flushes_is_caught_by_its_promise_of_all_numbers(kernel: Any) -> None:
    verdict = first_failure(kernel, ASKED)
    assert verdict is not None


def test_a_kernel_that_flushes_holds_without_that_promise(kernel: Any) -> None:
    report = verify(kernel, ASKED, promises={"subnormals": False})
    assert report.ok, str(report)
    assert [verdict.outcome for verdict in report.verdicts] == ["holds"]


def test_what_a_kernel_does_with_subnormal_numbers_is_told(kernel: Any) -> None:
    def told(functions: Any) -> bool:
        found = beyond_the_promise(target_of(functions, {"subnormals": False, "formats": "float32"}))
        return next(each.works for each in found if each.what == "subnormal numbers")

    assert not told(kernel)
    assert told(fsmn_ref)
