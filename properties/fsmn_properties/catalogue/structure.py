"""What kind of map the memory block is: linear, local, the same for every channel and at every place.

Each property compares calls of the implementation with each other, on whole numbers and with ==; the reference is not
asked, so these hold even where implementation and reference misread the contract in the same way.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fsmn_properties.case import Case
from fsmn_properties.oracles.exact import all_equal, equal
from fsmn_properties.oracles.windows import reads
from fsmn_properties.property import for_each_form
from fsmn_properties.strategies.cases import whole_cases
from fsmn_ref.arguments import Array


def other(array: Array) -> Array:
    """Return different whole numbers of the same shape, dtype and magnitude."""
    return (3 - array[::-1]).astype(array.dtype)


@for_each_form(whole_cases)
def forward_is_linear_in_hidden(implementation: Any, case: Case) -> None:
    """The memory of 2*a + b is twice the memory of a plus the memory of b."""
    hidden = case["hidden"]
    want = 2 * case.forward(implementation) + case.but(hidden=other(hidden)).forward(implementation)
    mixed = case.but(hidden=2 * hidden + other(hidden))
    equal(mixed, "memory", mixed.forward(implementation), want)


@for_each_form(whole_cases)
def forward_is_affine_in_the_filters(implementation: Any, case: Case) -> None:
    """The memory of filters a + b, plus that of no filters, is the memory of a plus the memory of b."""
    filters = {name: case[name] for name in case.form.filters}
    others = {name: other(value) for name, value in filters.items()}
    sums = {name: value + others[name] for name, value in filters.items()}
    memory, memory_of_others, memory_of_none = (
        changed.forward(implementation)
        for changed in (case, case.but(**others), case.but(**{name: 0 * value for name, value in filters.items()}))
    )
    mixed = case.but(**sums)
    equal(mixed, "memory", mixed.forward(implementation), memory + memory_of_others - memory_of_none)


@for_each_form(whole_cases)
def no_gradient_depends_on_its_own_argument(implementation: Any, case: Case) -> None:
    """The gradient of hidden is the same for any hidden, that of a filter for any values of the filters."""
    gradients = case.backward(implementation)
    of_other_hidden = case.but(hidden=other(case["hidden"]))
    equal(of_other_hidden, "dhidden", of_other_hidden.backward(implementation)["dhidden"], gradients["dhidden"])
    of_other_filters = case.but(**{name: other(case[name]) for name in case.form.filters})
    for name, gradient in of_other_filters.backward(implementation).items():
        if name != "dhidden":
            equal(of_other_filters, name, gradient, gradients[name])


@for_each_form(whole_cases)
def utterances_in_a_row_equal_each_alone(implementation: Any, case: Case) -> None:
    """What is laid one after another, with positions that stay within each, gives the results of each alone."""
    second = case.but(hidden=other(case["hidden"]), dmemory=other(case.dmemory))
    joined = {name: np.concatenate((case[name], second[name])) for name in ("hidden", "dmemory")}
    both = case.but(**joined, **{name: np.tile(case[name], 2).astype(np.intp) for name in case.form.positions})
    one, two = case.results(implementation), second.results(implementation)
    for name, got in both.results(implementation).items():
        per_frame = name in {"memory", "dhidden"}
        equal(both, name, got, np.concatenate((one[name], two[name])) if per_frame else one[name] + two[name])


@for_each_form(whole_cases)
def channels_do_not_mix(implementation: Any, case: Case) -> None:
    """Channels in reversed order, and each channel alone, give the columns of the results of all."""
    results = case.results(implementation)
    channels = case["hidden"].shape[1]
    for columns in (slice(None, None, -1), *(slice(c, c + 1) for c in range(channels))):
        some = case.but(**{name: case[name][:, columns].copy() for name in ("dmemory", *case.form.floats)})
        for name, got in some.results(implementation).items():
            equal(some, name, got, results[name][:, columns])


@for_each_form(whole_cases)
def positions_beyond_the_last_tap_change_nothing(implementation: Any, case: Case) -> None:
    """A position above taps * stride gives what taps * stride gives."""
    reach = [
        (len(case[name]) - (name == "bfilter")) * stride
        for name, stride in zip(case.form.filters, case.strides.values(), strict=True)
    ]
    capped = case.but(
        **{name: np.minimum(case[name], most).astype(np.intp) for name, most in zip(case.positions, reach, strict=True)}
    )
    all_equal(case, case.results(implementation), capped.results(implementation))


@for_each_form(whole_cases)
def influence_ends_with_the_window(implementation: Any, case: Case) -> None:
    """Another value in one frame changes the memory of no row that does not read it, and so for the gradients."""
    if len(case["hidden"]) == 0:
        return
    frame = len(case["hidden"]) // 2
    memory, dhidden = case.forward(implementation), case.backward(implementation)["dhidden"]
    changed = {name: case[name].copy() for name in ("hidden", "dmemory")}
    for value in changed.values():
        value[frame] += 1
    moved = case.but(**changed)
    read = reads(case)
    for name, got, before, untouched in (
        ("memory", moved.forward(implementation), memory, ~read[:, frame]),
        ("dhidden", moved.backward(implementation)["dhidden"], dhidden, ~read[frame]),
    ):
        equal(moved, name, got, np.where(untouched[:, None], before, got))


@for_each_form(whole_cases)
def a_window_with_its_context_gives_the_same_rows(implementation: Any, case: Case) -> None:
    """Frames cut out together with what their taps reach give the same memory and gradient: streaming relies on it."""
    T = len(case["hidden"])
    first, last = T // 3, T - T // 3
    context = max(
        len(case[name]) * stride for name, stride in zip(case.form.filters, case.strides.values(), strict=True)
    )
    begin, end = max(0, first - context), min(T, last + context)
    rows, kept = np.arange(end - begin), slice(begin, end)
    room = {name: rows[::-1] if name == "fposition" else rows for name in case.form.positions}
    cut = case.but(
        hidden=case["hidden"][kept].copy(),
        dmemory=case.dmemory[kept].copy(),
        **{name: np.minimum(np.array(case[name], np.intp)[kept], room[name]) for name in case.form.positions},
    )
    inside = slice(first - begin, last - begin)
    whole = {"memory": case.forward(implementation), "dhidden": case.backward(implementation)["dhidden"]}
    part = {"memory": cut.forward(implementation), "dhidden": cut.backward(implementation)["dhidden"]}
    for name, got in part.items():
        want = got.copy()
        want[inside] = whole[name][first:last]
        equal(cut, name, got, want)


@for_each_form(whole_cases)
def an_appended_zero_tap_changes_nothing(implementation: Any, case: Case) -> None:
    """A tap of zeros after the last one leaves the memory and all other gradients as they are."""
    results = case.results(implementation)
    for filter in case.form.filters:
        longer = np.concatenate((case[filter], np.zeros_like(case[filter], shape=(1, case[filter].shape[1]))))
        more = case.but(**{filter: longer})
        for name, got in more.results(implementation).items():
            new = got[-1:] if name == f"d{filter}" else got[:0]
            equal(more, name, got, np.concatenate((results[name], new)))


@for_each_form(whole_cases)
def a_stride_is_zero_taps_between(implementation: Any, case: Case) -> None:
    """A stride of s gives what stride 1 gives with s-1 zero taps before each tap."""
    results = case.results(implementation)
    dense, rows = {}, {}
    for filter, stride in zip(case.form.filters, case.strides.values(), strict=True):
        own = filter == "bfilter"  # row 0 is the current frame's, at no distance
        taps = case[filter]
        rows[f"d{filter}"] = np.array([0] * own + [own + (i + 1) * stride - 1 for i in range(len(taps) - own)], int)
        dense[filter] = np.zeros_like(taps, shape=(own + (len(taps) - own) * stride, taps.shape[1]))
        dense[filter][rows[f"d{filter}"]] = taps
    spread = case.but(**dense, **dict.fromkeys(case.strides, 1))
    for name, got in spread.results(implementation).items():
        kept = rows.get(name, np.arange(len(got)))
        want = got.copy()
        want[kept] = results[name]
        equal(spread, name, got, want)


PROPERTIES = (
    *forward_is_linear_in_hidden,
    *forward_is_affine_in_the_filters,
    *no_gradient_depends_on_its_own_argument,
    *utterances_in_a_row_equal_each_alone,
    *channels_do_not_mix,
    *positions_beyond_the_last_tap_change_nothing,
    *influence_ends_with_the_window,
    *a_window_with_its_context_gives_the_same_rows,
    *an_appended_zero_tap_changes_nothing,
    *a_stride_is_zero_taps_between,
)
