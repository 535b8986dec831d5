"""The same job done by other libraries, verified by our properties before it is timed."""
