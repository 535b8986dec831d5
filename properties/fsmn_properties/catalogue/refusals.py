"""What lies outside the contract's domain is refused, with its type of error and in its words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import product

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.space import SMALL, Pick, small_case
from fsmn_properties.catalogue.statement import Source, statement
from fsmn_properties.checks.arrays import contents
from fsmn_properties.checks.trial import Call, Trial, UserInterrupt, Violation, call_text, clipped, raised
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Pair, Promises
from fsmn_ref.arguments import Array

EXTREMES = (None, -1, 2**63, 2**31 - 1, 2**62, -100)
"""Positions that are out of range; None is one more than is allowed."""


def _bad_positions(pick: Pick, form: Form, promises: Promises) -> Case:
    case = small_case(pick, form, promises.but(empty=False), "whole", SMALL).case()
    name = pick(form.positions)
    numbers = [int(n) for n in case[name]]
    for _ in range(pick(range(1, 4))):
        r, value = pick(range(len(numbers))), pick(EXTREMES)
        numbers[r] = allowed(name, r, case.frames) + 1 if value is None else value
    fitting = [t for t in promises.position_types if all(_fits(n, t) for n in numbers)]
    if not fitting:  # no type holds -1 and 2**63
        numbers = [min(max(n, 0), 100) for n in numbers]
        numbers[0] = max(numbers[0], case.frames)
        fitting = list(promises.position_types)
    dtype = pick(fitting)
    layout = case.layouts.get(name, "") if dtype == "int64" else ""
    return case.but(**{name: np.array(numbers, dtype)}).handed(**{name: layout})


def _fits(number: int, dtype: str) -> bool:
    return bool(np.iinfo(dtype).min <= number <= np.iinfo(dtype).max)


def allowed(name: str, r: int, frames: int) -> int:
    """Return the largest position that rules D3 and D4 allow."""
    return frames - 1 - r if name == "fposition" else r


BAD_POSITIONS = Source("bad positions", draw=_bad_positions)


@statement(BAD_POSITIONS, "D3, D4", "either", "refusals")
def positions_out_of_range_are_refused(trial: Trial, case: Case) -> None:
    """A position out of range is a ValueError that names the argument, the first bad index and its value."""
    refused_position(trial, case)


def out_of_range(case: Case, name: str) -> Array:
    """Return the rows whose positions are out of range."""
    rows, values = np.arange(case.frames), case[name]
    room = rows[::-1] if name == "fposition" else rows
    # As uint64, negative numbers are the largest.
    outside: Array = np.flatnonzero((values < 0) | (values.astype(np.uint64) > room.astype(np.uint64)))
    return outside


def refused_position(trial: Trial, case: Case) -> None:
    """Raise a Violation unless every function refuses the first position that is out of range."""
    name, r = next((name, int(rows[0])) for name in case.form.positions if len(rows := out_of_range(case, name)))
    value = int(case[name][r])
    for function in trial.target.functions_of(case.form):
        refused(trial, case, function, ValueError, f"{name}[{r}] = {value}", (name, r, value))


def refused(
    trial: Trial,
    case: Case,
    function: str,
    error: type[Exception],
    what: str,
    names: tuple[str, int, int] | None = None,
) -> None:
    """Raise a Violation unless a function refuses a case.

    Parameters
    ----------
    trial, case, function
        What is called.
    error : type of Exception
        What must be raised.
    what : str
        What is wrong with the case.
    names : tuple of (str, int, int), optional
        The argument, index and value that the message must name, if its words are promised.
    """
    if not all(trial.target.carries(value) for value in case.plain.values()):
        return
    wanted = f"should raise {error.__name__}"
    named = names if trial.target.promises.refusals == "words" else None
    if named:
        wanted += f" naming {named[0]}, index {named[1]} and value {named[2]}"
    given = case.arguments(function)
    before = {name: contents(value) for name, value in given.items()} if names else {}
    try:
        trial.raw(case, function, given)
    except UserInterrupt:
        raise
    except error as refusal:
        if named and not _names(str(refusal), *named):
            raise _violation(
                trial, case, function, error, f"raised {error.__name__}: {clipped(refusal)}", wanted, named
            ) from None
    except (Exception, SystemExit, KeyboardInterrupt) as other:
        problem = f"{raised(other)} for {what}"
        raise _violation(trial, case, function, error, problem, wanted, named) from None
    else:
        raise _violation(trial, case, function, error, f"accepted {what}", wanted, named)
    changed = next((name for name in before if contents(given[name]) != before[name]), "")
    if changed:
        lines = [*case.script(function).values(), f"before = np.array({changed})"]
        lines += ["try:", f"    {case.call_text(function)}", f"except {error.__name__}:", "    pass"]
        lines.append(f"np.testing.assert_array_equal({changed}, before)")
        raise Violation(f"{function} changed {changed} before it refused {what}", script="\n".join(lines))


def _names(message: str, name: str, r: int, value: int) -> bool:
    numbers = [int(number) for number in re.findall(r"-?\d+", message)]
    return bool(re.search(rf"\b{name}\b", message)) and {r, value} <= set(numbers)


def _violation(
    trial: Trial,
    case: Case,
    function: str,
    error: type[Exception],
    problem: str,
    wanted: str,
    named: tuple[str, int, int] | None,
) -> Violation:
    lines = [*case.script(function).values(), "try:", f"    {call_text(trial.target, Call(case, function))}"]
    lines.append(f"except {error.__name__} as error:")
    if named:
        lines += ["    import re", "    numbers = [int(n) for n in re.findall(r'-?\\d+', str(error))]"]
        lines.append(
            f"    assert re.search(r'\\b{named[0]}\\b', str(error)), error\n"
            f"    assert {{{named[1]}, {named[2]}}} <= set(numbers), error"
        )
    else:
        lines.append("    pass")
    lines += ["else:", f"    raise AssertionError({clipped(f'{wanted}: {problem}', 200)!r})"]
    return Violation(f"{function} {problem}; {wanted}", script="\n".join(lines))


DOMAIN: tuple[tuple[str, str, type[Exception], str, str], ...] = (
    ("D2", "floats", TypeError, "positions", "x.astype(float)"),
    ("D2", "bools", TypeError, "positions", "np.zeros(len(x), bool)"),
    ("D2", "objects", TypeError, "positions", "x.astype(object)"),
    ("D2", "one too few", ValueError, "positions", "x[:-1]"),
    ("D2", "one too many", ValueError, "positions", "np.append(x, x[:1] * 0)"),
    ("D2", "two-dimensional", ValueError, "positions", "x[None]"),
    ("D1", "one-dimensional", ValueError, "floats", "x.ravel()"),
    ("D1", "a single row as a vector", ValueError, "floats", "x[0]"),
    ("D1", "three-dimensional", ValueError, "floats", "x[None]"),
    ("D1", "one channel less", ValueError, "floats", "x[:, :-1]"),
    ("D1", "one channel more", ValueError, "floats", "np.concatenate((x, x[:, :1]), axis=1)"),
    ("D7", "a single channel for all", ValueError, "floats", "x[:, :1]"),
    ("D1", "complex", TypeError, "floats", "x.astype(complex)"),
    ("D1", "bools", TypeError, "floats", "np.zeros(x.shape, bool)"),
    ("D1", "text", TypeError, "floats", "x.astype(str)"),
    ("D1", "objects", TypeError, "floats", "np.full(x.shape, None)"),
    ("D1", "one frame less", ValueError, "rows", "x[:-1]"),
    ("D1", "one frame more", ValueError, "rows", "np.concatenate((x, x[:1]))"),
    ("D7", "a single frame for all", ValueError, "rows", "x[:1]"),
    ("D6", "without a row", ValueError, "own tap", "x[:0]"),
    ("D5", "zero", ValueError, "strides", "0"),
    ("D5", "negative", ValueError, "strides", "-1"),
    ("D5", "a float", TypeError, "strides", "float(x)"),
    ("D5", "a float of NumPy", TypeError, "strides", "np.float64(x)"),
    ("D5", "a bool", TypeError, "strides", "True"),
    ("D5", "a bool of NumPy", TypeError, "strides", "np.True_"),
    ("D5", "text", TypeError, "strides", "str(x)"),
)
"""The rule, what is wrong, what must be raised, the arguments that it is about, and Python that makes it of `x`."""


def _full(pick: Pick, form: Form, promises: Promises) -> Recipe:
    """Return a case in which nothing is empty or single, as far as the promises allow."""
    if promises.most_shapes is not None:
        return small_case(pick, form, promises.but(empty=False), "whole", SMALL)
    wanted = {"frames": 2, "channels": 2, "taps": 1, "ahead": 1}
    least = {name: _at_least(size, getattr(promises, name)) for name, size in wanted.items()}
    pairs = {
        name: (n, None if (most := getattr(promises, name)[1]) is None else max(n, most)) for name, n in least.items()
    }
    return small_case(pick, form, promises.but(empty=False, **pairs), "whole", SMALL)


def _at_least(size: int, pair: Pair) -> int:
    least, most = pair
    return max(size if most is None else min(size, most), least)


FULL = Source("full", draw=_full)
"""Small cases of whole numbers in which nothing is empty or single."""


def outside_the_domain(case: Case) -> Iterator[tuple[str, str, type[Exception], Case]]:
    """Yield (argument, what is wrong with it, what must be raised, case) for every row of the domain table."""
    groups = {"positions": case.form.positions, "floats": case.form.matrices, "strides": tuple(case.strides)}
    groups |= {"rows": ("hidden", "dmemory"), "own tap": tuple(n for n in case.form.filters if n == "bfilter")}
    for rule, what, error, group, expression in DOMAIN:
        for name in groups[group]:
            if group == "strides":
                yield name, f"{what} ({rule})", error, case.changed(name, expression)
            elif case[name].size:
                bad = case.changed(name, expression)
                if not _alike(bad[name], case[name]):  # of a single channel, the only one is no other
                    yield name, f"{what} ({rule})", error, bad


def _alike(one: Array, other: Array) -> bool:
    return one.shape == other.shape and one.dtype == other.dtype


@statement(FULL, "D1, D2, D5, D6, D7", "either", "refusals", "most_shapes=None")
def what_is_outside_the_domain_is_refused(trial: Trial, case: Case) -> int:
    """Each row of the contract's domain table is refused with its TypeError or ValueError, for every argument."""
    return refused_outside(trial, case)


def refused_outside(trial: Trial, case: Case) -> int:
    """Raise a Violation unless every row of the domain table is refused, and return how many calls that was."""
    count = 0
    for name, what, error, bad in outside_the_domain(case):
        if not trial.target.carries(bad[name]):
            continue
        for function in trial.target.functions_of(case.form):
            if name in case.form.strides and trial.target.gives_no_stride(function):
                continue
            if name in (*case.form.strides, *case.form.arguments(function)):
                count += 1
                refused(trial, bad, function, error, f"{name}: {what}")
    return count


ANYWHERE = (0, 1, 63, 64, 127, 128, 200, 255, 256, 298, 299)


def _long(form: Form, promises: Promises) -> Iterable[Case]:
    taps, kinds = (5, 4)[: len(form.positions)], (("whole", 0),) * len(form.positions)
    for dtype, name, r in product(promises.position_types, form.positions, ANYWHERE):
        if _fits(300, dtype) or dtype == promises.position_types[0]:
            types = (dtype,) * len(form.positions)
            formats = (promises.float_formats[0],) * len(form.matrices)
            plain = Recipe(form.short, 300, 8, taps, positions=kinds, position_types=types, formats=formats).case()
            if _fits(300, dtype):
                yield plain.edited(name, (r,), allowed(name, r, 300) + 1)


LONG = Source("long bad positions", listed=_long, note="one position at a time among 300")
