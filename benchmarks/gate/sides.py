"""Two versions of the packages loaded side by side in one process."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

PACKAGES = ("fsmn_ref", "fsmn_vec")


class CannotLoadError(Exception):
    """A version of the packages can't be loaded; the message says why."""


def load_side(root: Path) -> ModuleType:
    """Return `fsmn_vec` as it is below `root`, with `fsmn_ref` from there as well.

    Raises
    ------
    CannotLoadError
        If importing fails, or brings a module from anywhere else: then both sides would silently be the same code.
    """
    with _no_packages_loaded():
        sys.path.insert(0, str(root))
        importlib.invalidate_caches()
        try:
            side = importlib.import_module("fsmn_vec")
        except Exception as error:
            raise CannotLoadError(f"fsmn_vec does not import: {type(error).__name__}: {error}") from error
        finally:
            sys.path.remove(str(root))
        for name, module in _loaded().items():
            if not Path(str(module.__file__)).resolve().is_relative_to(root.resolve()):
                raise CannotLoadError(f"{name} comes from {module.__file__}, not from {root}")
    return side


def _loaded() -> dict[str, ModuleType]:
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] in PACKAGES}


@contextmanager
def _no_packages_loaded() -> Iterator[None]:
    before = _loaded()
    for name in before:
        del sys.modules[name]
    try:
        yield
    finally:
        for name in _loaded():
            del sys.modules[name]
        sys.modules.update(before)
