"""A recipe from its text: a corpus may be anyone's, so nothing in it is run."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np

from fsmn_properties.cases.recipe import Recipe
from fsmn_properties.contract.formats import INTEGERS


def recipe_of(text: str) -> Recipe:
    """Return the recipe of a text like `made(form='uni', frames=3)`.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        call = ast.parse(text, mode="eval").body
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "made"):
            raise ValueError(f"text must be made(...), got {text[:40]!r}")
        return Recipe(**{str(each.arg): _value(each.value) for each in call.keywords})
    except (SyntaxError, TypeError) as error:
        raise ValueError(f"text must be a recipe, got {text[:40]!r} ({error})") from error


def _value(node: ast.expr) -> Any:
    match node:
        case ast.Tuple(elts=items):
            return tuple(_value(item) for item in items)
        case ast.Dict(keys=keys, values=values):
            return {_value(key): _value(value) for key, value in zip(keys, values, strict=True) if key is not None}
        case ast.Call(func=ast.Name(id="float"), args=[ast.Constant(value=str(number))], keywords=[]):
            return float(number)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr=name), args=[argument], keywords=[]):
            if name in INTEGERS:
                return np.dtype(name).type(ast.literal_eval(argument))
    return ast.literal_eval(node)
