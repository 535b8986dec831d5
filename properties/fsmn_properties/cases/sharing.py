"""Arguments that share memory, as Python: weights may be tied, and an array may be handed in twice.

The contract says nothing against it, and results are new arrays all the same (rule R2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

import numpy as np

from fsmn_properties.contract.forms import BI, Form


@dataclass(frozen=True)
class Sharing:
    """How some arguments share memory.

    Parameters
    ----------
    values : str
        Python after which they have the values that they will share.
    handed : str
        Python after which they share memory.
    names : tuple of str
        The arguments that take part, those that are made of others last.
    """

    values: str
    handed: str
    names: tuple[str, ...]


def _one_array(one: str, other: str) -> str:
    return f"{one}, {other} = np.split(np.concatenate(({one}, {other})), [len({one})])"


def sharings(form: Form) -> dict[str, Sharing]:
    """Return every way in which arguments of a form may share memory, by its name."""
    frames = f"{form.filters[0]} = hidden[: len({form.filters[0]})]"
    found = {
        "dmemory is hidden": Sharing("dmemory = hidden", "dmemory = hidden", ("hidden", "dmemory")),
        "filter is frames": Sharing(frames, frames, ("hidden", form.filters[0])),
    }
    if form is BI:
        tied = "ffilter = bfilter[1 : 1 + len(ffilter)]"
        nearest = "bposition = fposition = np.minimum(bposition, fposition)"
        found |= {
            "filters in one array": Sharing("", _one_array("bfilter", "ffilter"), form.filters),
            "filters in one array, look-ahead first": Sharing("", _one_array("ffilter", "bfilter"), form.filters),
            "filters are tied": Sharing(tied, tied, form.filters),
            "one array of positions": Sharing(nearest, "fposition = bposition", form.positions),
        }
    return found


def shared_values(form: Form, shared: str, plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return all arguments, with the values of those that will share memory."""
    return _after(sharings(form)[shared].values, plain) if shared else dict(plain)


def sharing(form: Form, shared: str, made: Mapping[str, Any]) -> dict[str, Any]:
    """Return the arguments of a call, sharing memory if all that do are there."""
    if not shared or not {*sharings(form)[shared].names} <= made.keys():
        return dict(made)
    return _after(sharings(form)[shared].handed, made)


def _after(text: str, names: Mapping[str, Any]) -> dict[str, Any]:
    space = {"np": np, **names}
    exec(_compiled(text), space)  # noqa: S102, the text is ours
    return {name: space[name] for name in names}


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, f"<{text}>", "exec")
