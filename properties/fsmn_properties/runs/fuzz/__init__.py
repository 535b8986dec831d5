"""The fuzzer: cases for as long as it may run, a kernel that may die, and nothing found is lost."""
