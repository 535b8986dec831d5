"""What a property raises when it does not hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fsmn_properties.forms import Form


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


def script_of(module: str, names: str, form: Form, *lines: str) -> str:
    """Return Python that shows a violation by a check of the catalogue; `form` is the form in its lines."""
    imports = f"from fsmn_properties.catalogue.{module} import {names}"
    return "\n".join([imports, f"from fsmn_properties.forms import {form.short.upper()} as form", *lines])


@contextmanager
def shown_by(script: str, where: str = "") -> Iterator[None]:
    """Say of a Violation where it is, and show it by another script: its own would have too many numbers to read."""
    try:
        yield
    except Violation as violation:
        raise Violation(where + violation.problem, script) from violation
