"""What a program answers: what it is, results, and what it says instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, NoReturn

from fsmn_properties.targets.pipe import Pipe
from fsmn_properties.targets.wire import VERSION, ProgramError, array_of, head_of, length, shape_of
from fsmn_ref.arguments import Array


def hello(pipe: Pipe, until: float) -> dict[str, Any]:
    """Return what a program states about itself at its start.

    Raises
    ------
    ProgramError
        If it states something else.
    """
    stated = head_of(pipe.line(until, "stated no name"))
    if stated.get("fsmn") != VERSION:
        raise ProgramError(f"speaks version {stated.get('fsmn')!r:.60} of the protocol, which must be {VERSION}")
    missing = [key for key in ("name", "version", "language") if not isinstance(stated.get(key), str)]
    if missing or not isinstance(stated.get("promises", {}), dict):
        raise ProgramError(f"stated no {' and no '.join(missing) or 'promises that are an object'}")
    return {"promises": {}, **stated}


def answered(
    pipe: Pipe, message: bytes, names: Sequence[str], most: int, until: float
) -> tuple[dict[str, Any], dict[str, Array]]:
    """Send a call, and return the answer and its results.

    Parameters
    ----------
    pipe : Pipe
        The program.
    message : bytes
        The call.
    names : sequence of str
        The names that results have.
    most : int
        More numbers than any right result has.
    until : float
        When the answer must be there, on the clock `time.monotonic`.

    Raises
    ------
    ProgramError
        If there is no answer as the protocol says.
    """
    pipe.send(message, until)
    answer = head_of(pipe.line(until, "did not answer"))
    results: dict[str, Array] = {}
    kind = answer.get("answer")
    if kind not in {"results", "refused", "unsupported", "failed"}:
        raise ProgramError(f"gave the answer {kind!r:.60}, which must be results, refused, unsupported or failed")
    if kind == "results":
        told = answer.get("results")
        if not isinstance(told, list):
            raise ProgramError(f"answered with {told!r:.60}, where a list of results was due")
        shapes = [shape_of(each, names) for each in told]
        for name, _, shape in shapes:
            if prod(shape) > most:
                raise ProgramError(f"answered {name} with shape {shape}, larger than any result of this call")
        for name, dtype, shape in shapes:
            results[name] = array_of(pipe.take(length(dtype, shape), until), dtype, shape)
    if pipe.left:
        raise ProgramError(f"sent {pipe.left:,} bytes more than its answer announces")
    return answer, results


def refuse(answer: Mapping[str, Any], program: str) -> NoReturn:
    """Raise what a program answered instead of results."""
    words = str(answer.get("words", answer.get("reason", "")))
    argument, index, value = (answer.get(key) for key in ("argument", "index", "value"))
    place = f"{argument}[{index}]" if index is not None else str(argument or "")
    told = " ".join(part for part in (place, f"= {value}" if value is not None else "", words) if part)
    if answer["answer"] == "unsupported":
        raise _of_the_program(NotImplementedError(words or "the program gives no reason"))
    if answer["answer"] == "failed":
        raise ProgramError(f"{program} failed: {words or 'the program gives no reason'}")
    kinds = {"TypeError": TypeError, "ValueError": ValueError}
    if answer.get("kind") not in kinds:
        raise ProgramError(
            f"{program} refused with kind {answer.get('kind')!r:.60}, which must be one of {', '.join(kinds)}"
        )
    raise _of_the_program(kinds[answer["kind"]](told))


def _of_the_program(error: Exception) -> Exception:
    error.__dict__["of_a_program"] = True  # no line of ours raised it
    return error
