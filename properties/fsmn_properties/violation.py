"""What a property raises when it does not hold."""

from __future__ import annotations

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
    """Return Python that shows a violation by a check of the catalogue, where the arguments are too many to be read."""
    imports = f"from fsmn_properties.catalogue.{module} import {names}\nfrom fsmn_properties.forms import {_name(form)}"
    return "\n".join([imports, *(line.replace("FORM", _name(form)) for line in lines)])


def _name(form: Form) -> str:
    return form.short.upper()
