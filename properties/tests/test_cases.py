"""Cases: what is printed is what was called, to the last bit, the layout and the type."""

from __future__ import annotations

import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest

from fsmn_properties.cases.case import Case, literal
from fsmn_properties.cases.conjunctions import conjunction
from fsmn_properties.cases.layouts import EXPANDED, LAYOUTS, LISTS
from fsmn_properties.cases.recipe import Recipe, made
from fsmn_properties.checks.arrays import bits
from fsmn_properties.contract.formats import FLOATS, INTEGERS
from fsmn_properties.contract.forms import BI, FORMS, UNI, Form
from fsmn_properties.contract.promises import Promises

EACH_FORM = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.short)


def facts(value: Any) -> tuple[Any, ...]:
    """Return everything that a function can notice of an argument."""
    if isinstance(value, int | list | tuple):
        return type(value), repr(value)
    array = np.asarray(value)
    # What pads a long double means nothing, and is in front where its bytes are swapped.
    native = array.astype(array.dtype.newbyteorder("="), order="C")
    seen: tuple[Any, ...] = (type(value).__name__, array.dtype.str, array.shape, bits(native))
    if isinstance(value, np.ndarray):
        flags = value.flags
        seen += (value.strides, flags.c_contiguous, flags.f_contiguous, flags.writeable, flags.aligned)
    return seen


def executed(case: Case, function: str) -> dict[str, Any]:
    """Return the variables that a case's script makes."""
    namespace: dict[str, Any] = {"np": np, "made": made}
    with warnings.catch_warnings():
        # What NumPy says of the smallest numbers of long double.
        warnings.filterwarnings("ignore", "overflow encountered in conversion from string")
        exec("\n".join(case.script(function).values()), namespace)  # noqa: S102, what a script is for
    return namespace


def assert_the_script_makes_the_arguments(case: Case) -> None:
    for function in case.form.functions:
        variables = executed(case, function)
        for name, value in case.arguments(function).items():
            assert facts(variables[name]) == facts(value), f"{name}: {case.layouts.get(name)}"


def random_recipes(form: Form, count: int) -> list[Recipe]:
    rng = np.random.default_rng(11)
    return [
        conjunction(lambda options, name="": options[int(rng.integers(len(options)))], form, Promises())  # noqa: ARG005
        for _ in range(count)
    ]


@pytest.mark.parametrize("shape", [(2, 3), (1, 1), (0, 3), (3, 0)], ids=str)
@pytest.mark.parametrize("layout", ["", *LAYOUTS, *EXPANDED, *LISTS])
def test_the_script_of_a_small_case_makes_the_arguments_in_every_layout_and_type(
    layout: str, shape: tuple[int, int]
) -> None:
    (frames, channels), kind = shape, "equal rows" if layout in EXPANDED else "whole"
    for form, dtype, integers in [(UNI, name, "int64") for name in (*FLOATS, *INTEGERS)] + [
        (BI, "float32", n) for n in INTEGERS
    ]:
        sides = len(form.positions)
        sizes = (form.short, frames, channels, (2, 3)[:sides])
        formats = (dtype,) * len(form.matrices)
        case = Recipe(*sizes, position_types=(integers,) * sides, formats=formats, values=kind, number=3).case()
        names = form.matrices if layout in EXPANDED else (*form.matrices, *form.positions)
        assert_the_script_makes_the_arguments(case.handed(**dict.fromkeys(names, layout)))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), -0.0, 0.1, 5e-324, 1e300])
@pytest.mark.parametrize("dtype", FLOATS)
def test_the_script_of_a_small_case_makes_numbers_to_the_last_bit(dtype: str, number: float) -> None:
    with np.errstate(over="ignore"):
        third = (
            np.array(number, dtype) if np.isnan(number) or number == 0 else np.array(number, dtype) / np.array(3, dtype)
        )
    case = Recipe("uni", 3, 2, (2,), formats=(dtype,) * 3).case()
    for name, layout in product(("hidden", "filter"), ("", "byte-swapped", "misaligned")):
        assert_the_script_makes_the_arguments(case.edited(name, (1, 1), third[()]).handed(**{name: layout}))


@EACH_FORM
def test_the_script_of_any_case_makes_the_arguments(form: Form) -> None:
    cases = [recipe.case() for recipe in random_recipes(form, 60)]
    for case in cases:
        assert_the_script_makes_the_arguments(case)
    assert {case.is_large for case in cases} == {True, False}


@EACH_FORM
def test_a_recipe_reads_as_what_makes_its_case(form: Form) -> None:
    for recipe in random_recipes(form, 60):
        case = recipe.case()
        again: Case = eval(repr(recipe), {"made": made, "np": np})  # noqa: S307, what a script does
        assert (again.made, again.layouts, again.by_name, again.period, again.history) == (
            repr(recipe),
            case.layouts,
            case.by_name,
            case.period,
            case.history,
        )
        assert {name: facts(again[name]) for name in case.plain} == {
            name: facts(value) for name, value in case.plain.items()
        }


LARGE = Recipe("bi", 90, 3, (2, 4), strides=(1, 2), positions=(("utterances of", 40),) * 2, number=5)


@pytest.mark.parametrize(
    "change",
    [
        lambda case: case.edited("hidden", (3, 1), -7.5),
        lambda case: case.edited("hidden", (3, 1), np.float64("nan")),
        lambda case: case.edited("dmemory", (0, 0), float("-inf")),
        lambda case: case.edited("fposition", (5,), 2**40),
        lambda case: case.typed("ffilter", "longdouble").edited("ffilter", (0, 0), np.longdouble("0.1")),
        lambda case: case.typed("bposition", "uint8"),
        lambda case: case.handed(hidden="byte-swapped", bposition="a list"),
        lambda case: (
            case.handed(hidden="strided").typed("hidden", "float32").edited("hidden", (0, 0), 3).handed(hidden="")
        ),
    ],
)
def test_a_changed_case_reads_as_what_makes_it(change: Any) -> None:
    case = change(LARGE.case())
    again: Case = eval(case.made, {"made": made, "np": np})  # noqa: S307, what a script does
    assert case.made.startswith("made(form='bi'")
    assert again.layouts == case.layouts
    assert {name: facts(again[name]) for name in case.plain} == {
        name: facts(value) for name, value in case.plain.items()
    }
    assert_the_script_makes_the_arguments(case)


def test_edited_and_typed_and_handed_change_that_alone() -> None:
    case = Recipe("uni", 4, 2, (2,)).case()
    edited = case.edited("hidden", (1, 0), 9.0)
    assert np.argwhere(edited["hidden"] != case["hidden"]).tolist() == [[1, 0]]
    typed = case.typed("position", "uint8")
    assert (typed["position"].dtype, typed["position"].tolist()) == (np.uint8, [0, 1, 2, 3])
    handed = case.handed(hidden="strided", position="a list").handed(hidden="")
    assert handed.layouts == {"hidden": "", "position": "a list"}
    assert facts(handed.arguments(UNI.forward)["hidden"]) == facts(case.arguments(UNI.forward)["hidden"])


def test_but_changes_arguments_that_there_are_and_forgets_the_recipe() -> None:
    case = LARGE.case().handed(hidden="reversed")
    changed = case.but(hidden=case["hidden"] + 1, bstride=3)
    assert (changed["hidden"] == case["hidden"] + 1).all()
    assert (changed.made, changed.strides, changed.layouts) == (
        "",
        {"bstride": 3, "fstride": 2},
        {"hidden": "reversed"},
    )
    assert_the_script_makes_the_arguments(changed)
    with pytest.raises(KeyError, match="no argument filter, stride"):
        case.but(filter=0, stride=0)


def test_each_call_has_arguments_of_its_own() -> None:
    case = LARGE.case()
    first = case.arguments(BI.backward)
    for value in first.values():
        value[...] = 0
    assert facts(case.arguments(BI.backward)["hidden"]) == facts(case["hidden"])
    assert (case["hidden"] != 0).any()


def test_the_call_of_a_script_gives_strides_in_their_own_type_and_names_if_the_case_does() -> None:
    case = Recipe("bi", 2, 1, (1, 1), strides=(1, 2)).case().but(fstride=np.uint8(2))
    names = "hidden, bfilter, ffilter, bposition, fposition"
    assert case.call_text(BI.forward) == f"implementation.{BI.forward}({names}, bstride=1, fstride=np.uint8(2))"
    assert case.without_strides().call_text(BI.forward) == f"implementation.{BI.forward}({names})"
    named = Recipe("uni", 2, 1, (1,), by_name=True).case()
    assert named.call_text(UNI.forward).startswith(
        f"implementation.{UNI.forward}(position=position, filter=filter, hidden=hidden"
    )


@pytest.mark.parametrize("period", [1, 3, 5])
def test_results_of_values_that_repeat_are_those_of_all_values(period: int) -> None:
    repeated = Recipe("bi", 20, 11, (3, 2), positions=(("arbitrary", 4),) * 2, period=period, number=2).case()
    assert (repeated["hidden"][:, 0] == repeated["hidden"][:, period]).all()
    every = Case(repeated.form, repeated.plain)
    for name, want in every.want.items():
        assert facts(repeated.want[name]) == facts(want), name


@pytest.mark.parametrize("array", [np.array(["a"]), np.array([1j]), np.array([None])], ids=lambda a: str(a.dtype))
def test_what_is_no_number_is_written_out_as_well(array: Any) -> None:
    again = eval(literal(array), {"np": np})  # noqa: S307, what a script does
    assert (again.dtype, again.tolist()) == (array.dtype, array.tolist())


@pytest.mark.parametrize("number", [0, 7])
def test_equal_rows_are_equal_whatever_their_number(number: int) -> None:
    case = made(form="uni", frames=5, channels=3, taps=(2,), values="equal rows", number=number)
    assert all((case[name] == case[name][:1]).all() for name in ("hidden", "dmemory", "filter"))
