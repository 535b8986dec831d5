"""The suite under pytest: as a plugin, as tests of a target, and as a decorator of somebody else's test."""
