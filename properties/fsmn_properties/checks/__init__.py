"""How results are judged: exactly, within the rounding bound, and as arrays."""
