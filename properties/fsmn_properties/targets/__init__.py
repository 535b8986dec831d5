"""What is verified: how it is reached, and what it promises."""
