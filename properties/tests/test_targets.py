"""Targets: anything with a function, what it promises, and what is said of one that can't be verified."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import fsmn_ref
from fsmn_properties.contract.forms import BI, NAMES, UNI
from fsmn_properties.contract.promises import PromiseError, Promises
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.target import CannotLoadError, target_of

ALL = {name: getattr(fsmn_ref, name) for name in NAMES}
FORWARD, BACKWARD = UNI.functions


def some(**attributes: Any) -> SimpleNamespace:
    return SimpleNamespace(**{**ALL, **attributes})


def test_what_is_there_is_promised() -> None:
    assert target_of(fsmn_ref).promises == Promises()
    assert target_of(SimpleNamespace(**{FORWARD: ALL[FORWARD]})).promises.narrowed == {"functions": (FORWARD,)}


@pytest.mark.parametrize("declared", [{"lists": False, "strides": "one"}, Promises(lists=False, strides="one")])
def test_what_a_call_promises_replaces_key_by_key_what_is_declared(declared: Any) -> None:
    assert target_of(some(promises=declared)).promises == Promises(lists=False, strides="one")
    changed = target_of(some(promises=declared), {"strides": "equal"})
    assert changed.promises == Promises(lists=False, strides="equal")
    assert target_of(some(promises=declared), Promises(nonfinite=False)).promises.narrowed == {
        "lists": False,
        "strides": "one",
        "nonfinite": False,
    }


@pytest.mark.parametrize("declared", [{"functions": FORWARD}, Promises(functions=(FORWARD,))])
def test_functions_that_are_there_need_not_be_promised(declared: Any) -> None:
    target = target_of(some(promises=declared))
    assert target.promises.functions == (FORWARD,)
    assert (target.functions_of(UNI), target.functions_of(BI)) == ((FORWARD,), ())
    assert not target.has(BACKWARD)


def test_a_promised_function_that_is_missing_is_refused_with_those_that_are_there() -> None:
    lone = SimpleNamespace(__name__="lone", **{FORWARD: ALL[FORWARD]})
    with pytest.raises(PromiseError) as refusal:
        target_of(lone, {"functions": (FORWARD, BACKWARD)})
    assert str(refusal.value).startswith("functions must be ")
    assert str(refusal.value).endswith(f"lone ({FORWARD}), got '{BACKWARD}'")


def test_promises_that_are_none_are_refused_wherever_they_are_declared() -> None:
    with pytest.raises(PromiseError, match=r"^strides must be one of any, equal, one, got 2$"):
        target_of(some(promises={"strides": 2}))
    with pytest.raises(PromiseError, match=r"^promises must be a mapping or Promises, got 7$"):
        target_of(some(promises=7))


def test_an_object_without_a_function_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(CannotLoadError) as refusal:
        target_of(SimpleNamespace(compact_vfsmn_memory_forward=3))
    assert ", ".join(NAMES) in str(refusal.value)
    assert "SimpleNamespace" in str(refusal.value)


def test_a_signature_that_does_not_fit_is_refused_with_the_one_that_is_wanted() -> None:
    def forward(hidden: Any, filter: Any) -> Any:
        return hidden + filter

    with pytest.raises(CannotLoadError) as refusal:
        target_of(some(compact_vfsmn_memory_forward=forward))
    wanted = f"{FORWARD} must take (hidden, filter, position, *, stride=1), got (hidden: 'Any', filter: 'Any') -> 'Any'"
    assert str(refusal.value) == wanted


def without_stride(hidden: Any, filter: Any, position: Any) -> Any:
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, position)


def test_a_kernel_without_strides_is_told_to_promise_stride_1() -> None:
    with pytest.raises(CannotLoadError, match=r"; without strides, promise strides='one'$"):
        target_of(some(compact_vfsmn_memory_forward=without_stride))


def test_a_kernel_without_strides_that_promises_stride_1_is_given_none() -> None:
    target = target_of(some(compact_vfsmn_memory_forward=without_stride, promises={"strides": "one"}))
    assert [name for name in NAMES if target.gives_no_stride(name)] == [FORWARD]


@pytest.mark.parametrize("promises", [{"strides": "one"}, {}])
def test_a_kernel_that_takes_anything_is_given_strides(promises: Any) -> None:
    def anything(*arguments: Any, **strides: Any) -> Any:
        return fsmn_ref.compact_vfsmn_memory_forward(*arguments, **strides)

    target = target_of(some(compact_vfsmn_memory_forward=anything, promises=promises))
    assert not target.gives_no_stride(FORWARD)


def test_a_backward_function_without_gradients_is_not_called() -> None:
    target = target_of(fsmn_ref, {"gradients": ("hidden",)})
    assert target.results(BACKWARD) == ("dhidden",)
    assert target.functions_of(UNI) == UNI.functions
    filters_of_bi = target_of(fsmn_ref, {"gradients": ("bfilter",)})
    assert filters_of_bi.functions_of(UNI) == (FORWARD,)
    assert filters_of_bi.functions_of(BI) == BI.functions


KERNELS = """
import fsmn_ref
promises = {"lists": False}
class Plain:
    compact_vfsmn_memory_forward = staticmethod(fsmn_ref.compact_vfsmn_memory_forward)
class Own(Plain):
    promises = {"nonfinite": False}
class Outer:
    inner = Plain
"""


@pytest.mark.parametrize(
    ("attribute", "narrowed"),
    [("Plain", {"lists": False}), ("Outer.inner", {"lists": False}), ("Own", {"nonfinite": False})],
)
def test_an_attribute_has_the_promises_of_its_module_unless_it_has_its_own(
    attribute: str, narrowed: dict[str, Any], tmp_path: Path
) -> None:
    path = tmp_path / "kernels.py"
    path.write_text(KERNELS, encoding="utf-8")
    target = load(f"{path}:{attribute}")
    assert target.promises.narrowed == {"functions": (FORWARD,), **narrowed}
    namespace: dict[str, Any] = {}
    exec(target.python, namespace)  # noqa: S102, what a script does
    assert callable(getattr(namespace["implementation"], FORWARD))


@pytest.mark.parametrize("name", ["fsmn_ref", "fsmn_ref.unidirectional"])
def test_the_python_of_a_module_binds_it(name: str) -> None:
    namespace: dict[str, Any] = {}
    target = load(name)
    exec(target.python, namespace)  # noqa: S102, what a script does
    assert namespace["implementation"] is target.functions
    assert target.reachable


def test_an_object_without_a_name_is_not_reachable() -> None:
    assert not target_of(some()).reachable


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "failed: ZeroDivisionError: division by zero"),
        ("import sys; sys.exit('no GPU')", "failed: SystemExit: no GPU"),
        ("def f(:", "failed: SyntaxError: "),
    ],
)
def test_a_file_that_ends_while_it_is_run_is_refused(source: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text(source, encoding="utf-8")
    with pytest.raises(CannotLoadError) as refusal:
        load(str(path))
    assert str(refusal.value).startswith(f"running {path} {message}")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no_such_module", "importing no_such_module failed: ModuleNotFoundError: No module named 'no_such_module'"),
        ("no/such/file.py", "path must be an existing file, got no/such/file.py"),
        ("fsmn_ref:nothing", "fsmn_ref has no attribute 'nothing'"),
        ("json", f"implementation must have at least one of {', '.join(NAMES)}, got json"),
    ],
)
def test_a_name_that_leads_nowhere_is_refused(name: str, message: str) -> None:
    with pytest.raises(CannotLoadError) as refusal:
        load(name)
    assert str(refusal.value) == message
