"""How arguments lie in memory, and what results are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

import fsmn_ref
from fsmn_properties.case import Case
from fsmn_properties.catalogue.production import Scale
from fsmn_properties.forms import Form
from fsmn_properties.oracles.exact import all_equal
from fsmn_properties.property import Covered, for_each_form, for_each_form_alone
from fsmn_properties.strategies.cases import whole_cases
from fsmn_properties.strategies.layouts import EXPANDED, LAYOUTS
from fsmn_properties.violation import Violation, script_of, shown_by
from fsmn_ref.arguments import Array


@for_each_form(whole_cases)
def the_layout_of_arguments_changes_nothing(implementation: Any, case: Case) -> None:
    """Read-only, Fortran-ordered, strided, reversed, misaligned and byte-swapped arguments give the same results."""
    want = case.results(fsmn_ref)
    arrays = {name: np.asarray(case[name]) for name in ("dmemory", *case.form.floats, *case.form.positions)}
    arrays = {
        name: value.astype(np.intp) if value.size == 0 and value.ndim == 1 else value for name, value in arrays.items()
    }
    for layout, lay in LAYOUTS.items():
        laid = case.but(**{name: lay(value) for name, value in arrays.items()})
        try:
            agree_in_c_order(laid, laid.results(implementation), want)
        except Violation as violation:
            raise Violation(f"With every argument {layout}: {violation.problem}", violation.script) from violation


def agree_in_c_order(case: Case, results: dict[str, Array], want: dict[str, Array]) -> None:
    """Raise a Violation unless the results are those wanted, in C order."""
    all_equal(case, results, want)
    for name, got in results.items():
        require(case, got.flags.c_contiguous, f"{name} is not C-contiguous, strides {got.strides}")


@for_each_form(whole_cases)
def lists_are_arrays(implementation: Any, case: Case) -> None:
    """Nested lists of whole numbers, floats or ints, give what arrays of float64 give."""
    names = [name for name in ("dmemory", *case.form.floats) if case[name].size]
    plain = case.but(**{name: case[name].astype(np.float64) for name in ("dmemory", *case.form.floats)})
    want = plain.results(fsmn_ref)
    for kind in (float, int):
        listed = plain.but(**{name: [[kind(x) for x in row] for row in case[name]] for name in names})
        all_equal(listed, listed.results(implementation), want)


@for_each_form(whole_cases)
def results_are_new_arrays(implementation: Any, case: Case) -> None:
    """Results are writeable, C-contiguous arrays that share memory with no argument and not with each other."""
    # What has nothing to add is easily returned as it came.
    nowhere = {name: np.zeros(len(case["hidden"]), np.intp) for name in case.form.positions}
    idle = case.but(**dict.fromkeys(case.strides, 1 + len(case["hidden"])), **nowhere)
    for each in (case, idle):
        are_new(each, each.results(implementation))


def are_new(case: Case, results: dict[str, Array]) -> None:
    """Raise a Violation unless the results are writeable, C-contiguous and nobody else's."""
    for name, got in results.items():
        require(case, got.flags.writeable, f"{name} is read-only")
        shape = f"shape {got.shape}, strides {got.strides}"
        require(case, got.flags.c_contiguous, f"{name} is not C-contiguous: {shape}")
    share_no_memory(case, results)


def share_no_memory(case: Case, results: dict[str, Array]) -> None:
    """Raise a Violation if a result is, or overlaps, an argument or another result."""
    arguments = {name: value for name, value in case.arguments.items() if isinstance(value, np.ndarray)}
    for name, got in results.items():
        require(case, not any(got is value for value in arguments.values()), f"{name} is an argument itself")
        for argument, value in arguments.items():
            require(case, not np.shares_memory(got, value), f"{name} shares memory with {argument}")
        for another, value in results.items():
            require(case, another == name or not np.shares_memory(got, value), f"{name} shares memory with {another}")


def require(case: Case, holds: bool, problem: str) -> None:
    """Raise a Violation unless something holds of the results of a case."""
    if not holds:
        function = case.form.forward if problem.startswith("memory") else case.form.backward
        raise Violation(problem, case.script(function, "result"))


# Kernels choose other paths for no taps, for inputs of many frames or whose windows take many bytes, and for one
# channel, whose frames are neighbours in memory.
SIZES = (
    Scale(6, 2, 0, 0),
    Scale(6, 8, 3, 3),
    Scale(420, 1, 20, 2, utterance=210, dtype="float64"),
    Scale(140, 9, 20, 20, utterance=70),
)


@for_each_form_alone(
    f"each argument alone, and all, in {len(LAYOUTS)} layouts, or expanded from a row", few=2 * len(SIZES) + 2
)
def one_argument_laid_otherwise_changes_nothing(implementation: Any, form: Form) -> Iterator[Covered]:
    """One argument alone that lies otherwise in memory changes nothing, among few frames or many; nor do all."""
    floats = [(name,) for name in ("dmemory", *form.floats)]
    positions = [(name,) for name in form.positions]
    plain = {scale: scale.case(form, 0) for scale in SIZES}
    equal = {scale: of_equal_rows(case) for scale, case in plain.items()}
    together = [("dmemory", *form.floats, *form.positions)]
    alone = [*floats, *positions]
    for cases, layouts, arguments in (plain, LAYOUTS, together), (equal, EXPANDED, floats), (plain, LAYOUTS, alone):
        for scale, case in cases.items():
            want = case.results(implementation)
            for layout, laid in product(layouts, arguments):
                with shown_by(_script(form, scale, layout, laid), f"With {' and '.join(laid)} {layout}, {scale}: "):
                    unmoved(implementation, case, want, layout, *laid)
            yield Covered(len(layouts) * len(arguments))


def of_equal_rows(case: Case) -> Case:
    """Return the case with the first row of each float argument in all of its rows."""
    return case.but(**{name: case[name][:1].repeat(len(case[name]), axis=0) for name in ("dmemory", *case.form.floats)})


def unmoved(implementation: Any, plain: Case, want: dict[str, Array], layout: str, *laid: str) -> None:
    """Raise a Violation unless the results are those wanted, in C order, when some arguments are laid otherwise."""
    case = plain.but(**{name: (LAYOUTS | EXPANDED)[layout](plain[name]) for name in laid})
    agree_in_c_order(case, case.results(implementation), want)


def _script(form: Form, scale: Scale, layout: str, laid: tuple[str, ...]) -> str:
    case = f"SIZES[{SIZES.index(scale)}].case(form, 0)"
    return script_of(
        "memory",
        "SIZES, of_equal_rows, unmoved",
        form,
        f"case = {f'of_equal_rows({case})' if layout in EXPANDED else case}",
        f"unmoved(implementation, case, case.results(implementation), {', '.join(map(repr, (layout, *laid)))})",
    )


PROPERTIES = (
    *the_layout_of_arguments_changes_nothing,
    *lists_are_arrays,
    *results_are_new_arrays,
)

AT_SCALE = (*one_argument_laid_otherwise_changes_nothing,)
