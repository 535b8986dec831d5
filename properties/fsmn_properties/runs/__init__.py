"""Running statements on a target."""
