"""Why a statement is kept although other statements catch every bug that it catches."""

from __future__ import annotations

_NO_REFERENCE = "asks no reference: holds even if implementation and reference misread the contract alike"

_FIRST = "sees more bugs first than any other, with a counterexample of a few numbers"

_NO_CHANCE = "leaves nothing to chance: what it covers is covered in every run"

_DRAWN = "draws sizes, positions and values, where the property that sees its bugs too has a few fixed ones"

KEPT: dict[str, str] = {
    "forward_equals_the_reference": _FIRST,
    "backward_equals_the_reference": _FIRST,
    "calls_do_not_know_of_each_other": _DRAWN,
    "lists_are_arrays": _DRAWN,
    "inputs_are_not_changed": "says which function writes, with a counterexample of a few numbers",
    "production_sizes": "the sizes that are deployed, whatever the other sizes of its family are",
    "notebook_tables": "tables that somebody else computed: the reference is not among the witnesses",
    "notebook_gradient_check": "the check that this suite comes from, as its users know it",
    "backward_equals_the_central_difference": _NO_REFERENCE,
    "backward_is_the_adjoint_of_forward": _NO_REFERENCE,
    "forward_is_linear_in_hidden": _NO_REFERENCE,
    "forward_is_affine_in_the_filters": _NO_REFERENCE,
    "no_gradient_depends_on_its_own_argument": _NO_REFERENCE,
    "utterances_in_a_row_equal_each_alone": _NO_REFERENCE,
    "channels_do_not_mix": _NO_REFERENCE,
    "positions_beyond_the_last_tap_change_nothing": _NO_REFERENCE,
    "influence_ends_with_the_window": _NO_REFERENCE,
    "a_window_with_its_context_gives_the_same_rows": f"{_NO_REFERENCE}; what streaming relies on",
    "an_appended_zero_tap_changes_nothing": _NO_REFERENCE,
    "a_stride_is_zero_taps_between": _NO_REFERENCE,
    "time_reversal_swaps_look_back_and_look_ahead": _NO_REFERENCE,
    "forms_agree_without_own_tap_and_look_ahead": _NO_REFERENCE,
    "every_small_size": _NO_CHANCE,
    "every_look_back_sequence": _NO_CHANCE,
    "every_pair_of_sequences": _NO_CHANCE,
}
