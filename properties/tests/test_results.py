"""What both packages return inside the domain: the types of rule R1, and sizes of 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import fsmn_ref
import fsmn_vec
from fsmn_properties.contract.forms import BI, FORMS, UNI, Form

PACKAGES = pytest.mark.parametrize("package", [fsmn_ref, fsmn_vec], ids=lambda package: package.__name__)
EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)
ORDER = ["f2", "f4", "f8", "g"]  # each holds all values of those before it
TYPES = [*ORDER, "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", ">f4", ">f8", ">i2"]


def promised(dtypes: list[str]) -> np.dtype[Any]:
    """Return the type of rule R1: the widest float, integers counting as float64."""
    kinds = ["f8" if np.dtype(name).kind in "iu" else np.dtype(name).newbyteorder("=").char for name in dtypes]
    widest = max(ORDER.index({"e": "f2", "f": "f4", "d": "f8"}.get(kind, kind)) for kind in kinds)
    return np.dtype(ORDER[widest])


def results(package: Any, form: Form, plain: dict[str, Any]) -> dict[str, Any]:
    forward, backward = (
        getattr(package, function)(*[plain[name] for name in form.arguments(function)]) for function in form.functions
    )
    return {"memory": forward, **dict(zip(form.gradients, backward, strict=True))}


def arguments(form: Form, frames: int = 3, channels: int = 2, taps: int = 2) -> dict[str, Any]:
    rows = {"hidden": frames, "dmemory": frames, "bfilter": taps + 1, "filter": taps, "ffilter": taps}
    plain: dict[str, Any] = {name: np.ones((rows[name], channels)) for name in form.matrices}
    back = np.arange(frames)
    return plain | {name: back[::-1] if name == "fposition" else back for name in form.positions}


@PACKAGES
@EACH_FORM
@given(data=st.data())
def test_results_are_new_c_contiguous_arrays_of_the_widest_type(package: Any, form: Form, data: st.DataObject) -> None:
    types = {name: data.draw(st.sampled_from(TYPES)) for name in form.matrices}
    plain = arguments(form)
    for name, dtype in types.items():
        plain[name] = plain[name].astype(dtype)
    of_memory = [dtype for name, dtype in types.items() if name != "dmemory"]
    for name, result in results(package, form, plain).items():
        assert result.dtype == promised(of_memory if name == "memory" else [*types.values()])
        assert result.dtype.isnative
        assert result.shape == plain["hidden" if name == "memory" else name.removeprefix("d")].shape
        assert result.flags.c_contiguous
        assert result.flags.writeable
        assert not any(np.shares_memory(result, value) for value in plain.values())


# On ones, an element is the number of its terms: frame r reads min(r, taps) frames before it, itself once by the
# identity, and once more by its own tap.
@PACKAGES
@pytest.mark.parametrize(("frames", "taps"), [(0, 2), (1, 2), (3, 0), (5, 2), (2, 9)])
@pytest.mark.parametrize("channels", [0, 1, 3])
def test_ones_give_the_number_of_terms_at_every_size(package: Any, frames: int, channels: int, taps: int) -> None:
    back = np.array([min(r, taps) for r in range(frames)])
    uni = results(package, UNI, arguments(UNI, frames, channels, taps))
    both = results(package, BI, arguments(BI, frames, channels, taps))
    uses = np.array([max(0, frames - lag) for lag in range(taps + 1)])
    columns = {
        "uni memory": (uni["memory"], 1 + back),
        "uni dhidden": (uni["dhidden"], 1 + back[::-1]),
        "uni dfilter": (uni["dfilter"], uses[1:]),
        "bi memory": (both["memory"], 2 + back + back[::-1]),
        "bi dhidden": (both["dhidden"], 2 + back + back[::-1]),
        "bi dbfilter": (both["dbfilter"], uses),
        "bi dffilter": (both["dffilter"], uses[1:]),
    }
    for name, (got, want) in columns.items():
        assert got.tolist() == np.repeat(want[:, None], channels, axis=1).tolist(), name
        assert got.dtype == np.float64


@PACKAGES
@pytest.mark.parametrize("stride", [np.uint8(2), np.int64(2), 2])
def test_a_stride_is_any_integer(package: Any, stride: Any) -> None:
    plain = arguments(UNI, 5)
    got = package.compact_vfsmn_memory_forward(plain["hidden"], plain["filter"], plain["position"], stride=stride)
    assert got[:, 0].tolist() == [1, 1, 2, 2, 3]


@PACKAGES
@pytest.mark.parametrize("stride", [2**31, 2**63, 2**80])
def test_a_stride_beyond_everything_leaves_the_identity(package: Any, stride: int) -> None:
    plain = arguments(BI, 5)
    given = [plain[name] for name in BI.arguments(BI.forward)]
    assert (package.bi_compact_vfsmn_memory_forward(*given, bstride=stride, fstride=stride) == 2).all()


@PACKAGES
def test_lists_and_tuples_are_arrays(package: Any) -> None:
    memory = package.compact_vfsmn_memory_forward([[1, 2], [3, 4]], ((10.0, 20.0),), (0, 1))
    assert (memory.tolist(), memory.dtype) == ([[1, 2], [13, 44]], np.float64)
    none = package.compact_vfsmn_memory_forward(np.ones((0, 2), "f4"), np.ones((1, 2), "f4"), [])
    assert (none.shape, none.dtype) == ((0, 2), np.float32)
