"""The sources of cases that several statements share; each is drawn once for all of them."""

from __future__ import annotations

from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.cases.space import SMALL, TINY, Pick, small_case
from fsmn_properties.catalogue.statement import Source
from fsmn_properties.contract.forms import Form
from fsmn_properties.contract.promises import Promises


def _whole(pick: Pick, form: Form, promises: Promises) -> Recipe:
    return small_case(pick, form, promises, ("whole", "small whole"), SMALL)


def _tiny(pick: Pick, form: Form, promises: Promises) -> Recipe:
    return small_case(pick, form, promises, ("whole", "small whole"), TINY)


def _floats(pick: Pick, form: Form, promises: Promises) -> Recipe:
    # Those of any magnitude are at times subnormal, or their products are.
    return small_case(pick, form, promises, "floats" if promises.subnormals else ("full", "middling", "outlier"), TINY)


WHOLE = Source("whole", draw=_whole)
"""Small cases of whole numbers, on which two correct implementations agree with ==."""

TINY_WHOLE = Source("tiny whole", draw=_tiny)
"""Cases small enough for two forward calls an element."""

FLOATS = Source("floats", draw=_floats)
"""Small cases of finite floats of any magnitude: bugs hide in values as well as in sizes."""
