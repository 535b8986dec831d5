"""Results that are right but in some places, where they follow a named map: which places, learned from what is seen."""
