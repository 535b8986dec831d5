"""`pytest properties [--impl NAME]`: the catalogue, collected from a checkout."""

from fsmn_properties.under_pytest.suite import test_beyond_the_promise, test_property

__all__ = ["test_beyond_the_promise", "test_property"]
