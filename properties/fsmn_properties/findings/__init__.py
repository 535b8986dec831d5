"""What was found, as data, and how it is told."""
