"""A target without what is known to fail: the same functions, promising less."""

from __future__ import annotations

from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.targets.target import Target

MOST_KEPT = 128


class Masks:
    """Targets that promise less of the same functions."""

    def __init__(self, whole: Target) -> None:
        self.whole = whole
        self._made: dict[tuple[frozenset[str], str], Target] = {}

    def without(self, left_out: frozenset[str], statement: Statement) -> Target | None:
        """Return the target without some functions and results, or None if the statement has nothing left to ask."""
        if not left_out:
            return self.whole
        form = statement.form
        key = left_out, form.short
        target = self._made.get(key)
        if target is None:
            promises = self.whole.promises
            functions = {*left_out} | ({form.forward} if "memory" in left_out else set())
            fewer = promises.but(
                functions=tuple(name for name in promises.functions if name not in functions),
                gradients=tuple(name for name in promises.gradients if f"d{name}" not in left_out),
            )
            if len(self._made) > MOST_KEPT:
                self._made.clear()
            target = self._made[key] = self.whole.promising(fewer)
        return None if statement.not_promised(target) or not target.functions_of(form) else target
