"""What a diagnosis should say of planted bugs that change the map, judged by their code.

A bug that is not here is no wrong map, and no named map may be said of it.
"""

from __future__ import annotations

from typing import Any

ALWAYS: dict[str, str] = {
    "look_ahead_from_the_frame_itself": "look-ahead taps begin one stride too near",
    "first_look_ahead_tap_at_the_next_frame": "first of the look-ahead taps is the next frame's",
    "first_look_ahead_tap_at_the_look_back_stride": "first of the look-ahead taps is the other side's stride away",
    "look_back_starts_at_the_previous_frame": "row 0 of bfilter is taken for the frame one stride back",
    "dfilter_one_row_late": "dfilter alone: the rows of filter are off by one and wrap",
    "dffilter_one_row_late": "dffilter alone: each of the look-ahead taps has the weight of the next row",
    "dfilter_reads_the_current_frame": "multiplies dmemory by the row's own frame",
    "dhidden_stays_at_the_reader": "goes to the row that reads",
    "look_ahead_gradient_one_frame_short": "goes to the frame before the one that is read",
    "last_frame_not_computed": "the last row has no taps",
    "first_frame_not_differentiated": "backward alone: row 0 has no taps",
    "look_back_filter_flipped_alone": "the look-back taps are in reverse order",
    "look_ahead_taps_reversed_in_forward": "forward alone: the look-ahead taps are in reverse order",
    "dfilter_oldest_first": "dfilter alone: the taps are in reverse order",
    "look_ahead_filter_never_used": "the look-ahead taps are never used",
    "own_tap_forgotten": "own tap .* is missing",
    "own_tap_gradient_forgotten": "dbfilter alone: the current frame's own tap",
    "last_look_back_tap_dropped_in_forward": "the last of the taps is left out",
    "first_tap_for_all_channels": "weights of channel 0 of filter",
    "taps_averaged_over_channels_in_backward": "mean of ffilter over its channels",
    "look_ahead_reads_the_look_back_filter": "weights of bfilter .*if both sides have as many taps",
    "position_is_exclusive": "position is taken as exclusive",
    "look_ahead_position_is_exclusive_in_backward": "backward alone: fposition is taken as exclusive",
    "position_counts_taps": "1 frame apart when they are held against the position",
    "strides_rounded_up": "rounded up to a multiple of the stride",
    "utterance_boundaries_ignored_in_forward": "forward alone: position is ignored",
    "look_ahead_crosses_utterances": "alike: fposition is ignored",
    "position_of_the_frame_that_is_read": "position of the frame that is read",
    "gradient_gathered_by_the_wrong_position": "position of the frame that is read",
    "only_the_first_utterance": "only the first utterance has taps",
    "positions_only_mark_beginnings": "is counted anew from there",
    "no_look_ahead_in_the_last_utterance": "last utterance has no look-ahead",
    "padding_tap_is_trained": "give their gradient to the last tap",
    "stride_ignored": "alike: stride is ignored",
    "look_ahead_stride_ignored": "fstride is ignored",
    "stride_checked_and_not_applied": "though the right distance is held against the position",
    "strides_exchanged": "the strides are exchanged",
    "look_back_stride_for_both_gradients": "backward alone: the look-ahead taps have the stride of the other side",
    "only_the_first_tap_is_a_stride_away": "the rest follow frame by frame",
    "strided_taps_on_a_fixed_grid": "every stride-th frame from frame 0 on",
    "look_back_stops_at_the_block": "blocks of 64, and the taps do not read across",
    "look_ahead_stops_at_the_chunk": "blocks of 64, and the look-ahead taps do not read across",
    "memory_replaces_hidden": "the memory replaces hidden row by row",
    "no_look_ahead_no_memory": "only the identity term is there .*if there is no look-ahead tap",
    "no_look_back_taps_the_frame_twice": "row 0 of bfilter is used once more.*if there is no look-back tap",
    "short_sequences_lose_look_ahead": "look-ahead taps are never used.*look-ahead taps reach as far",
    "one_tap_ignores_the_stride": "fstride is ignored.*if there is one look-ahead tap",
    "last_odd_channel_dropped": "last channel|2 at a time",
    "square_filter_transposed": "channel by channel.*as many taps as channels",
    "filter_gradients_exchanged": "exchanged.*have the same shape",
    "identity_gradient_missing": "(dhidden|backward) alone: the identity term is missing",
    "identity_missing_from_the_bidirectional_memory": "the identity term is missing",
    "identity_twice": "the identity term is added twice",
    "own_tap_missing_from_dhidden": "own tap .* is missing",
    "backward_never_written": "it is zero, whatever|gradient of the taps is zero",
    "look_ahead_filter_frozen": "dffilter alone: it is zero",
    "dhidden_from_hidden": "the look-ahead taps multiply hidden instead of dmemory",
    "look_ahead_gradient_subtracted": "the look-ahead taps are subtracted",
    "gradient_gated_by_hidden": "zero where hidden is not positive",
    "memory_rectified": "negative elements are replaced by 0",
    "dfilter_averaged": "mean over the rows that use them",
    "last_row_left_out_of_dbfilter": "the last row that uses each of the look-back taps is left out",
    "colliding_updates_lost": "colliding updates are lost",
    "taps_oldest_first": "alike: the taps are in reverse order",
    "first_tap_reads_the_frame_itself": "alike: the taps begin one stride too near",
    "last_tap_never_used": "alike: the last of the taps is left out",
    "positions_below_the_number_of_taps": "cut to the number of taps less one",
    "look_ahead_position_is_exclusive": "alike: fposition is taken as exclusive",
    "bidirectional_identity_missing": "alike: the identity term is missing",
    "taps_divided_by_their_number": "divided by their number",
    "channels_of_the_look_ahead_reversed": "channels .*in reverse",
    "time_runs_backwards": "time runs backwards",
    "sum_of_zero_taken_for_unset": "where the sum is zero, hidden stands in for it",
    "odd_rows_lost_in_a_tree_sum": "as a binary tree",
}
"""Those that small cases show, and a part of the sentence."""

UTTERANCES = (("utterances", 4), ("utterances", 4))
WHOLE = (("whole", 0), ("whole", 0))


def _uni(says: str, frames: int, channels: int, taps: int, stride: int = 1, **more: Any) -> tuple[str, dict[str, Any]]:
    return says, {"form": "uni", "frames": frames, "channels": channels, "taps": (taps,), "strides": (stride,), **more}


def _bi(
    says: str, frames: int, channels: int, taps: tuple[int, int], strides: tuple[int, int] = (1, 1), **more: Any
) -> tuple[str, dict[str, Any]]:
    return says, {"form": "bi", "frames": frames, "channels": channels, "taps": taps, "strides": strides, **more}


AT_SIZES: dict[str, tuple[str, dict[str, Any]]] = {
    "frame_numbers_in_int8": _uni("frame numbers are kept in int8", 200, 2, 3),
    "frame_numbers_in_uint16": _uni("frame numbers are kept in uint16", 65_700, 1, 1),
    "partial_sums_beyond_the_eighth_lost": _uni("rows from 2000 on have no taps", 2100, 8, 2),
    "lag_in_uint8": _uni("distance of the taps wraps at 256|the row's own frame .*with stride 256", 300, 1, 2, 256),
    "only_32_taps_fit": _uni("only the first 32", 50, 2, 40),
    "taps_numbered_in_a_byte": _uni("repeat after 256", 300, 1, 260),
    "full_last_group_of_taps_lost": _uni(
        "the last 16 are left out|only the identity term is there.*with 16 look", 40, 2, 16
    ),
    "positions_saturate_at_127": _uni("at most 127 frames", 200, 2, 130),
    "positions_wrap_at_256": _uni("wrap at 256", 300, 2, 3),
    "bytes_read_as_signed": _bi(
        "from 128 on in bposition count as 0", 200, 2, (3, 2), position_types=("uint8", "int64")
    ),
    "long_inputs_taken_for_utterances": _uni("is counted anew", 600, 2, 3, positions=(("arbitrary", 3),)),
    "look_ahead_of_long_inputs_is_what_look_back_leaves": _bi(
        "look-ahead ends before the next frame whose bposition is 0",
        600,
        2,
        (3, 3),
        positions=(("arbitrary", 3), ("arbitrary", 4)),
    ),
    "stride_in_a_byte": _uni("stride wraps at 256|all read the current frame .*with stride 256", 300, 2, 1, 256),
    "last_block_of_one_row_dropped": _uni("leave a single row over|last row has no taps.*with 65 frames", 65, 2, 3),
    "full_last_block_dropped": _uni("multiple of 64, the last block", 128, 2, 3),
    "blocks_rounded_down": _uni("beyond the last whole block", 100, 2, 3),
    "ring_of_64_frames": _uni("kept in a ring of 64", 100, 2, 70),
    "frames_beyond_1024_untapped": _bi("rows from 1024 on have no taps", 1100, 2, (2, 2)),
    "channels_beyond_256_untapped": _uni("channels from 256 on", 9, 300, 3),
    "channels_beyond_1024_get_no_gradient": _bi("channels from 1024 on", 9, 1100, (3, 2)),
    "channels_beyond_the_last_whole_vector": _bi("channels are taken 8 at a time", 9, 13, (3, 2)),
    "longer_tails_of_channels_lost": _bi("8 at a time|channels from 8 on .*with 12 channels", 9, 13, (3, 2)),
    "last_lane_of_a_single_warp_idle": _uni("the last channel has no part.*with 32 channels", 9, 32, 3),
    "positions_of_32_bits_packed_into_ten": _uni("wrap at 1024", 1200, 2, 3, position_types=("int32",)),
    "distances_wrap_in_bytes": _uni("wraps at 256, before", 200, 2, 9, 30, position_types=("uint8",)),
    "look_ahead_at_the_look_back_stride_in_whole_vectors": _bi("stride of the other side", 20, 16, (3, 3), (1, 2)),
    "second_gradient_strided_like_the_first": _bi("stride of the other side", 30, 2, (2, 9), (1, 2)),
    "stride_kept_in_four_bits": _uni("stride wraps at 16|1 frame apart .*with stride 17", 200, 2, 9, 18),
    "strides_rounded_up_in_wide_inputs": _uni("rounded up", 40, 48, 3, 2, positions=(("arbitrary", 4),)),
    "only_128_look_back_taps_in_backward": _bi("only the first 128 of the look-back taps", 150, 2, (132, 2)),
    "unsigned_positions_wrap": _uni("wrap round .*if position is uint8", 20, 2, 3, position_types=("uint8",)),
    "fourth_unrolled_tap_is_the_third": _uni(
        "only in rows from 64 on: every fourth of the taps has the weight of the third", 130, 2, 7
    ),
    "corner_of_both_tails_dropped": _uni("4 at a time, and those beyond .* are left out", 20, 7, 11),
    "look_ahead_unrolled_as_far_as_the_look_back": _bi(
        "only the first 8 of the look-ahead taps .*from 101 channels on", 30, 104, (2, 11)
    ),
    "frames_beyond_the_largest_grid_not_computed": _uni("rows from 65535 on", 65_600, 2, 1),
}
"""Those that only larger cases show: a part of the sentence, and a case."""

UNNAMED = (
    "numbers_of_a_filter_counted_in_uint16",
    "frame_numbers_in_int16",
    "look_ahead_positions_saturate_at_32767",
    "tail_of_the_unrolled_loop_lost",
    "first_row_speaks_for_its_block",
    "gradient_stays_in_a_mixed_block",
    "tap_gradient_of_the_last_block_only",
    "distant_positions_of_strided_taps_turn_negative",
    "resets_between_samples_unseen",
    "long_inputs_taken_as_one_utterance_by_their_ends",
    "largest_byte_reads_nothing",
    "lone_frames_of_whole_vectors_keep_no_own_tap",
    "short_type_of_the_stride_wraps",
    "last_phase_of_long_strided_inputs_dropped",
    "reset_inside_a_block_unseen",
    "rows_found_by_bisection",
    "taps_beyond_the_tile_of_wide_inputs_dropped",
    "single_frame_behind_whole_tiles_of_odd_channels",
    "block_chosen_by_size_does_not_divide_the_frames",
    "index_of_an_element_wraps_in_the_tail",
    "utterance_of_one_tile_among_others_cut",
    "strided_taps_counted_in_a_byte",
    "last_of_three_warps_has_the_taps_of_the_first",
    "ninth_channel_reads_its_neighbour_where_unrolled_far",
)
"""Those that change the map as well, and that nothing or only a difference is said of."""

KEPT: dict[str, str] = {
    "plan_kept_by_length": "kept from an earlier call|after an earlier call",
    "plan_kept_by_checksum": "whose positions have the same sum|after an earlier call",
    "plan_kept_by_address": "with the same arrays",
    "plan_of_many_frames_keeps_its_first_stride": "stride is kept from an earlier call",
    "plan_kept_by_the_array_of_positions": "bposition is kept from an earlier call with the same arrays",
    "plan_kept_without_the_stride": "differs in b?stride alone",
    "plan_kept_without_the_taps": "with fewer .*taps",
    "plan_kept_by_the_first_positions": "",
    "weights_packed_once": "ffilter is kept",
    "weights_packed_for_each_array": "filter is kept from an earlier call with the same arrays",
    "memory_kept_by_address": "with the same arrays",
    "hidden_of_the_last_forward_call": "hidden is kept",
    "gradients_add_up_over_calls": "dfilter is added to that of the calls before",
    "scratch_not_cleared": "memory is wrong after an earlier call",
    "memory_is_scratch": "results are scratch",
    "order_of_summation_alternates": "other bits of memory",
}
"""Those that keep what they should not, and what is said of their calls."""
