"""Other ways of being wrong than following a wrong map, each with probes of its own."""
