"""What must hold: comparisons that raise a Violation."""
