"""A program behind a pipe is verified as what runs in this process is; what it does instead is said in words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import fsmn_ref
from fsmn_properties import CATALOGUE, command
from fsmn_properties.catalogue.statement import Statement
from fsmn_properties.findings.verdict import FAILS, HOLDS, NOT_APPLICABLE
from fsmn_properties.runs.beyond import beyond_the_promise
from fsmn_properties.runs.fresh import fails
from fsmn_properties.runs.run import Plan, run
from fsmn_properties.targets import process
from fsmn_properties.targets.loading import load
from fsmn_properties.targets.process import Program
from fsmn_properties.targets.target import CannotLoadError, Target, target_of
from fsmn_properties.targets.wire import ProgramError, stride_of, stride_told

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the pipe takes a POSIX system")

Run = Callable[..., "subprocess.CompletedProcess[str]"]

HEAD = """
import json, os, sys, time, signal
out = sys.stdout.buffer

def write(message, values=b""):
    out.write(json.dumps(message).encode() + b"\\n" + values)
    out.flush()

def read():
    call = json.loads(sys.stdin.buffer.readline() or sys.exit())
    size = {"float32": 4, "float64": 8, "int64": 8, "int8": 1}
    for each in call["arguments"]:
        n = size[each["dtype"]]
        for length in each["shape"]:
            n *= length
        each["values"] = sys.stdin.buffer.read(n)
    return call

def right(call):  # hidden as the memory: right where no frame may look back
    hidden = call["arguments"][0]
    told = {"name": "memory", "dtype": hidden["dtype"], "shape": hidden["shape"]}
    write({"answer": "results", "results": [told]}, hidden["values"])

HELLO = {"fsmn": 1, "name": "k", "version": "1", "language": "Python"}
HELLO["promises"] = {"functions": "compact_vfsmn_memory_forward"}
"""
USUAL = "write(HELLO)\nwhile True:\n    call = read()\n    "

HIDDEN, FILTER, NOWHERE = np.ones((3, 2)), np.ones((1, 2)), np.zeros(3, np.int64)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], str]:
    """A function that writes a program of a few lines, and returns the command that starts it."""

    def write(lines: str) -> str:
        path = tmp_path / "program.py"
        path.write_text(f"{HEAD}\n{lines}\n", encoding="utf-8")
        return f"'{sys.executable}' -S '{path}'"

    return write


def call(program: Program) -> Any:
    return program.compact_vfsmn_memory_forward(HIDDEN, FILTER, NOWHERE, stride=1)  # type: ignore[attr-defined]


def several_calls(program: Program) -> None:
    for _ in range(3):
        call(program)
        time.sleep(0.2)


def statement(name: str) -> Statement:
    return next(each for each in CATALOGUE if each.name == name)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("sys.stderr.write('no such device'); sys.exit(3)", "ended with exit status 3.*no such device"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "was ended by signal SIGSEGV"),
        ("time.sleep(60)", "stated no name within 0.4 s, the limit of a start"),
        ("os.close(1); time.sleep(60)", "closed its standard output"),
        ("print('loading weights', flush=True); write(HELLO)", "wrote text .* 'loading weights'"),
        ("out.write(bytes(range(128, 256)) * 9 + b'\\n')", r"wrote text .* '\\\\x80"),
        ("out.write(b'{\"fsmn\": 1,}\\n')", "wrote no JSON"),
        ("out.write(b'[' * 60000 + b'\\n')", "wrote text"),
        ("while True: out.write(b'x' * 1000)", "wrote .* without an end of line"),
        ("while True: out.write(b'y\\n')", "wrote text .* 'y'"),
        ("while True: sys.stderr.write('x' * 1000)", "stated no name within 0.4 s"),
        ("write({'fsmn': 2})", "speaks version 2 of the protocol"),
        ("write({'fsmn': 1, 'name': 'k'})", "stated no version and no language"),
        ("write(HELLO | {'promises': 'all'})", "stated no promises that are an object"),
    ],
)
def test_a_program_that_does_not_state_what_it_is_is_not_loaded(
    lines: str, told: str, written: Callable[[str], str]
) -> None:
    with pytest.raises(ProgramError, match=f"(?s), just started, {told}"):
        command(written(lines), start_seconds=0.4)


@pytest.mark.parametrize("text", ["./no_such_program", "", "'", "/"])
def test_a_command_that_starts_nothing_is_a_plain_sentence(text: str) -> None:
    with pytest.raises(CannotLoadError, match="can't be started: "):
        load(f"command:{text}")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "was ended by signal SIGSEGV"),
        ("sys.stderr.write('no memory'); sys.exit(1)", "ended with exit status 1.*ends with:\nno memory"),
        ("sys.exit(139)", "exit status 139, as of a program that was ended by signal SIGSEGV"),
        ("time.sleep(60)", "did not answer within 0.4 s"),
        ("while True: sys.stderr.write('x' * 1000)", "did not answer within 0.4 s"),
        ("while True: out.write(b'x' * 1000)", "without an end of line"),
        ("print('frame 0', flush=True); right(call)", "wrote text .* 'frame 0'"),
        ("out.write(b'{answer\\n'); out.flush()", "wrote no JSON"),
        ("right(call); right(call)", "bytes more than its answer announces|wrote more than its last answer"),
        ("right(call); time.sleep(0.1); right(call)", "wrote more than its last answer"),
        ("right(call); sys.exit()", "ended with exit status 0"),
        ("write({'answer': 'results', 'results': []}, b'12')", "sent 2 bytes more"),
        ("write({'answer': 'yes'})", "the answer 'yes', which must be"),
        ("write({'answer': 'results'})", "where a list of results was due"),
        ("write({'answer': 'results', 'results': [7]})", "each result has a name among memory"),
        ("write({'answer': 'refused', 'kind': 'OSError'})", "'OSError', which must be one of TypeError, ValueError"),
        ("write({'answer': 'failed', 'words': 'no device'})", "failed: no device"),
    ],
)
def test_a_program_that_does_not_answer_a_call_is_told_of_in_a_sentence_and_started_again(
    lines: str, told: str, written: Callable[[str], str]
) -> None:
    program = command(written(f"{USUAL}{lines}"), call_seconds=0.4)
    for _ in range(2):
        with pytest.raises(ProgramError, match=f"(?s){told}"):
            several_calls(program)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ({"name": "memory", "dtype": "float128", "shape": [3, 2]}, "dtype 'float128', which must be one of"),
        ({"name": "memory", "dtype": "float64", "shape": [3, -2]}, r"shape \[3, -2\], which must be"),
        ({"name": "memory", "dtype": "float64", "shape": [1 << 40, 1 << 40]}, "larger than any result"),
        ({"name": "memory", "dtype": "float64", "shape": [3, 2]}, "sent 0 of the 48 bytes that its answer announces"),
    ],
)
def test_a_result_that_can_not_be_one_is_not_waited_for(
    told: dict[str, Any], what: str, written: Callable[[str], str]
) -> None:
    program = command(written(f"{USUAL}write({{'answer': 'results', 'results': [{told!r}]}})"), call_seconds=0.4)
    with pytest.raises(ProgramError, match=what):
        call(program)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("os.close(0); time.sleep(60)", "closed its standard input"),
        ("time.sleep(60)", "read only [0-9,]+ bytes of the call within 0.5 s"),
        ("while True: write(HELLO)", "wrote [0-9,]+ bytes before it had read the call|wrote more than its last answer"),
    ],
)
def test_a_program_that_does_not_read_a_long_call_is_not_waited_for(
    lines: str, told: str, written: Callable[[str], str]
) -> None:
    program = command(written(f"write(HELLO); {lines}" if "while" not in lines else lines), call_seconds=0.1)
    many = np.ones((200_000, 2))
    with pytest.raises(ProgramError, match=told):
        program.compact_vfsmn_memory_forward(many, FILTER[:0], np.zeros(len(many), np.int64))  # type: ignore[attr-defined]


def test_after_some_hangs_the_limit_is_shorter_and_then_no_call_is_made(written: Callable[[str], str]) -> None:
    program = command(written(f"{USUAL}time.sleep(60)"), call_seconds=0.2)
    messages = []
    for _ in range(process.MOST_HANGS + 1):
        with pytest.raises(ProgramError) as caught:
            call(program)
        messages.append(str(caught.value))
    assert "within 0.2 s" in messages[0]
    assert "within 0.02 s" in messages[process.PATIENCE]
    assert "is not called any more" in messages[-1]


def test_limits_may_be_set_for_all_processes_of_a_run(
    written: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(process.CALL_LIMIT, "0.3")
    with pytest.raises(ProgramError, match=r"within 0.3 s, the limit of this call \(FSMN_CALL_SECONDS sets another\)"):
        call(command(written(f"{USUAL}time.sleep(60)")))
    monkeypatch.setenv(process.START_LIMIT, "soon")
    with pytest.raises(CannotLoadError, match="FSMN_START_SECONDS must be a number of seconds, got 'soon'"):
        load(f"command:{written(USUAL)}")


def test_a_start_counts_towards_no_other_limit(written: Callable[[str], str]) -> None:
    program = command(written(f"time.sleep(0.5)\n{USUAL}right(call)"), call_seconds=0.2)
    assert call(program).tolist() == HIDDEN.tolist()


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"answer": "unsupported", "reason": "no strides"}, NotImplementedError, "no strides"),
        ({"answer": "refused", "kind": "TypeError", "words": "no"}, TypeError, "no"),
        (
            {"answer": "refused", "kind": "ValueError", "argument": "position", "index": 3, "value": "7"},
            ValueError,
            r"position\[3\] = 7",
        ),
    ],
)
def test_what_a_program_answers_instead_of_results_is_raised(
    answer: dict[str, Any], error: type[Exception], words: str, written: Callable[[str], str]
) -> None:
    program = command(written(f"{USUAL}write({answer!r})"))
    with pytest.raises(error, match=words):
        call(program)


@pytest.mark.parametrize("value", [3, 1 << 70, -1, 2.5, True, "3", np.uint8(3), np.float32(2)])
def test_a_stride_of_any_type_and_size_gets_through(value: Any) -> None:
    assert stride_of(stride_told("stride", value)) == value
    assert type(stride_of(stride_told("stride", value))) is type(value)


SERVED = f"'{sys.executable}' -m fsmn_properties serve"
"""What serves an implementation in Python."""


@pytest.fixture(scope="module")
def served() -> Target:
    """The reference behind a pipe."""
    return load(f"command:{SERVED} fsmn_ref")


def test_results_of_a_program_are_those_of_the_same_code_in_this_process(served: Target) -> None:
    rng = np.random.default_rng(0)
    for dtype, integers in (("float64", "uint8"), ("float32", "int64"), ("int16", "uint64"), ("float16", "int8")):
        matrices = [(9 * rng.random((n, 4))).astype(dtype) for n in (6, 6, 3, 2)]
        back = np.arange(6).astype(integers)
        mine = fsmn_ref.bi_compact_vfsmn_memory_backward(*matrices, back, back[::-1], bstride=2)
        theirs = served.function("bi_compact_vfsmn_memory_backward")(*matrices, back, back[::-1], bstride=2)
        assert [(got.dtype, got.tolist()) for got in theirs] == [(want.dtype, want.tolist()) for want in mine]
        assert all(got.flags.writeable for got in theirs)


def test_a_stream_of_a_program_is_closed_when_it_is_not_needed_and_ends_with_the_program() -> None:
    served = command(f"{SERVED} fsmn_ref")
    make = served.compact_vfsmn_stream  # type: ignore[attr-defined]
    first, second = make(FILTER), make(2 * FILTER)
    assert [rows.tolist() for rows in (first.push(HIDDEN[:2]), second.push(HIDDEN[:1]))] == [[[1, 1], [2, 2]], [[1, 1]]]
    del first
    assert len(served._closed_streams) == 1
    assert second.push(HIDDEN[:1]).tolist() == [[3, 3]]
    assert not served._closed_streams
    with pytest.raises(ValueError, match="channels"):
        second.push(HIDDEN[:, :1])
    assert second.finish().shape == (0, 2)
    served.close()
    with pytest.raises(ProgramError, match="ended, and its streams with it"):
        second.finish()


ASKED = [
    "uni_forward_equals_the_reference",
    "bi_backward_equals_the_reference",
    "bi_what_is_outside_the_domain_is_refused",
    "uni_a_stride_is_any_integer",
    "bi_every_small_size",
    "uni_results_have_the_promised_type",
    "bi_every_stream_is_right",
]


@pytest.mark.parametrize("name", ASKED)
def test_a_correct_program_is_not_accused(name: str, served: Target) -> None:
    verdict = run(statement(name), served, Plan(seed=0, examples=5, first_look=True))
    assert (verdict.outcome, verdict.finding) == (HOLDS, None)


@pytest.mark.parametrize(
    "name",
    ["bi_inputs_are_not_changed", "uni_lists_are_arrays", "uni_one_argument_laid_otherwise_changes_nothing"],
)
def test_what_needs_one_address_space_is_not_applicable(name: str, served: Target) -> None:
    verdict = run(statement(name), served, Plan(seed=0))
    assert verdict.outcome == NOT_APPLICABLE
    assert "address space" in verdict.why


def test_what_can_not_be_asked_of_a_program_is_no_promise_of_it(served: Target) -> None:
    assert (served.promises.lists, served.promises.layouts) == (False, "contiguous")
    assert "longdouble" not in served.promises.formats
    assert str(served.stated) == "the whole contract"
    assert served.promising({"lists": True}).promises.lists is False
    less = served.promising({"nonfinite": False})
    assert str(less.stated) == "nonfinite=False"
    assert [(each.what, each.works) for each in beyond_the_promise(less)] == [("NaN and infinities", True)]


SOMETIMES = f"""{USUAL}n = call["arguments"][0]["shape"][0]
    if n == 4: os.kill(os.getpid(), signal.SIGABRT)
    right(call)"""
FORWARD = {
    "positions": "whole",
    "taps": (0, 0),
    "strides": "one",
    "refusals": "none",
    "formats": "float64",
    "position_types": "int64",
}


def test_a_crash_is_a_finding_whose_script_shows_it_in_a_fresh_process(written: Callable[[str], str]) -> None:
    target = target_of(command(written(SOMETIMES)), FORWARD)
    verdict = run(statement("uni_forward_equals_the_reference"), target, Plan(seed=0))
    assert verdict.finding is not None
    assert "was ended by signal SIGABRT" in verdict.finding.problem
    assert "process.py" not in verdict.finding.problem
    assert "implementation = command(" in verdict.finding.script
    assert fails(verdict.finding.script)


def test_a_program_that_is_killed_in_the_middle_is_told_of_and_the_run_goes_on(written: Callable[[str], str]) -> None:
    program = command(written(f"{USUAL}right(call)"))
    assert call(program).shape == (3, 2)
    assert program._pipe is not None
    program._pipe._process.send_signal(signal.SIGKILL)
    with pytest.raises(ProgramError, match="was ended by signal SIGKILL"):
        call(program)
    assert call(program).shape == (3, 2)


def test_unsupported_is_a_failure_within_the_promise_alone(written: Callable[[str], str]) -> None:
    lines = f"""{USUAL}if call["arguments"][0]["dtype"] == "float64": right(call)
    else: write({{"answer": "unsupported", "reason": "doubles alone"}})"""
    asked, plan = statement("uni_forward_equals_the_reference"), Plan(seed=0, examples=30, thorough=0)
    target = target_of(command(written(lines)), FORWARD)
    assert run(asked, target, plan).outcome == HOLDS
    verdict = run(asked, target.promising({"formats": ("float32", "float64")}), plan)
    assert verdict.finding is not None
    assert "NotImplementedError: doubles alone" in verdict.finding.problem


def test_a_program_ends_with_its_target(written: Callable[[str], str]) -> None:
    program = command(written(f"{USUAL}right(call)"))
    assert program._pipe is not None
    running = program._pipe._process
    program.close()
    assert running.returncode is not None


# The main program.


def test_the_main_program_verifies_a_command_on_two_processes(python: Run, tmp_path: Path) -> None:
    done = python(
        *("-m", "fsmn_properties", "--command", f"{SERVED} fsmn_ref", "-n", "2"),
        *("-k", "uni_notebook_tables or uni_lists"),
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not applicable (needs one address space" in done.stdout
    assert "1 not applicable" in done.stdout


def test_the_main_program_says_what_a_command_does_instead(python: Run, written: Callable[[str], str]) -> None:
    done = python("-m", "fsmn_properties", "--command", written("print('hello')"))
    assert done.returncode == 2
    assert "wrote text to its standard output" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    both = python("-m", "fsmn_properties", "fsmn_ref", f"--command={SERVED} fsmn_ref")
    assert (both.returncode, both.stderr) == (2, "--command must come without a NAME, got fsmn_ref\n")


@pytest.mark.parametrize(
    ("option", "start"), [("--c-header", "/* fsmn_kernel.h"), ("--rust-module", "//! fsmn_kernel.rs")]
)
def test_what_other_languages_need_is_printed(option: str, start: str, python: Run, tmp_path: Path) -> None:
    done = python("-m", "fsmn_properties", option, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(start)


# The schema.


def test_messages_are_those_of_the_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((files("fsmn_properties") / "languages" / "pipe.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    lines: list[bytes] = []
    packed, line = process.packed, process.Pipe.line
    monkeypatch.setattr(process, "packed", lambda *given: lines.append((m := packed(*given)).split(b"\n")[0]) or m)
    monkeypatch.setattr(process.Pipe, "line", lambda *given: lines.append(found := line(*given)) or found)
    program = load(f"command:{SERVED} fsmn_ref")
    for name in ("uni_what_is_outside_the_domain_is_refused", "bi_every_small_size", "uni_stream_equals_the_whole"):
        assert run(statement(name), program, Plan(seed=0, examples=1, first_look=True)).outcome != FAILS
    assert len(lines) > 100
    assert [error.message for each in lines for error in validator.iter_errors(json.loads(each))] == []
    documented = (Path(__file__).parents[2] / "docs" / "other_languages.md").read_text(encoding="utf-8")
    examples = [each for each in documented.splitlines() if each.startswith("{")]
    assert len(examples) == 6
    assert [error.message for each in examples for error in validator.iter_errors(json.loads(each))] == []
    assert not validator.is_valid({"answer": "refused"})
