"""Bugs that need one address space, or an argument without a wire format: through a pipe, they are none."""

from __future__ import annotations

from planted_bugs.bank import BANK, conjunctions_layouts, memory

_LAYOUT_OR_STORAGE = "is about how arrays lie in memory, or about storage that is shared with the caller"
_CALLERS_ARRAYS = "keeps or returns an array that the caller sees as well"
_STATE = "leaves a trace in NumPy or some bytes in the process, neither of which the caller sees"
_NO_WIRE_FORMAT = "is about lists, text or long doubles, which have no wire format"

_OF_VALUES = {"memory_replaces_hidden"}
"""Bugs of these families that show in values as well."""

NEEDS_ONE_ADDRESS_SPACE: dict[str, str] = {
    **{
        bug.name: _LAYOUT_OR_STORAGE for bug in (*memory.BUGS, *conjunctions_layouts.BUGS) if bug.name not in _OF_VALUES
    },
    "byte_order_ignored": _LAYOUT_OR_STORAGE,
    "filters_cut_from_one_array_share_a_gradient": _LAYOUT_OR_STORAGE,
    "byte_swapped_memory_of_long_inputs": _LAYOUT_OR_STORAGE,
    "positions_of_long_wide_inputs_saturated_in_place": _LAYOUT_OR_STORAGE,
    "wide_singles_scaled_in_place_and_back": _LAYOUT_OR_STORAGE,
    "gradients_of_tied_filters_are_one": _LAYOUT_OR_STORAGE,
    "one_array_of_positions_counts_for_look_back": _LAYOUT_OR_STORAGE,
    "filter_among_the_frames_is_moved_with_them": _LAYOUT_OR_STORAGE,
    "plan_kept_by_the_array_of_positions": _CALLERS_ARRAYS,
    "weights_packed_for_each_array": _CALLERS_ARRAYS,
    "gradient_of_many_taps_is_scratch": _CALLERS_ARRAYS,
    "memory_is_scratch": _CALLERS_ARRAYS,
    "long_memory_is_scratch": _CALLERS_ARRAYS,
    "rows_are_a_view_of_the_cache": _CALLERS_ARRAYS,
    "cache_is_a_view_of_the_chunk": _CALLERS_ARRAYS,
    "rows_without_taps_are_the_chunk": _CALLERS_ARRAYS,
    "filters_are_not_copied": _CALLERS_ARRAYS,
    "filter_is_not_copied": _CALLERS_ARRAYS,
    "chunk_is_computed_in_place": _LAYOUT_OR_STORAGE,
    "transposed_chunks_are_misread": _LAYOUT_OR_STORAGE,
    "reversed_chunks_are_misread": _LAYOUT_OR_STORAGE,
    "state_of_numpy_is_left_behind": _STATE,
    "numpy_is_told_to_raise": _STATE,
    "path_of_long_inputs_chosen_by_sampling": _STATE,
    "refused_positions_of_long_inputs_leave_warnings_silenced": _STATE,
    "lengths_of_chunks_are_logged": _STATE,
    "frames_must_be_arrays": _NO_WIRE_FORMAT,
    "lists_take_the_type_of_arrays": _NO_WIRE_FORMAT,
    "lists_refused": _NO_WIRE_FORMAT,
    "empty_list_of_positions_refused": _NO_WIRE_FORMAT,
    "text_parsed": _NO_WIRE_FORMAT,
    "list_of_taps_takes_the_type_of_long_inputs": _NO_WIRE_FORMAT,
    "long_double_comes_back_as_double": _NO_WIRE_FORMAT,
    "long_doubles_of_many_channels_summed_in_double": _NO_WIRE_FORMAT,
    "long_double_look_ahead_gradient_summed_in_double": _NO_WIRE_FORMAT,
}
"""Why a bug is none through a pipe."""

THROUGH_A_PIPE = tuple(bug for bug in BANK if bug.name not in NEEDS_ONE_ADDRESS_SPACE)
"""The bugs that are caught through a pipe as in this process."""
