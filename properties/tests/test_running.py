"""The main program and pytest: exit statuses, the account, workers, a budget of time, and an interruption."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fsmn_properties.catalogue import CATALOGUE

Run = Callable[..., "subprocess.CompletedProcess[str]"]
MAIN = ("-m", "fsmn_properties")
TOTALS = re.compile(r"^(\d+) statements: (.*); ([\d,]+) cases(, [\d,]+ position sequences exhaustively,)? in [\d.]+ s$")


def totals(done: subprocess.CompletedProcess[str]) -> tuple[int, str]:
    """Return how many statements the last line counts, and their outcomes."""
    found = TOTALS.match(done.stdout.splitlines()[-1])
    assert found, done.stdout + done.stderr
    return int(found[1]), found[2]


def test_it_exits_with_0_and_closes_with_totals_if_everything_holds(python: Run) -> None:
    done = python("-m", "properties", "fsmn_ref", "-k", "notebook or changed")
    assert done.returncode == 0, done.stdout
    assert re.search(r"^uni_notebook_tables +1 cases +\d+\.\d s  holds$", done.stdout, re.MULTILINE)
    (line,) = (line for line in done.stdout.splitlines() if "not selected or not reached" in line)
    assert re.findall(r"\d+", line) == [str(len(CATALOGUE) - 8), str(len(CATALOGUE))]
    assert "fsmn_ref promises the whole contract" in done.stdout
    assert totals(done) == (8, "8 hold, 0 fail")


def test_it_exits_with_1_and_shows_the_script_if_a_statement_fails(python: Run, port: Path) -> None:
    done = python(*MAIN, port, "-k", "uni_forward_equals or uni_backward_equals_the_ref")
    assert done.returncode == 1, done.stdout
    problem = "memory[1, 0] is 4.0, should be 3.0 (1 of 2 elements differ)"
    head, rest = done.stdout.split("\nuni_forward_equals_the_reference fails (", 1)
    assert "compact_vfsmn_memory, forward alone: the taps are in reverse order" in head
    assert "F1, F2, R1" in rest.splitlines()[0]
    assert f"\nOn whole numbers, the memory equals that of the reference with ==.\n{problem}\n" in rest
    assert f"implementation = types.SimpleNamespace(**runpy.run_path('{port}'))" in rest
    assert totals(done) == (2, "1 holds, 1 fails")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no_such_module"], "can't load 'no_such_module': importing no_such_module failed: ModuleNotFoundError"),
        (["fsmn_ref:nothing"], "can't load 'fsmn_ref:nothing': fsmn_ref has no attribute 'nothing'"),
        (["json"], "can't load 'json': "),
        (["fsmn_ref", "--promise", "strides=2"], "strides must be one of any, equal, one, got '2'"),
        (["fsmn_ref", "--promise", "stride=one"], "a promise must be one of functions, formats, "),
        (["fsmn_ref", "--promise", "strides"], "a promise must be written as key=value, got 'strides'"),
        (["fsmn_ref", "--expect-failure", "misspelled=why"], "misspelled"),
        (["fsmn_ref", "--no-such-option"], "unrecognized arguments: --no-such-option"),
    ],
)
def test_it_exits_with_2_and_a_line_for_a_wrong_name_or_option(python: Run, arguments: list[str], message: str) -> None:
    done = python(*MAIN, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_kernel_that_exits_when_it_is_imported_is_a_line_and_exit_status_2(python: Run, tmp_path: Path) -> None:
    (tmp_path / "kernel.py").write_text("import sys\nsys.exit('no GPU')\n", encoding="utf-8")
    for name in (("kernel",), (tmp_path / "kernel.py",), ("promises", "kernel")):
        done = python(*MAIN, *name, cwd=tmp_path)
        assert done.returncode == 2
        assert "failed: SystemExit: no GPU" in done.stderr


def test_it_heeds_no_settings_of_the_project_it_is_called_in(python: Run, tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    done = python(*MAIN, "fsmn_ref", "-k", "notebook_tables", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_it_heeds_no_conftest_of_the_project_it_is_called_in(python: Run, tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("1 / 0", encoding="utf-8")
    done = python(*MAIN, "fsmn_ref", "-k", "notebook_tables", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_it_verifies_fsmn_vec_without_a_name_and_passes_options_on(python: Run) -> None:
    done = python(*MAIN, "-k", "notebook_tables")
    assert done.returncode == 0, done.stderr
    assert "fsmn_vec promises the whole contract" in done.stdout
    assert totals(done) == (2, "2 hold, 0 fail")


def test_it_says_how_it_is_used(python: Run) -> None:
    done = python(*MAIN, "--help")
    assert done.returncode == 0
    assert "python -m fsmn_properties [NAME] [options]" in done.stdout


def test_it_prints_the_contract(python: Run, tmp_path: Path) -> None:
    done = python(*MAIN, "contract", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {f"P{n}" for n in range(1, 11)} <= {*re.findall(r"\b[FDRSP]\d+\b", done.stdout)}


def test_an_expected_failure_is_no_failure_unless_it_holds_after_all(python: Run, port: Path) -> None:
    expect = ("--expect-failure", "uni_forward_equals_the_reference=taps of Kaldi")
    done = python(*MAIN, port, "-k", "forward_equals", *expect)
    assert done.returncode == 0, done.stdout
    assert "fails as expected: taps of Kaldi" in done.stdout
    assert totals(done) == (2, "1 holds, 0 fail, 1 fails as expected")
    strict = python(*MAIN, "fsmn_ref", "-k", "forward_equals", *expect)
    assert strict.returncode == 1
    assert re.search(r"expected to fail \(taps of Kaldi\), but .*holds", strict.stdout)
    assert totals(strict) == (2, "1 holds, 1 fails")


def test_what_is_not_promised_is_told_with_the_promise_and_not_asked(python: Run) -> None:
    options = ("--promise", "nonfinite=false", "--promise", "functions=compact_vfsmn_memory_forward", "-k", "uni_")
    done = python(*MAIN, "fsmn_vec", *options, "-k", "uni_ and (nonfinite_values_reach or central or notebook_tables)")
    assert done.returncode == 0, done.stdout
    assert "not asked (nonfinite=False): uni_nonfinite_values_reach_what_sums_them_and_nothing_else" in done.stdout
    missing = "functions without compact_vfsmn_memory_backward"
    assert f"not asked ({missing}): uni_backward_equals_the_central_difference" in done.stdout
    assert "promises functions=('compact_vfsmn_memory_forward',), nonfinite=False" in done.stdout
    assert totals(done) == (3, "1 holds, 0 fail, 2 not promised")


def test_two_workers_report_as_one(python: Run) -> None:
    done = python(*MAIN, "fsmn_ref", "-n", "2", "-k", "notebook")
    assert done.returncode == 0, done.stdout
    assert totals(done) == (4, "4 hold, 0 fail")


def test_a_run_ends_in_about_the_time_that_it_is_given_and_says_what_it_did_not_reach(
    python: Run, tmp_path: Path
) -> None:
    slow = "import time, fsmn_ref\nfrom fsmn_ref import *\ndef compact_vfsmn_memory_forward(*a, **s):\n"
    slow += "    time.sleep(0.02)\n    return fsmn_ref.compact_vfsmn_memory_forward(*a, **s)\n"
    (tmp_path / "slow.py").write_text(slow, encoding="utf-8")
    began = time.monotonic()
    done = python(*MAIN, tmp_path / "slow.py", "--most-seconds", "3", "-k", "uni_ and not conjunction")
    assert time.monotonic() - began < 30
    assert done.returncode == 0, done.stdout
    outcomes = {word: int(n) for n, word in re.findall(r"(\d+) (\w+)", totals(done)[1])}
    assert outcomes["hold"] > 0
    assert outcomes["fail"] == 0
    assert outcomes["gave"] > 0
    assert re.search(r"^uni_\w+ +0 cases .* gave up: .*time", done.stdout, re.MULTILINE)


def test_an_interruption_gives_the_account_so_far_and_names_statement_and_call(tmp_path: Path) -> None:
    hangs = "import time, fsmn_ref\nfrom fsmn_ref import *\ndef compact_vfsmn_memory_backward(*a, **s):\n"
    hangs += "    print('hangs', flush=True)\n    time.sleep(60)\n"
    (tmp_path / "hangs.py").write_text(hangs, encoding="utf-8")
    command = [sys.executable, *MAIN, str(tmp_path / "hangs.py"), "-s", "-k", "uni_ and equals_the_reference"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "hangs" in line and len(lines) < 99:
                os.kill(process.pid, signal.SIGINT)
                break
        rest = process.stdout.read()
        assert process.wait(timeout=60) == 130, rest
    assert re.search(r"^uni_forward_equals_the_reference .* holds$", rest, re.MULTILINE)
    (line,) = (line for line in rest.splitlines() if "interrupted" in line)
    assert "uni_backward_equals_the_reference" in line
    assert "dhidden, dfilter = implementation.compact_vfsmn_memory_backward(dmemory, hidden, filter, position, " in rest
    assert "1 statements: 1 holds, 0 fail" in rest


def test_pytest_verifies_what_impl_names_and_names_the_statement_that_fails(python: Run, port: Path) -> None:
    done = python("-m", "pytest", "properties", "--impl", port, "-q", "-k", "forward_equals")
    assert done.returncode == 1
    assert "FAILED properties/test_properties.py::test_property[uni_forward_equals_the_reference]" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_pytest_collects_the_catalogue_what_lies_beyond_and_regressions_from_the_folder(python: Run) -> None:
    done = python("-m", "pytest", "properties", "--collect-only", "-q")
    lines = [line for line in done.stdout.splitlines() if "::" in line]
    assert sum("test_regressions.py::" in line for line in lines) > 0
    collected = [line.partition("::")[2] for line in lines if "test_regressions.py::" not in line]
    statements = [f"test_property[{each.name}]" for each in CATALOGUE]
    assert sorted(collected) == sorted([*statements, "test_beyond_the_promise"])
