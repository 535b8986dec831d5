"""Everything that must hold of an implementation; what fails soonest for most bugs comes first."""

from __future__ import annotations

from fsmn_properties.catalogue import (
    agreement,
    arguments,
    calls,
    exhaustive,
    gradients,
    memory,
    nonfinite,
    notebook,
    production,
    refusals,
    sizes,
    structure,
    symmetries,
    types,
)
from fsmn_properties.property import Property

WITHOUT_REFERENCE: tuple[Property, ...] = (*gradients.PROPERTIES, *structure.PROPERTIES, *symmetries.PROPERTIES)
"""What must hold whatever the memory is: seldom the first to fail where results were compared with the reference."""

CATALOGUE: tuple[Property, ...] = (
    *notebook.PROPERTIES,
    *agreement.PROPERTIES,
    *refusals.PROPERTIES,
    *arguments.REFUSALS,
    *nonfinite.PROPERTIES,
    *arguments.PROPERTIES,
    *memory.PROPERTIES,
    *calls.PROPERTIES,
    *agreement.ROUNDED,
    *sizes.PROPERTIES,
    *types.PROPERTIES,
    *WITHOUT_REFERENCE,
    *refusals.AT_SCALE,
    *calls.AT_SCALE,
    *production.PROPERTIES,
    *nonfinite.AT_SCALE,
    *agreement.AT_SCALE,
    *memory.AT_SCALE,
    *production.LARGE,
    *exhaustive.PROPERTIES,
)
