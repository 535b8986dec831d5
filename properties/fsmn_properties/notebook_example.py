"""The worked example of the 'FSMN Gradient Check' notebook (Kaituo Xu, 2018): its inputs and every table it prints."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from fsmn_properties.cases.case import Case
from fsmn_properties.contract.forms import BI, Form
from fsmn_ref.arguments import Array


@dataclass(frozen=True)
class Example:
    """One form's inputs, the tables to the 8 decimals that were printed, and the errors printed beside them."""

    case: Case
    tables: dict[str, Array]
    printed_errors: dict[str, float]
    step: float


def example(form: Form) -> Example:
    """Return the notebook's example of a form."""
    text = (files("fsmn_properties") / "notebook_example.json").read_text(encoding="utf-8")
    everything = json.loads(text)
    facts = everything["bidirectional" if form is BI else "unidirectional"]
    T, D = facts["T"], facts["D"]
    rows = {
        "hidden": T,
        "dmemory": T,
        "filter": facts.get("N"),
        "bfilter": facts.get("N1", 0) + 1,
        "ffilter": facts.get("N2"),
    }
    arrays = {name: _linspace(facts[name], rows[name], D) for name in rows if name in facts}
    positions = {name: np.array(facts[name]) for name in form.positions}
    matrices = {name: arrays[name] for name in form.matrices}
    case = Case(form, {**matrices, **positions, **dict.fromkeys(form.strides, 1)})
    tables = {name: np.array(facts[name]) for name in ("memory", *form.gradients)}
    return Example(case, tables, facts["printed_rel_error"], everything["finite_difference_step"])


def _linspace(text: str, rows: int, channels: int) -> Array:
    """Return what 'linspace(first, last, count)' says, in rows."""
    first, last, _ = text.removeprefix("linspace(").split(",")
    return np.linspace(float(first), float(last), rows * channels).reshape(rows, channels)


def rel_error(x: Array, y: Array) -> float:
    """Return the notebook's error: the largest |x - y| / max(1e-8, |x| + |y|)."""
    return float(np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y))))
