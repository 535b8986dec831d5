"""Property-based verification of FSMN memory blocks: exact where others use tolerances."""

from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.verify import first_failure, parametrize_with_properties, verify

__all__ = ["CATALOGUE", "first_failure", "parametrize_with_properties", "verify"]
