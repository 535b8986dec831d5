"""All named maps, those first that say it in the simplest way."""

from __future__ import annotations

from functools import cache

from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.maps import channels, count, distance, entries, order, padding, positions, values
from fsmn_properties.diagnosis.named import Named


@cache
def named_maps(form: Form) -> tuple[Named, ...]:
    """Return every named map of a form."""
    found = [
        each
        for module in (entries, count, order, positions, distance, padding, values, channels)
        for each in module.maps(form)
    ]
    unique = {each.key: each for each in found}.values()
    return tuple(sorted(unique, key=lambda each: each.is_numbered))


def by_key(form: Form, key: str) -> Named:
    """Return a named map."""
    return next(each for each in named_maps(form) if each.key == key)
