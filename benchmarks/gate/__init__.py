"""A regression gate: candidate and base side by side in one process, with its sensitivity stated in every run."""
