"""The protocol of the pipe: a line of JSON, then the bytes of the arrays that it names; docs/other_languages.md."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from fsmn_ref.arguments import Array

VERSION = 1

DTYPES = {
    name: np.dtype(name).newbyteorder("<")
    for name in (
        *("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
        *("bool", "complex64", "complex128"),
    )
}
"""What arrays may hold, by its name in messages; the last three only where an argument is wrong."""

LONGEST_LINE = 1 << 16


class ProgramError(Exception):
    """A program did something else than to answer; the message is a sentence about it."""


def described(name: str, array: Array) -> dict[str, Any]:
    """Return what a message says of an array.

    Raises
    ------
    NotImplementedError
        If there is no wire format for it.
    """
    if array.dtype.name not in DTYPES:
        raise NotImplementedError(f"{name} has dtype {array.dtype}, which has no wire format")
    return {"name": name, "dtype": array.dtype.name, "shape": array.shape}


def packed(head: Mapping[str, Any], arrays: Sequence[Array]) -> bytes:
    """Return a message: its line, and the values of arrays, little-endian and in C order."""
    values = [array.astype(array.dtype.newbyteorder("<"), order="C", copy=False).tobytes() for array in arrays]
    return b"".join((json.dumps(head).encode(), b"\n", *values))


def stride_told(name: str, value: Any) -> dict[str, str]:
    """Return what a message says of a stride, right or wrong: its type, and its value as text."""
    if isinstance(value, np.generic):
        kind = value.dtype.name
    else:
        kind = {bool: "bool", int: "int", float: "float", str: "text"}.get(type(value), "")
    if not kind:
        raise NotImplementedError(f"{name} is a {type(value).__name__}, which has no wire format")
    return {"name": name, "dtype": kind, "value": str(value)}


def stride_of(told: Mapping[str, Any]) -> Any:
    """Return the stride that a message tells of."""
    kind, text = told["dtype"], told["value"]
    if kind == "bool":
        return text == "True"
    makers: dict[str, Any] = {"int": int, "float": float, "text": str}
    return (makers[kind] if kind in makers else np.dtype(kind).type)(text)


def head_of(line: bytes) -> dict[str, Any]:
    """Return what a line of a program says.

    Raises
    ------
    ProgramError
        If it is no JSON object.
    """
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        head = None
    if not isinstance(head, dict):
        kind = "no JSON" if line.lstrip()[:1] == b"{" else "text"
        raise ProgramError(f"wrote {kind} to its standard output where a line of JSON was due: {quoted(line)}")
    return head


def shape_of(told: Any, known: Sequence[str]) -> tuple[str, np.dtype[Any], tuple[int, ...]]:
    """Return name, dtype and shape of an array that an answer announces.

    Raises
    ------
    ProgramError
        If it is none of the known ones, or has no dtype or no shape.
    """
    if not isinstance(told, dict) or told.get("name") not in known:
        raise ProgramError(f"answered with {told!r:.120}, where each result has a name among {', '.join(known)}")
    name, dtype, shape = told["name"], told.get("dtype"), told.get("shape")
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise ProgramError(f"answered {name} with dtype {dtype!r:.60}, which must be one of {', '.join(DTYPES)}")
    if not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 32:
        raise ProgramError(f"answered {name} with shape {shape!r:.60}, which must be a list of integers >= 0")
    return name, DTYPES[dtype], tuple(shape)


def length(dtype: np.dtype[Any], shape: Sequence[int]) -> int:
    """Return the number of bytes of an array."""
    return dtype.itemsize * prod(shape)


def array_of(data: bytearray, dtype: np.dtype[Any], shape: Sequence[int]) -> Array:
    """Return the array that bytes hold, writeable and in native byte order."""
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def quoted(text: bytes, most: int = 120) -> str:
    """Return the start of what a program wrote, as Python writes it."""
    shown = text.strip()[:most].decode(errors="backslashreplace")
    return f"{shown!r}{' [...]' if len(text.strip()) > most else ''}"
