"""The contract: its functions, its float formats, and what an implementation may promise of it."""
