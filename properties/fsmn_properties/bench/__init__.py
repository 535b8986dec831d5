"""Benchmarks of any target: what it reaches, and whether it is slower than another revision or another target."""
