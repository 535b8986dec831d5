"""An implementation in Python as a program behind a pipe."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from fsmn_properties.contract.forms import NAMES, STREAMS, form_of
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
    promised = {"functions": target.promises.functions, **target.promises.narrowed}
    _write(answers, packed({**hello, "promises": promised}, []))
    served = _Served(target.functions)
    while line := sys.stdin.buffer.readline():
        _write(answers, served.answer(json.loads(line), sys.stdin.buffer))


def _write(answers: BinaryIO, message: bytes) -> None:
    answers.write(message)
    answers.flush()


class _Served:
    """Functions, and the streams that they made by the names that the other side gave them."""

    def __init__(self, functions: object) -> None:
        self._functions = functions
        self._streams: dict[str, Any] = {}

    def answer(self, call: Mapping[str, Any], values: BinaryIO) -> bytes:
        """Return the answer to a call whose values follow."""
        arguments = []
        for told in call["arguments"]:
            dtype = DTYPES[told["dtype"]]
            data = bytearray(length(dtype, told["shape"]))
            values.readinto(data)  # type: ignore[attr-defined]
            arguments.append(array_of(data, dtype, told["shape"]))
        strides = {told["name"]: stride_of(told) for told in call["strides"]}
        try:
            with np.errstate(all="ignore"):  # NaN and infinities are no accident here
                return _results(*self._returned(call["call"], call.get("stream", ""), arguments, strides))
        except (TypeError, ValueError) as error:
            kind = "TypeError" if isinstance(error, TypeError) else "ValueError"
            return packed({"answer": "refused", "kind": kind, "words": str(error)}, [])
        except NotImplementedError as error:
            return packed({"answer": "unsupported", "reason": str(error)}, [])
        except Exception as error:
            return packed({"answer": "failed", "words": f"{type(error).__name__}: {error}"}, [])

    def _returned(
        self, name: str, stream: str, arguments: list[Any], strides: Mapping[str, Any]
    ) -> tuple[tuple[str, ...], Any]:
        """Return the names of results, and what is returned."""
        if name in {"push", "finish"}:
            return ("memory",), getattr(self._streams[stream], name)(*arguments)
        if name == "close":
            self._streams.pop(stream, None)
            return (), ()
        if name not in NAMES or not hasattr(self._functions, name):
            raise NotImplementedError(f"there is no {name}")
        returned = getattr(self._functions, name)(*arguments, **strides)
        if name in STREAMS:
            self._streams[stream] = returned
            return (), ()
        return form_of(name).results(name), returned


def _results(names: tuple[str, ...], returned: Any) -> bytes:
    results = (returned,) if len(names) == 1 else returned
    if not isinstance(results, tuple | list) or len(results) != len(names):
        words = f"it returned a {type(returned).__name__}, not {', '.join(names)}"
        return packed({"answer": "failed", "words": words}, [])
    arrays = {name: np.asarray(value) for name, value in zip(names, results, strict=True) if value is not None}
    told = [described(name, value) for name, value in arrays.items()]
    return packed({"answer": "results", "results": told}, list(arrays.values()))
