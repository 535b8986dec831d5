"""Cases: arguments with how they were made, and where they come from."""
