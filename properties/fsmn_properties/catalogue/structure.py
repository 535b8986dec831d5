"""What kind of map the memory block is: linear, local, the same for every channel and at every place.

Each statement compares calls of the implementation with each other, on whole numbers and with ==; the reference is not
asked, so these hold even where implementation and reference misread the contract in the same way. Where one fails, the
first of its calls that is not what the oracle computes is shown.
"""

from __future__ import annotations

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.cases.oracle import reads
from fsmn_properties.catalogue.sources import WHOLE
from fsmn_properties.catalogue.statement import statement
from fsmn_properties.checks.exact import relation
from fsmn_properties.checks.trial import Trial
from fsmn_ref.arguments import Array


def other(array: Array) -> Array:
    """Return different whole numbers of the same shape, dtype and magnitude."""
    return (3 - array[::-1]).astype(array.dtype)


@statement(WHOLE, "F4", "forward", asks_reference=False)
def forward_is_linear_in_hidden(trial: Trial, case: Case) -> None:
    """The memory of 2*a + b is twice the memory of a plus the memory of b."""
    hidden = case["hidden"]
    want = 2 * trial.forward(case) + trial.forward(case.but(hidden=other(hidden)))
    mixed = case.but(hidden=2 * hidden + other(hidden))
    relation(trial, "memory", trial.forward(mixed), want, "forward is not linear in hidden")


@statement(WHOLE, "F4", "forward", asks_reference=False)
def forward_is_affine_in_the_filters(trial: Trial, case: Case) -> None:
    """The memory of filters a + b, plus that of no filters, is the memory of a plus the memory of b."""
    filters = {name: case[name] for name in case.form.filters}
    others = {name: other(value) for name, value in filters.items()}
    sums = {name: value + others[name] for name, value in filters.items()}
    memory, memory_of_others, memory_of_none = (
        trial.forward(changed)
        for changed in (case, case.but(**others), case.but(**{name: 0 * value for name, value in filters.items()}))
    )
    want = memory + memory_of_others - memory_of_none
    relation(trial, "memory", trial.forward(case.but(**sums)), want, "forward is not affine in the filters")


@statement(WHOLE, "F4", "backward", asks_reference=False)
def no_gradient_depends_on_its_own_argument(trial: Trial, case: Case) -> None:
    """The gradient of hidden is the same for any hidden, that of a filter for any values of the filters."""
    gradients = trial.backward(case)
    of_other_hidden = trial.backward(case.but(hidden=other(case["hidden"])))
    of_other_filters = trial.backward(case.but(**{name: other(case[name]) for name in case.form.filters}))
    for name, gradient in gradients.items():
        again = of_other_hidden if name == "dhidden" else of_other_filters
        argument = "hidden" if name == "dhidden" else "the filters"
        relation(trial, name, again[name], gradient, f"{name} depends on {argument}")


@statement(WHOLE, "F3", "either", "positions=any|utterances", "most_shapes=None", asks_reference=False)
def utterances_in_a_row_equal_each_alone(trial: Trial, case: Case) -> int | None:
    """Utterances laid one after another give the results of each alone."""
    second = case.but(hidden=other(case["hidden"]), dmemory=other(case["dmemory"]))
    joined = {name: np.concatenate((case[name], second[name])) for name in ("hidden", "dmemory")}
    both = case.but(**joined, **{name: np.tile(case[name], 2) for name in case.form.positions})
    if not trial.allows(both):
        return 0
    one, two = trial.results(case), trial.results(second)
    for name, got in trial.results(both).items():
        per_frame = name in {"memory", "dhidden"}
        want = np.concatenate((one[name], two[name])) if per_frame else one[name] + two[name]
        relation(trial, name, got, want, "utterances in a row differ from each alone")
    return None


@statement(WHOLE, "F1, F2", "either", "most_shapes=None", asks_reference=False)
def channels_do_not_mix(trial: Trial, case: Case) -> None:
    """Channels in reversed order, and each channel alone, give the columns of the results of all."""
    results = trial.results(case)
    for columns in (slice(None, None, -1), *(slice(c, c + 1) for c in range(case.channels))):
        some = case.but(**{name: np.ascontiguousarray(case[name][:, columns]) for name in case.form.matrices})
        if trial.allows(some):
            for name, got in trial.results(some).items():
                relation(trial, name, got, results[name][:, columns], "channels mix")


@statement(WHOLE, "F1, F2, F3", "either", "positions=any", asks_reference=False)
def positions_beyond_the_last_tap_change_nothing(trial: Trial, case: Case) -> None:
    """A position above taps * stride gives what taps * stride gives."""
    capped = case.but(
        **{
            name: np.minimum(case[name].astype(np.intp), most).astype(case[name].dtype)
            for name, most in zip(case.form.positions, case.reach, strict=True)
        }
    )
    want = trial.results(capped)
    for name, got in trial.results(case).items():
        relation(trial, name, got, want[name], "positions beyond the last tap change the results")


@statement(WHOLE, "F1, F2, F3", asks_reference=False)
def influence_ends_with_the_window(trial: Trial, case: Case) -> None:
    """A frame changes the memory of the rows that read it and of no further row; likewise the gradients."""
    if case.frames == 0:
        return
    frame = case.frames // 2
    results = trial.results(case)
    changed = {name: case[name].copy() for name in ("hidden", "dmemory")}
    for value in changed.values():
        value[frame] += 1
    read = reads(case.form, case.plain)
    for name, got in trial.results(case.but(**changed)).items():
        if name in {"memory", "dhidden"}:
            untouched = ~(read[:, frame] if name == "memory" else read[frame])
            want = np.where(untouched[:, None], results[name], got)
            relation(trial, name, got, want, f"frame {frame} changes rows that do not read it")


@statement(WHOLE, "F1, F2, F3", "either", "positions=any", "most_shapes=None", "short", asks_reference=False)
def a_window_with_its_context_gives_the_same_rows(trial: Trial, case: Case) -> int | None:
    """Frames cut out together with what their taps reach give the same memory and gradient: streaming relies on it."""
    T = case.frames
    first, last = T // 3, T - T // 3
    context = max(
        len(case[name]) * int(stride) for name, stride in zip(case.form.filters, case.strides.values(), strict=True)
    )
    begin, end = max(0, first - context), min(T, last + context)
    rows, kept = np.arange(end - begin), slice(begin, end)
    room = {name: rows[::-1] if name == "fposition" else rows for name in case.form.positions}
    cut = case.but(
        hidden=case["hidden"][kept].copy(),
        dmemory=case["dmemory"][kept].copy(),
        **{
            name: np.minimum(case[name].astype(np.intp)[kept], room[name]).astype(case[name].dtype)
            for name in case.form.positions
        },
    )
    if not trial.allows(cut):
        return 0
    inside = slice(first - begin, last - begin)
    whole = trial.results(case)
    for name, got in trial.results(cut).items():
        if name in {"memory", "dhidden"}:
            want = got.copy()
            want[inside] = whole[name][first:last]
            relation(trial, name, got, want, "a window with its context gives other rows")
    return None


@statement(WHOLE, "F1, F2", "either", "most_shapes=None", asks_reference=False)
def an_appended_zero_tap_changes_nothing(trial: Trial, case: Case) -> int | None:
    """A tap of zeros after the last one leaves the memory and all remaining gradients as they are."""
    results, asked = trial.results(case), 0
    for filter in case.form.filters:
        longer = np.concatenate((case[filter], np.zeros_like(case[filter], shape=(1, case.channels))))
        more = case.but(**{filter: longer})
        if trial.allows(more):
            asked = 1
            for name, got in trial.results(more).items():
                new = got[-1:] if name == f"d{filter}" else got[:0]
                want = np.concatenate((results[name], new))
                relation(trial, name, got, want, f"a tap of zeros after the last of {filter} changes the results")
    return asked


@statement(WHOLE, "F1, F2", "either", "strides=any|equal", "most_shapes=None", asks_reference=False)
def a_stride_is_zero_taps_between(trial: Trial, case: Case) -> int | None:
    """A stride of s gives what stride 1 gives with s-1 zero taps before each tap."""
    dense, rows = {}, {}
    for filter, stride in zip(case.form.filters, case.strides.values(), strict=True):
        own = filter == "bfilter"  # row 0 is the current frame's, at no distance
        taps = case[filter]
        rows[f"d{filter}"] = np.array([0] * own + [own + (i + 1) * stride - 1 for i in range(len(taps) - own)], int)
        dense[filter] = np.zeros_like(taps, shape=(own + (len(taps) - own) * stride, taps.shape[1]))
        dense[filter][rows[f"d{filter}"]] = taps
    spread = case.but(**dense, **dict.fromkeys(case.strides, 1))
    if not trial.allows(spread):
        return 0
    results = trial.results(case)
    for name, got in trial.results(spread).items():
        kept = rows.get(name, np.arange(len(got)))
        want = got.copy()
        want[kept] = results[name]
        relation(trial, name, got, want, "a stride differs from zero taps in between")
    return None
