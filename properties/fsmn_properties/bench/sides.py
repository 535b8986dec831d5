"""Two versions of a target loaded side by side in one process, each with the modules of its own folders."""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from fsmn_properties.contract.promises import PromiseError
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.process import PREFIX, Program
from fsmn_properties.targets.target import CannotLoadError, Target


@dataclass(frozen=True)
class Place:
    """Where a side is found.

    Parameters
    ----------
    name : str
        The name of the target, as it is called in `folder`.
    folder : Path
        The working directory in which it is loaded.
    root : Path, optional
        The folder that all of its own modules lie in: its work tree. None if it need not be told from another side.
    promises : mapping
        What it promises; replaces, key by key, what it declares itself.
    """

    name: str
    folder: Path
    root: Path | None = None
    promises: Mapping[str, Any] = field(default_factory=dict)

    def within(self, tree: Path) -> Place:
        """Return the same place in another work tree."""
        assert self.root is not None
        return replace(
            self, name=moved(self.name, self.root, tree), folder=_moved(self.folder, self.root, tree), root=tree
        )


class Side:
    """A loaded target.

    Importing finds the modules below the side's root for as long as `entered` lasts: what a function imports when it is
    called comes from its own side as well.

    Parameters
    ----------
    place : Place
        Where it is.
    roots : sequence of Path
        The roots of all sides.
    beside : Side, optional
        The side that was loaded before: its folders on the path, moved to this side's root, are looked into.

    Raises
    ------
    CannotLoadError
        If importing fails, or brings a module from another side: then both sides would silently be the same code.
    """

    def __init__(self, place: Place, roots: Sequence[Path] = (), beside: Side | None = None) -> None:
        self.place, self._roots, self._modules = place, tuple(roots), dict[str, ModuleType]()
        self._path = list(sys.path)
        if beside is not None and place.root is not None and beside.place.root is not None:
            before = [*beside.import_roots(), *sys.path]
            self._path = [moved(entry, beside.place.root, place.root) for entry in before]
        with self.entered(), chdir(place.folder):
            try:
                self.target: Target = load(place.name, place.promises)
            except PromiseError as error:
                raise CannotLoadError(str(error)) from error
            self._path = list(sys.path)
            elsewhere = {name: sys.modules[name] for name in (beside._modules if beside else ()) if name in sys.modules}
        for name, module in {**elsewhere, **self._modules}.items():
            if place.root is not None and not _lies_in(module, [place.root]):
                raise CannotLoadError(f"{name} comes from {module.__file__}, not from {place.root}")
        if place.root is not None and not self._modules and not isinstance(self.target.functions, Program):
            raise CannotLoadError(f"{place.name} does not come from {place.root}")

    def import_roots(self) -> list[str]:
        """Return the folders that its own modules are found in, whoever found them."""
        found = []
        for name, module in self._modules.items():
            if module.__file__:
                file = Path(module.__file__)
                up = name.count(".") + (file.stem == "__init__")
                found.append(str(file.parents[up]))
        return list(dict.fromkeys(found))

    def importing(self, name: str) -> ModuleType:
        """Return a module of this side."""
        with self.entered():
            return importlib.import_module(name)

    def clock(self) -> Callable[[], float]:
        """Return the clock of the CPU time that its calls take; a program's own is added to that of the pipe."""
        program = self.target.functions
        if not isinstance(program, Program):
            return time.process_time
        clock = _clock_of(program.running().pid)
        return lambda: time.process_time() + time.clock_gettime(clock)

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Let imports find this side's modules."""
        before, path = _own(self._roots), list(sys.path)
        _swap(before, self._modules)
        sys.path[:] = self._path
        importlib.invalidate_caches() if not self._modules else None
        try:
            yield
        finally:
            self._modules = _own(self._roots)
            _swap(self._modules, before)
            sys.path[:] = path


def _clock_of(pid: int) -> int:
    """Return the number of the CPU clock of a process: Linux's `clock_getcpuclockid`, which Python does not have.

    Raises
    ------
    CannotLoadError
        If the system has no such clock.
    """
    clock = ~pid << 3 | 2
    try:
        time.clock_gettime(clock)
    except OSError as error:
        raise CannotLoadError(f"programs are timed on Linux alone: their CPU clock can't be read ({error})") from None
    return clock


def _swap(some: Mapping[str, ModuleType], others: Mapping[str, ModuleType]) -> None:
    for name in some:
        del sys.modules[name]
    sys.modules.update(others)


def _own(roots: Sequence[Path]) -> dict[str, ModuleType]:
    """Return the loaded modules that lie below a root."""
    return {name: module for name, module in list(sys.modules.items()) if _lies_in(module, roots)}


def _lies_in(module: ModuleType, roots: Sequence[Path]) -> bool:
    file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)
    return isinstance(file, str) and any(is_own(file, root) for root in roots)


def is_own(file: str, root: Path) -> bool:
    """Return whether a file belongs to a work tree; an environment that lies in it does not."""
    prefix = str(root) + os.sep
    return file.startswith(prefix) and "site-packages" not in Path(file[len(prefix) :]).parts


def moved(path: str, root: Path, tree: Path) -> str:
    """Return a path, or a command with such paths, in another work tree if it lies in this one."""
    if path.startswith(PREFIX):
        return path.replace(str(root) + os.sep, str(tree) + os.sep)
    return str(tree) + path[len(str(root)) :] if is_own(path, root) or path == str(root) else path


def _moved(path: Path, root: Path, tree: Path) -> Path:
    return Path(moved(str(path), root, tree))
