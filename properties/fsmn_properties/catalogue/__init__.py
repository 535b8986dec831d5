"""Everything that must hold of an implementation."""

from __future__ import annotations

from fsmn_properties.catalogue import agreement, arguments, gradients, notebook
from fsmn_properties.property import Property

CATALOGUE: tuple[Property, ...] = (
    *agreement.forward_equals_the_reference,
    *agreement.backward_equals_the_reference,
    *gradients.backward_equals_the_central_difference,
    *agreement.forward_is_within_the_rounding_bound,
    *agreement.backward_is_within_the_rounding_bound,
    *arguments.positions_out_of_range_are_refused,
    *arguments.inputs_are_not_changed,
    *notebook.notebook_tables,
    *notebook.notebook_gradient_check,
)
