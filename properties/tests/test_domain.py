"""The contract's domain table, against both packages: what is refused and how, computed here from the contract."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fsmn_ref
import fsmn_vec
from fsmn_properties.contract.forms import BI, FORMS, UNI, Form

T, D, N = 4, 3, 2
PACKAGES = pytest.mark.parametrize("package", [fsmn_ref, fsmn_vec], ids=lambda package: package.__name__)
EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
Given = dict[str, Any]


def ones(rows: int, dtype: Any = np.float64) -> Any:
    return np.ones((rows, D), dtype)


def arguments(form: Form, **changes: Any) -> Given:
    """Return valid arguments by name, with changes."""
    rows = {"hidden": T, "dmemory": T, "filter": N, "bfilter": N + 1, "ffilter": N}
    positions = {"position": [0, 1, 2, 3], "bposition": [0, 1, 2, 3], "fposition": [3, 2, 1, 0]}
    given = {name: ones(rows[name]) for name in form.matrices} | {name: positions[name] for name in form.positions}
    return {**given, **dict.fromkeys(form.strides, 1), **changes}


def call(package: Any, form: Form, function: str, given: Given) -> Any:
    strides = {name: given[name] for name in form.strides}
    return getattr(package, function)(*[given[name] for name in form.arguments(function)], **strides)


def assert_refused(package: Any, form: Form, given: Given, error: type[Exception], *words: str) -> None:
    for function in form.functions:
        if function == form.backward or given["dmemory"] is None or np.shape(given["dmemory"]) == (T, D):
            with pytest.raises(error) as refusal:
                call(package, form, function, given)
            assert type(refusal.value) is error
            assert all(word in str(refusal.value) for word in words), str(refusal.value)


# The words of both packages, which the contract asks for: the argument, what it is, and what is allowed.
REFUSED: list[tuple[Form, Given, type[Exception], str]] = [
    (
        UNI,
        {"position": [0, 1, 2, 5]},
        ValueError,
        "position[3] = 5 looks back before the first frame (allowed: 0 to 3)",
    ),
    (
        UNI,
        {"position": [0, 2, 9, 0]},
        ValueError,
        "position[1] = 2 looks back before the first frame (allowed: 0 to 1)",
    ),
    (UNI, {"position": [0, 1, -1, 0]}, ValueError, "position[2] = -1 is negative (allowed: 0 to 2)"),
    (UNI, {"position": [0, 1, 2]}, ValueError, "position has 3 entries, but hidden has 4 frames"),
    (UNI, {"position": [[0, 1, 2, 3]]}, ValueError, "position has 2 dimensions, shape (1, 4) (allowed: 1)"),
    (UNI, {"position": [0.0, 1.0, 2.0, 3.0]}, TypeError, "position has dtype float64 (allowed: integers)"),
    (UNI, {"position": None}, TypeError, "position has dtype object (allowed: integers)"),
    (UNI, {"position": [[0], [1, 2], [3], [0]]}, ValueError, "position makes no array"),
    (UNI, {"stride": 0}, ValueError, "stride = 0 is below 1 (allowed: integers from 1)"),
    (UNI, {"stride": 1.0}, TypeError, "stride = 1.0 is no integer (allowed: integers from 1)"),
    (UNI, {"hidden": np.ones(D)}, ValueError, "hidden has 1 dimensions, shape (3,) (allowed: 2)"),
    (UNI, {"hidden": [[1.0], [1.0, 2.0]]}, ValueError, "hidden makes no array"),
    (UNI, {"hidden": ones(T, bool)}, TypeError, "hidden has dtype bool"),
    (UNI, {"filter": np.ones((N, 1))}, ValueError, "filter has 1 channels, but hidden has 3"),
    (BI, {"fposition": [3, 3, 1, 0]}, ValueError, "fposition[1] = 3 looks ahead past the last frame (allowed: 0 to 2)"),
    (BI, {"fposition": [3, 2, 1, -2]}, ValueError, "fposition[3] = -2 is negative (allowed: 0 to 0)"),
    (BI, {"bfilter": ones(0)}, ValueError, "bfilter has no row"),
    (BI, {"fstride": "2"}, TypeError, "fstride = '2' is no integer"),
    (UNI, {"dmemory": np.ones((T, D + 1))}, ValueError, "dmemory has shape (4, 4), but hidden has shape (4, 3)"),
    (BI, {"dmemory": np.ones((T, 1))}, ValueError, "dmemory has shape (4, 1), but hidden has shape (4, 3)"),
]


@PACKAGES
@pytest.mark.parametrize(("form", "changes", "error", "message"), REFUSED, ids=[each[3][:60] for each in REFUSED])
def test_a_refusal_names_the_argument_and_says_what_is_allowed(
    package: Any, form: Form, changes: Given, error: type[Exception], message: str
) -> None:
    assert_refused(package, form, arguments(form, **changes), error, message)


@PACKAGES
@EACH_FORM
@given(data=st.data())
def test_a_position_is_refused_exactly_if_it_reaches_out_of_the_array(
    package: Any, form: Form, data: st.DataObject
) -> None:
    dtype: Any = np.dtype(data.draw(st.sampled_from(["int8", "uint8", "int64", "uint64"])))
    limits = np.iinfo(dtype)
    edge = [n for n in (-1, 2**31, 2**63, limits.min, limits.max) if limits.min <= n <= limits.max]
    numbers = st.one_of(st.integers(0, T), st.sampled_from(edge))
    given = arguments(form)
    bad: list[tuple[str, int, int]] = []
    for name in form.positions:
        drawn = data.draw(st.lists(numbers, min_size=T, max_size=T))
        given[name] = np.array(drawn, dtype)
        bad += [(name, r, p) for r, p in enumerate(drawn) if not 0 <= p <= (T - 1 - r if name == "fposition" else r)]
    if bad:
        name, r, value = bad[0]
        assert_refused(package, form, given, ValueError, f"{name}[{r}] = {value} ")
    else:
        for function in form.functions:
            call(package, form, function, given)


@PACKAGES
@EACH_FORM
@given(data=st.data())
def test_matrices_are_refused_exactly_if_their_shapes_do_not_fit(package: Any, form: Form, data: st.DataObject) -> None:
    given = arguments(form)
    name = data.draw(st.sampled_from(form.matrices))
    shape = tuple(data.draw(st.lists(st.integers(0, 5), min_size=1, max_size=3)))
    given[name] = np.ones(shape)
    rows = {"hidden": {T}, "dmemory": {T}, "bfilter": range(1, 99)}.get(name, range(99))
    fits = len(shape) == 2 and shape[1] == D and shape[0] in rows
    functions = [form.backward] if name == "dmemory" else form.functions
    for function in functions:
        if fits:
            call(package, form, function, given)
        else:
            with pytest.raises(ValueError, match=r"dimensions|channels|shape|entries|no row"):
                call(package, form, function, given)


WRONG_TYPES: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "complex": ("matrices", lambda a: np.asarray(a).astype(complex)),
    "bools": ("matrices", lambda a: np.asarray(a).astype(bool)),
    "text": ("matrices", lambda a: np.asarray(a).astype(str)),
    "bytes": ("matrices", lambda a: np.asarray(a).astype("S")),
    "times": ("matrices", lambda a: np.asarray(a).astype("datetime64[s]")),
    "objects": ("matrices", lambda a: np.full(np.shape(a), None)),
    "records": ("matrices", lambda a: np.zeros(np.shape(a), "f8,f8")),
    "nothing": ("matrices", lambda _: None),
    "floats": ("positions", lambda p: np.asarray(p, float)),
    "half precision": ("positions", lambda p: np.asarray(p, "f2")),
    "no bools": ("positions", lambda p: np.zeros(len(p), bool)),
    "Python's integers": ("positions", lambda p: np.array(p, object)),
    "too large for any type": ("positions", lambda p: [*p[:-1], 2**70]),
    "differences of time": ("positions", lambda p: np.asarray(p).astype("timedelta64[s]")),
    "a float": ("strides", float),
    "a NumPy float": ("strides", np.float32),
    "a bool": ("strides", bool),
    "a text": ("strides", str),
    "None": ("strides", lambda _: None),
    "a list": ("strides", lambda s: [s]),
}


@PACKAGES
@EACH_FORM
@pytest.mark.parametrize("kind", WRONG_TYPES)
def test_a_wrong_type_of_any_argument_is_a_type_error_that_names_it(package: Any, form: Form, kind: str) -> None:
    group, change = WRONG_TYPES[kind]
    names: tuple[str, ...] = getattr(form, group)
    for name in names:
        given = arguments(form)
        given[name] = change(given[name])
        for function in [form.backward] if name == "dmemory" else form.functions:
            with pytest.raises(TypeError, match=rf"^{name} (has dtype|= )"):
                call(package, form, function, given)


@PACKAGES
@EACH_FORM
def test_a_numpy_bool_is_no_stride(package: Any, form: Form) -> None:
    for name in form.strides:
        assert_refused(package, form, arguments(form, **{name: np.True_}), TypeError, name)


def test_fractions_are_for_the_reference_alone_and_beside_nothing_else() -> None:
    fractions = np.full((T, D), Fraction(1))
    with pytest.raises(TypeError, match=r"hidden has dtype object \(allowed: floats, integers\)"):
        call(fsmn_vec, UNI, UNI.forward, arguments(UNI, hidden=fractions))
    with pytest.raises(TypeError, match=r"hidden has dtype bool \(allowed: floats, integers, Fractions\)"):
        call(fsmn_ref, UNI, UNI.forward, arguments(UNI, hidden=ones(T, bool)))
    with pytest.raises(TypeError, match="filter has dtype float64, but hidden object"):
        call(fsmn_ref, UNI, UNI.forward, arguments(UNI, hidden=fractions))
