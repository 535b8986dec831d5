"""Finding the implementation under verification: a module, a file, or an attribute of either."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from fsmn_properties.forms import FORMS


class CannotLoadError(Exception):
    """A name that leads to no implementation; the message says why."""


@dataclass(frozen=True)
class Implementation:
    """The four functions under verification, and the Python that gets hold of them."""

    functions: Any
    name: str
    statement: str

    def __getattr__(self, function: str) -> Any:
        return getattr(self.functions, function)


def implementation_of(functions: object) -> Implementation:
    """Wrap any object with the four functions as attributes: a module, a class, an instance.

    Raises
    ------
    CannotLoadError
        If a function is missing.
    """
    if isinstance(functions, Implementation):
        return functions
    name = getattr(functions, "__name__", None) or type(functions).__name__
    importable = isinstance(functions, ModuleType) and name in sys.modules
    statement = f"import {name} as implementation" if importable else "implementation = ...  # what was verified"
    return _complete(Implementation(functions, name, statement))


def load(name: str) -> Implementation:
    """Load the implementation called `name`: `package.module`, `path/to/file.py`, or either with `:attribute`.

    Raises
    ------
    CannotLoadError
        If there is no such module, file or attribute, if importing it fails, or if a function is missing.
    """
    where, _, attribute = name.rpartition(":") if _has_attribute(name) else (name, "", "")
    if where.endswith(".py"):
        functions: Any = _from_file(Path(where))
        statement = f"import runpy, types\nimplementation = types.SimpleNamespace(**runpy.run_path({where!r}))"
    else:
        functions = _from_module(where)
        statement = f"import {where}\nimplementation = {where}" if "." in where else f"import {where} as implementation"
    for part in attribute.split(".") if attribute else ():
        if not hasattr(functions, part):
            raise CannotLoadError(f"{where} has no attribute {attribute!r}")
        functions = getattr(functions, part)
    if attribute:
        statement += f"\nimplementation = implementation.{attribute}"
    return _complete(Implementation(functions, name, statement))


def _has_attribute(name: str) -> bool:
    # The colon of a drive, as in C:\port.py, is followed by what is no Python name.
    return all(part.isidentifier() for part in name.rpartition(":")[2].split(".")) and ":" in name


def _from_module(name: str) -> ModuleType:
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise CannotLoadError(f"importing {name} failed: {type(error).__name__}: {error}") from error


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise CannotLoadError(f"there is no file {path}")
    name = f"implementation_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CannotLoadError(f"{path} is no Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    if str(path.parent.resolve()) not in sys.path:
        sys.path.append(str(path.parent.resolve()))
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CannotLoadError(f"running {path} failed: {type(error).__name__}: {error}") from error
    return module


def _complete(implementation: Implementation) -> Implementation:
    names = [name for form in FORMS for name in (form.forward, form.backward)]
    missing = [name for name in names if not callable(getattr(implementation.functions, name, None))]
    if missing:
        raise CannotLoadError(f"{implementation.name} has no function {', '.join(missing)}")
    return implementation
