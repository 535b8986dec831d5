"""The commands of the main program: each module has `run(arguments) -> exit status`."""
