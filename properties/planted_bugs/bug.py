"""A planted bug: a named change of a correct kernel's source, compiled anew for each use."""

from __future__ import annotations

import ast
import inspect
import linecache
from dataclasses import dataclass
from types import ModuleType

from fsmn_properties.contract.forms import FORMS, Form


class ChangeDoesNotFitError(Exception):
    """A change whose old text is not in the kernel as often as it should be."""


@dataclass(frozen=True)
class Change:
    """One replacement in a kernel's source.

    Parameters
    ----------
    old, new : str
        What is replaced by what. Further lines of `new` are indented like the line that `old` begins on.
    within : str
        The function whose source is changed; if empty, the whole kernel's.
    times : int
        How often `old` occurs there. All occurrences are replaced.
    """

    old: str
    new: str
    within: str = ""
    times: int = 1

    def applied(self, source: str) -> str:
        """Return the source with the change made.

        Raises
        ------
        ChangeDoesNotFitError
            If there is no function `within`, or `old` does not occur exactly `times` times.
        """
        first, end = _lines_of(self.within, source) if self.within else (0, len(source.splitlines()))
        lines = source.splitlines(keepends=True)
        before, inside, after = ("".join(part) for part in (lines[:first], lines[first:end], lines[end:]))
        found = inside.count(self.old)
        if found != self.times:
            where = self.within or "the kernel"
            raise ChangeDoesNotFitError(f"{self.old!r} occurs {found} times in {where}, not {self.times}")
        pieces = inside.split(self.old)
        changed = pieces[0]
        for piece in pieces[1:]:
            line = changed.rpartition("\n")[2]
            indentation = " " * (len(line) - len(line.lstrip(" ")))
            changed += self.new.replace("\n", f"\n{indentation}") + piece
        return before + changed + after


def _lines_of(function: str, source: str) -> tuple[int, int]:
    """Return the indices of a function's first line and of the one after its last."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == function and node.end_lineno is not None:
            return node.lineno - 1, node.end_lineno
    raise ChangeDoesNotFitError(f"there is no function {function}")


@dataclass(frozen=True)
class Bug:
    """A wrong implementation: a correct kernel with one idea changed.

    Parameters
    ----------
    name : str
        The idea, in snake_case.
    what : str
        What is wrong, in one sentence.
    kernel : module
        The correct implementation.
    changes : tuple of Change
        What makes it wrong, applied one after another.
    row : int, optional
        The row of known_bugs.md that reports this bug in a real implementation.
    """

    name: str
    what: str
    kernel: ModuleType
    changes: tuple[Change, ...]
    row: int | None = None

    @property
    def forms(self) -> frozenset[Form]:
        """The forms whose functions it changes; what is not within one of their functions may concern both."""
        functions = {function: {form} for form in FORMS for function in (form.forward, form.backward)}
        return frozenset().union(*(functions.get(change.within, FORMS) for change in self.changes))

    def source(self) -> str:
        """Return the source of the wrong implementation.

        Raises
        ------
        ChangeDoesNotFitError
            If a change does not fit the kernel.
        """
        source = inspect.getsource(self.kernel)
        for change in self.changes:
            try:
                source = change.applied(source)
            except ChangeDoesNotFitError as error:
                raise ChangeDoesNotFitError(f"{self.name} does not fit {self.kernel.__name__}: {error}") from None
        return source

    def implementation(self) -> ModuleType:
        """Return a new module with the four functions; whatever they keep between calls is its own."""
        source, filename = self.source(), f"<planted bug {self.name}>"
        linecache.cache[filename] = len(source), None, source.splitlines(keepends=True), filename
        module = ModuleType(self.name)
        module.__file__ = filename
        exec(compile(source, filename, "exec", dont_inherit=True), module.__dict__)  # noqa: S102 - that's what it is for
        return module
