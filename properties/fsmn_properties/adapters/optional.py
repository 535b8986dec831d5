"""Packages that only some adapters need."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType


def needed(module: str, adapter: str, package: str) -> ModuleType:
    """Return a module of a package that is not among this project's.

    Parameters
    ----------
    module, adapter, package : str
        Its name, the adapter that needs it, and the name under which pip installs it.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name and error.name.partition(".")[0] != module.partition(".")[0]:
            raise
        raise ImportError(f"{adapter} needs {module}: pip install {package}") from None
