"""Correct implementations of the whole contract, in three styles: what the planted bugs are changes of."""
