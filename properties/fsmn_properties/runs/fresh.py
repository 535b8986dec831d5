"""Whether a script shows what it should in a fresh process: what a call leaves behind may be part of a failure."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from itertools import accumulate

from fsmn_properties.cases.case import literal
from fsmn_properties.checks.trial import Call, call_text
from fsmn_properties.targets.target import Target

SECONDS = 20
NEEDS_EARLIER_CALLS = " (only after the calls that the script makes first)"
ONCE = " (seen once; not reproduced in a fresh process, alone or after the calls before it)"


def fails(script: str) -> bool:
    """Return whether a script fails in a fresh process; one that does not end in time fails too."""
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-"],
            input=script.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def shown_in_a_fresh_process(target: Target, script: str, unshrunk: str, before: Sequence[Call]) -> tuple[str, str]:
    """Return a script that fails in a fresh process, and a note for the problem.

    Parameters
    ----------
    target : Target
        What is called.
    script, unshrunk : str
        What should show the failure, after and before it was shrunk.
    before : sequence of Call
        The calls before the failure, oldest first.
    """
    if fails(script):
        return script, ""
    if unshrunk != script and fails(unshrunk):
        return unshrunk, ""
    length = 1
    while before:
        calls = before[-length:]
        if fails(_after(target, unshrunk, calls)):
            return _after(target, unshrunk, _needed(target, unshrunk, calls)), NEEDS_EARLIER_CALLS
        if length >= len(before):
            break
        length *= 2
    return script, ONCE


def _needed(target: Target, script: str, calls: Sequence[Call]) -> Sequence[Call]:
    """Return few of the calls after which a script fails: halves, quarters, and so on are left out if they can be."""
    size = len(calls) // 2
    while size:
        for first in range(0, len(calls), size):
            fewer = [*calls[:first], *calls[first + size :]]
            if len(fewer) < len(calls) and fails(_after(target, script, fewer)):
                calls = fewer
                break
        else:
            size //= 2
        size = min(size, len(calls) // 2) if len(calls) > 1 else 0
    return calls


def _fed(target: Target, call: Call) -> list[str]:
    """Return Python that makes a stream, and feeds it."""
    case = call.case
    if case.made:
        lines = [f"case = {case.made}", *case.script(call.function).values()]
        pieces = "case.pieces()"
    else:
        lines = [*case.script(call.function).values(), f"hidden = {literal(case['hidden'])}"]
        cuts = list(accumulate(chunk.frames for chunk in case.chunks))[:-1]
        pieces = f"np.split(hidden, {cuts})"
    return [*lines, f"stream = {call_text(target, call)}", f"rows = [*map(stream.push, {pieces}), stream.finish()]"]


def _after(target: Target, script: str, calls: Sequence[Call]) -> str:
    """Return the script with earlier calls before it, each in as few words as there are."""
    lines = []
    for call in calls:
        case, given = call.case, "**case.strides"
        if call.function == case.form.stream:
            lines += _fed(target, call)
        elif case.made and not target.gives_no_stride(call.function):
            lines.append(f"case = {case.made}")
            lines.append(f"implementation.{call.function}(*case.arguments({call.function!r}).values(), {given})")
        else:
            lines += [*case.script(call.function).values(), call_text(target, call)]
    head, _, rest = script.partition(f"{target.python}\n")
    made = (
        ""
        if "import made" in head or not any("made(" in line for line in lines)
        else ("from fsmn_properties import made\n")
    )
    return f"{head}{made}{target.python}\n\n" + "\n".join(lines) + "\n" + rest
