"""Finding a target by name: a module, a file, or an attribute of either."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from fsmn_properties.targets.process import PREFIX, command
from fsmn_properties.targets.target import CannotLoadError, Target, target_of
from fsmn_properties.targets.wire import ProgramError


def load(name: str, promises: Any = None) -> Target:
    """Load the target called `name`: `package.module`, `path/to/file.py`, either with `:attribute`, or `command:...`.

    Parameters
    ----------
    name : str
        The name.
    promises : mapping or Promises, optional
        What it promises; replaces, key by key, what it declares itself.

    Raises
    ------
    CannotLoadError
        If there is no such module, file or attribute, if importing it fails, or if it has no function that can be
        called as the contract says.
    PromiseError
        If a promise is not allowed.
    """
    if name.startswith(PREFIX):
        try:
            return target_of(command(name.removeprefix(PREFIX)), promises, name=name)
        except ProgramError as error:
            raise CannotLoadError(str(error)) from error
    where, _, attribute = name.rpartition(":") if _has_attribute(name) else (name, "", "")
    if where.endswith(".py"):
        functions: Any = _from_file(Path(where))
        folder = str(Path(where).parent)
        python = (
            f"import runpy, sys, types\nsys.path.append({folder!r})\n"
            f"implementation = types.SimpleNamespace(**runpy.run_path({where!r}))"
        )
    else:
        functions = _from_module(where)
        python = f"import {where}\nimplementation = {where}" if "." in where else f"import {where} as implementation"
    declared = getattr(functions, "promises", None)
    for part in attribute.split(".") if attribute else ():
        if not hasattr(functions, part):
            raise CannotLoadError(f"{where} has no attribute {attribute!r}")
        functions = getattr(functions, part)
    if attribute:
        python += f"\nimplementation = implementation.{attribute}"
    return target_of(functions, promises, name=name, python=python, declared=declared)


def _has_attribute(name: str) -> bool:
    # The colon of a drive, as in C:\port.py, is followed by what is no Python name.
    return all(part.isidentifier() for part in name.rpartition(":")[2].split(".")) and ":" in name


def _from_module(name: str) -> ModuleType:
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    with _told(f"importing {name} failed"):
        return importlib.import_module(name)


def _from_file(path: Path) -> ModuleType:
    if not path.is_file():
        raise CannotLoadError(f"path must be an existing file, got {path}")
    name = f"implementation_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CannotLoadError(f"{path} is no Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    if str(path.parent.resolve()) not in sys.path:
        sys.path.append(str(path.parent.resolve()))
    with _told(f"running {path} failed"):
        spec.loader.exec_module(module)
    return module


@contextmanager
def _told(problem: str) -> Iterator[None]:
    try:
        yield
    except (Exception, SystemExit) as error:
        raise CannotLoadError(f"{problem}: {type(error).__name__}: {error}") from error
