"""The contract's domain table, against both packages."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from fsmn_properties.case import Case
from fsmn_properties.forms import BI, UNI

import fsmn_ref
import fsmn_vec

T, D, N = 4, 3, 2
PACKAGES = pytest.mark.parametrize("package", [fsmn_ref, fsmn_vec], ids=lambda package: package.__name__)


def uni(**changes: Any) -> Case:
    case = Case(UNI, {"hidden": _ones(T), "filter": _ones(N)}, {"position": [0, 1, 2, 3]}, {"stride": 1}, _ones(T))
    return case.but(**changes)


def bi(**changes: Any) -> Case:
    floats = {"hidden": _ones(T), "bfilter": _ones(N + 1), "ffilter": _ones(N)}
    positions = {"bposition": [0, 1, 2, 3], "fposition": [3, 2, 1, 0]}
    return Case(BI, floats, positions, {"bstride": 1, "fstride": 1}, _ones(T)).but(**changes)


def _ones(rows: int) -> Any:
    return np.ones((rows, D))


REFUSED = [
    (uni(position=[0, 1, 2, 5]), ValueError, "position[3] = 5 looks back before the first frame (allowed: 0 to 3)"),
    (uni(position=[0, 2, 9, 0]), ValueError, "position[1] = 2 looks back before the first frame (allowed: 0 to 1)"),
    (uni(position=[0, 1, -1, 0]), ValueError, "position[2] = -1 is negative (allowed: 0 to 2)"),
    (uni(position=np.array([0, 1, 2, 2**63], np.uint64)), ValueError, f"position[3] = {2**63} looks back"),
    (uni(position=[0, 1, 2]), ValueError, "position has 3 entries, but hidden has 4 frames"),
    (uni(position=[]), ValueError, "position has 0 entries, but hidden has 4 frames"),
    (uni(position=[[0, 1, 2, 3]]), ValueError, "position has 2 dimensions, shape (1, 4) (allowed: 1)"),
    (uni(position=[0.0, 1.0, 2.0, 3.0]), TypeError, "position has dtype float64 (allowed: integers)"),
    (uni(position=[False, True, True, True]), TypeError, "position has dtype bool (allowed: integers)"),
    (uni(position=np.array([0, 1, 2, 3], object)), TypeError, "position has dtype object (allowed: integers)"),
    (uni(position=[0, 1, 2, 2**70]), TypeError, "position has dtype object (allowed: integers)"),
    (uni(position=None), TypeError, "position has dtype object (allowed: integers)"),
    (uni(position=[[0], [1, 2], [3], [0]]), ValueError, "position makes no array"),
    (uni(stride=0), ValueError, "stride = 0 is below 1 (allowed: integers from 1)"),
    (uni(stride=-3), ValueError, "stride = -3 is below 1 (allowed: integers from 1)"),
    (uni(stride=1.0), TypeError, "stride = 1.0 is no integer (allowed: integers from 1)"),
    (uni(stride=True), TypeError, "stride = True is no integer (allowed: integers from 1)"),
    (uni(stride=None), TypeError, "stride = None is no integer (allowed: integers from 1)"),
    (uni(hidden=np.ones(D)), ValueError, "hidden has 1 dimensions, shape (3,) (allowed: 2)"),
    (uni(hidden=[[1.0], [1.0, 2.0]]), ValueError, "hidden makes no array"),
    (uni(hidden=np.ones((T, D), complex)), TypeError, "hidden has dtype complex128"),
    (uni(hidden=np.ones((T, D), bool)), TypeError, "hidden has dtype bool"),
    (uni(hidden=np.full((T, D), "1")), TypeError, "hidden has dtype <U1"),
    (uni(hidden=np.full((T, D), None)), TypeError, "hidden has dtype object"),
    (uni(hidden=None), TypeError, "hidden has dtype object"),
    (uni(filter=np.ones((N, 1))), ValueError, "filter has 1 channels, but hidden has 3"),
    (uni(filter=np.ones((N, D + 1))), ValueError, "filter has 4 channels, but hidden has 3"),
    (uni(filter=np.ones(D)), ValueError, "filter has 1 dimensions, shape (3,) (allowed: 2)"),
    (uni(filter=np.ones((N, D), "datetime64[s]")), TypeError, "filter has dtype datetime64[s]"),
    (bi(bposition=[0, 1, 3, 3]), ValueError, "bposition[2] = 3 looks back before the first frame (allowed: 0 to 2)"),
    (bi(fposition=[3, 3, 1, 0]), ValueError, "fposition[1] = 3 looks ahead past the last frame (allowed: 0 to 2)"),
    (bi(fposition=[3, 2, 1, -2]), ValueError, "fposition[3] = -2 is negative (allowed: 0 to 0)"),
    (bi(fposition=[3, 2, 1]), ValueError, "fposition has 3 entries, but hidden has 4 frames"),
    (bi(bfilter=np.ones((0, D))), ValueError, "bfilter has no row"),
    (bi(bfilter=np.ones((N, 1))), ValueError, "bfilter has 1 channels, but hidden has 3"),
    (bi(ffilter=np.ones((N, 1))), ValueError, "ffilter has 1 channels, but hidden has 3"),
    (bi(ffilter=np.ones(0)), ValueError, "ffilter has 1 dimensions"),
    (bi(bstride=0), ValueError, "bstride = 0 is below 1"),
    (bi(fstride="2"), TypeError, "fstride = '2' is no integer"),
]


@PACKAGES
@pytest.mark.parametrize(("case", "error", "message"), REFUSED, ids=[message[:60] for _, _, message in REFUSED])
def test_what_is_outside_the_domain_is_refused(package: Any, case: Case, error: type[Exception], message: str) -> None:
    for function in (case.form.forward, case.form.backward):
        with pytest.raises(error) as refusal:
            case.call(package, function)
        assert message in str(refusal.value)


@PACKAGES
@pytest.mark.parametrize(
    ("dmemory", "error", "message"),
    [
        (np.ones((T, D + 1)), ValueError, "dmemory has shape (4, 4), but hidden has shape (4, 3)"),
        (np.ones((T, 1)), ValueError, "dmemory has shape (4, 1), but hidden has shape (4, 3)"),
        (np.ones(T), ValueError, "dmemory has 1 dimensions, shape (4,) (allowed: 2)"),
        (np.ones((T, D), complex), TypeError, "dmemory has dtype complex128"),
    ],
)
def test_a_gradient_that_does_not_fit_is_refused(
    package: Any, dmemory: Any, error: type[Exception], message: str
) -> None:
    for case in (uni(dmemory=dmemory), bi(dmemory=dmemory)):
        with pytest.raises(error) as refusal:
            case.call(package, case.form.backward)
        assert message in str(refusal.value)


def test_fractions_are_refused_by_the_vectorized_functions() -> None:
    fractions = np.full((T, D), Fraction(1))
    with pytest.raises(TypeError, match=r"hidden has dtype object \(allowed: floats, integers\)"):
        uni(hidden=fractions).call(fsmn_vec, UNI.forward)


def test_the_reference_says_that_it_takes_fractions() -> None:
    with pytest.raises(TypeError, match=r"hidden has dtype bool \(allowed: floats, integers, Fractions\)"):
        uni(hidden=np.ones((T, D), bool)).call(fsmn_ref, UNI.forward)


def test_fractions_beside_floats_are_refused_by_the_reference() -> None:
    fractions = np.full((T, D), Fraction(1))
    with pytest.raises(TypeError, match="filter has dtype float64, but hidden object"):
        uni(hidden=fractions).call(fsmn_ref, UNI.forward)


ACCEPTED = [
    ("integers count as float64", uni(hidden=np.ones((T, D), np.int8), filter=np.ones((N, D), np.uint16)), np.float64),
    ("an integer array beside float32", uni(hidden=np.ones((T, D), np.float32)), np.float64),
    (
        "half precision",
        uni(hidden=np.ones((T, D), "f2"), filter=np.ones((N, D), "f2"), dmemory=np.ones((T, D), "f2")),
        "f2",
    ),
    ("long double", uni(hidden=np.ones((T, D), np.longdouble)), np.longdouble),
    ("byte-swapped", uni(hidden=np.ones((T, D), ">f8")), np.float64),
    ("lists", uni(hidden=[[1, 2, 3]] * T, filter=[[1.0, 2.0, 3.0]]), np.float64),
    ("a tuple of positions", uni(position=(0, 1, 2, 3)), np.float64),
    ("byte-swapped positions", uni(position=np.array([0, 1, 2, 3], ">i8")), np.float64),
    ("no frames", uni(hidden=np.ones((0, D)), dmemory=np.ones((0, D)), position=[]), np.float64),
    ("no channels", uni(hidden=np.ones((T, 0)), dmemory=np.ones((T, 0)), filter=np.ones((N, 0))), np.float64),
    ("no taps", uni(filter=np.ones((0, D))), np.float64),
    ("no look-ahead", bi(ffilter=np.ones((0, D))), np.float64),
    ("only the own tap", bi(bfilter=np.ones((1, D))), np.float64),
    ("a stride beyond any integer type", uni(stride=2**80), np.float64),
    ("a NumPy integer as stride", bi(bstride=np.uint8(2), fstride=np.int64(1)), np.float64),
]


@PACKAGES
@pytest.mark.parametrize(("case", "dtype"), [row[1:] for row in ACCEPTED], ids=[row[0] for row in ACCEPTED])
def test_what_is_inside_the_domain_is_computed(package: Any, case: Case, dtype: Any) -> None:
    want = case.results(fsmn_ref)
    for name, result in case.results(package).items():
        like = case["hidden"] if name in {"memory", "dhidden"} else case[name.removeprefix("d")]
        assert result.shape == np.shape(like)
        assert result.dtype == dtype
        assert result.flags.c_contiguous
        assert (result == want[name]).all()
