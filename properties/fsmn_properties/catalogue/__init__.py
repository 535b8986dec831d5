"""Everything that must hold of an implementation; what fails soonest for most bugs comes first."""

from __future__ import annotations

from fsmn_properties.catalogue import (
    agreement,
    arguments,
    exhaustive,
    gradients,
    memory,
    nonfinite,
    notebook,
    production,
    sizes,
    structure,
    symmetries,
    types,
)
from fsmn_properties.property import Property

CATALOGUE: tuple[Property, ...] = (
    *notebook.PROPERTIES,
    *agreement.PROPERTIES,
    *nonfinite.PROPERTIES,
    *memory.PROPERTIES,
    *sizes.PROPERTIES,
    *types.PROPERTIES,
    *arguments.PROPERTIES,
    *gradients.PROPERTIES,
    *structure.PROPERTIES,
    *symmetries.PROPERTIES,
    *production.PROPERTIES,
    *nonfinite.AT_SCALE,
    *memory.AT_SCALE,
    *production.DEPLOYED,
    *exhaustive.PROPERTIES,
)
