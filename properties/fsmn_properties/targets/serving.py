"""An implementation in Python as a program behind a pipe."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from fsmn_properties.contract.forms import FUNCTIONS, form_of
from fsmn_properties.targets.target import target_of
from fsmn_properties.targets.wire import DTYPES, VERSION, array_of, described, length, packed, stride_of


def serve(implementation: object, promises: Any = None) -> None:
    """Answer calls from the standard input until it ends; whatever the implementation prints is an error message.

    Parameters
    ----------
    implementation : object
        Anything with at least one of the contract's four functions as an attribute, or a Target.
    promises : mapping or Promises, optional
        What it promises of the contract; replaces, key by key, its attribute `promises`.
    """
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    target = target_of(implementation, promises)
    hello = {"fsmn": VERSION, "name": target.name, "version": "", "language": f"Python {sys.version.split()[0]}"}
    _write(answers, packed({**hello, "promises": target.promises.narrowed}, []))
    while line := sys.stdin.buffer.readline():
        _write(answers, _answer(target.functions, json.loads(line), sys.stdin.buffer))


def _write(answers: BinaryIO, message: bytes) -> None:
    answers.write(message)
    answers.flush()


def _answer(functions: object, call: Mapping[str, Any], values: BinaryIO) -> bytes:
    arguments = []
    for told in call["arguments"]:
        dtype = DTYPES[told["dtype"]]
        data = bytearray(length(dtype, told["shape"]))
        values.readinto(data)  # type: ignore[attr-defined]
        arguments.append(array_of(data, dtype, told["shape"]))
    strides = {told["name"]: stride_of(told) for told in call["strides"]}
    name = call["call"]
    if name not in FUNCTIONS or not hasattr(functions, name):
        return packed({"answer": "unsupported", "reason": f"there is no {name}"}, [])
    try:
        with np.errstate(all="ignore"):  # NaN and infinities are no accident here
            returned = getattr(functions, name)(*arguments, **strides)
        return _results(form_of(name).results(name), returned)
    except (TypeError, ValueError) as error:
        kind = "TypeError" if isinstance(error, TypeError) else "ValueError"
        return packed({"answer": "refused", "kind": kind, "words": str(error)}, [])
    except NotImplementedError as error:
        return packed({"answer": "unsupported", "reason": str(error)}, [])
    except Exception as error:
        return packed({"answer": "failed", "words": f"{type(error).__name__}: {error}"}, [])


def _results(names: tuple[str, ...], returned: Any) -> bytes:
    results = returned if len(names) > 1 else (returned,)
    if not isinstance(results, tuple | list) or len(results) != len(names):
        words = f"it returned a {type(returned).__name__}, not {', '.join(names)}"
        return packed({"answer": "failed", "words": words}, [])
    arrays = {name: np.asarray(value) for name, value in zip(names, results, strict=True) if value is not None}
    told = [described(name, value) for name, value in arrays.items()]
    return packed({"answer": "results", "results": told}, list(arrays.values()))
