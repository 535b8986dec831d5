"""The simplest condition that tells the places where something is wrong from those where it is right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fsmn_properties.contract.forms import Form
from fsmn_properties.diagnosis.places.atoms import Atom, atoms_of, every_feature
from fsmn_properties.diagnosis.places.features import Places
from fsmn_ref.arguments import Array

FEW = 60
"""So many conditions are tried in threes."""


class Conjunction(NamedTuple):
    """Conditions that hold at once; none always hold."""

    atoms: tuple[Atom, ...]

    @property
    def says(self) -> str:
        """The conditions in words."""
        return " and ".join(each.says for each in self.atoms)

    @property
    def cost(self) -> float:
        """How far-fetched they are together."""
        return sum(each.cost for each in self.atoms) + 0.5 * len(self.atoms)

    def holds(self, places: Places) -> Array:
        """Return of which places all hold."""
        found = np.ones(len(places.rows), bool)
        for each in self.atoms:
            found &= each.holds(places)
        return found


def learned(form: Form, grain: str, wrong: Sequence[Places], right: Sequence[Places]) -> Conjunction | None:
    """Return the simplest condition that holds of all places that are wrong and of none that are right.

    Parameters
    ----------
    form : Form
        The form.
    grain : str
        What kind of places they are.
    wrong, right : sequence of Places
        The places.
    """
    wrong, right = ([each for each in some if len(each.rows)] for some in (wrong, right))
    if not right or not wrong:
        return Conjunction(()) if wrong else None
    atoms, table = [], []
    for feature in every_feature(form, grain, wrong[0].facts):
        some = list(atoms_of(feature, np.concatenate([feature.values(each) for each in wrong])))
        if some:
            others = np.concatenate([feature.values(each) for each in right])
            atoms += some
            table += [np.packbits(each.test(others)) for each in some]
    if not atoms:
        return None
    # Of conditions that hold alike the cheapest is enough, and of places that no condition tells apart, one.
    order = np.argsort([each.cost for each in atoms], kind="stable")
    packed, first = np.unique(np.array(table)[order], axis=0, return_index=True)
    bits = np.unique(np.unpackbits(packed, axis=1, count=sum(len(each.rows) for each in right)), axis=1)
    kept = np.argsort(first, kind="stable")
    atoms = [atoms[order[first[i]]] for i in kept]
    chosen = _fewest(np.array([each.cost for each in atoms]), bits[kept].astype(np.float32))
    return None if chosen is None else Conjunction(tuple(atoms[i] for i in chosen))


def _fewest(cost: Array, table: Array) -> tuple[int, ...] | None:
    """Return the cheapest conditions of which some is false of each right place."""
    left = table.sum(axis=1)
    found: dict[tuple[int, ...], float] = {(int(i),): cost[i] for i in np.flatnonzero(left == 0)[:1]}
    pairs = np.argwhere(np.triu(table @ table.T == 0, 1))
    for i, j in pairs[np.argsort(cost[pairs].sum(axis=1), kind="stable")][:1]:
        found[int(i), int(j)] = cost[i] + cost[j] + 0.5
    if not found:
        for i in np.argsort(left + cost)[:FEW]:
            some = table[:, table[i] > 0]
            others = np.argwhere(np.triu(some @ some.T == 0, 1))
            for j, k in others[np.argsort(cost[others].sum(axis=1), kind="stable")][:1]:
                found[int(i), int(j), int(k)] = cost[[i, j, k]].sum()
    return min(found, key=lambda key: found[key], default=None)
