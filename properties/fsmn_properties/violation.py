"""What a property raises when it does not hold."""

from __future__ import annotations


class Violation(AssertionError):  # noqa: N818, the word is the contract's
    """An implementation breaks the contract.

    Parameters
    ----------
    problem : str
        What is wrong, in a sentence.
    script : str
        Python that shows it, to be pasted after `implementation` is imported; empty where there is no single call.
    """

    def __init__(self, problem: str, script: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.script = script
