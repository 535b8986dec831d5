"""`pytest properties [--impl NAME]`: the catalogue, collected from a checkout."""

from fsmn_properties.suite import test_property

__all__ = ["test_property"]
