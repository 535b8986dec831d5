"""Reports of runs: in every format, from two processes, after an interruption, and made again from JSON."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from fsmn_properties.__main__ import main
from fsmn_properties.findings.document import Document
from fsmn_properties.findings.report_html import to_html
from fsmn_properties.findings.report_json import of_json
from fsmn_properties.findings.report_markdown import to_markdown
from fsmn_properties.findings.write import write

Run = Callable[..., "subprocess.CompletedProcess[str]"]
MAIN = ("-m", "fsmn_properties")
FEW = ("-k", "uni_inputs_are_not_changed or uni_notebook_tables")
FAILS = ("--expect-failure", "uni_notebook_tables=it does not fail any more")


def test_every_format_is_written_though_statements_fail_in_two_processes(
    python: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Earlier\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    wanted = [tmp_path / "new" / f"port.{ending}" for ending in ("html", "md", "json", "xml")]
    options = [option for path in wanted for option in ("--report", path)]
    done = python(*MAIN, "fsmn_ref", *FEW, *FAILS, "-n", "2", *options)
    assert done.returncode == 1, done.stdout + done.stderr
    assert all(f"report: {path}" in done.stdout for path in wanted[:3])
    page, markdown, data, junit = (path.read_text(encoding="utf-8") for path in wanted)
    assert "uni_notebook_tables" in page
    assert summary.read_text(encoding="utf-8").startswith("# Earlier\n## ")
    assert summary.read_text(encoding="utf-8").count("## ❌") == markdown.count("## ❌") == 1
    report = json.loads(data)
    assert report["outcome"] == "fails"
    assert {each["name"]: each["outcome"] for each in report["statements"]} == {
        "uni_notebook_tables": "fails",
        "uni_inputs_are_not_changed": "holds",
    }
    assert ET.fromstring(junit)[0].attrib["failures"] == "1"  # noqa: S314, our own file
    assert of_json(data).headline == "1 statement fails"
    assert (to_html(of_json(data)), to_markdown(of_json(data))) == (page, markdown)


@pytest.mark.parametrize(("name", "start"), [("html", b"<!DOCTYPE html>"), ("md", b"## "), ("svg", b"<svg ")])
def test_a_command_makes_another_format_of_json(
    document: Document, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes], name: str, start: bytes
) -> None:
    write(document, tmp_path / "report.json")
    assert main(["report", str(tmp_path / "report.json"), "--to", name]) == 0
    printed, _ = capsysbinary.readouterr()
    assert printed.startswith(start)
    assert main(["report", str(tmp_path / "report.json"), "--to", name, "-o", str(tmp_path / "made")]) == 0
    assert (tmp_path / "made").read_bytes() == printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no.json", "--to", "md"], "can't make a report of 'no.json': its format must be 'fsmn-properties report'"),
        (["none.json", "--to", "md"], "can't make a report of 'none.json': [Errno 2] No such file or directory"),
        (["no.json", "--to", "pdf"], "invalid choice: 'pdf'"),
        (["no.json"], "the following arguments are required: --to"),
        ([".", "--to", "md"], "can't make a report of '.': [Errno 21] Is a directory"),
    ],
)
def test_a_command_refuses_what_is_no_report_in_a_sentence(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "no.json").write_text("{}", encoding="utf-8")
    assert main(["report", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_an_interrupted_run_is_reported_with_the_call(tmp_path: Path) -> None:
    hangs = "import time, fsmn_ref\nfrom fsmn_ref import *\ndef compact_vfsmn_memory_backward(*a, **s):\n"
    hangs += "    import os; os.chdir('/'); print('hangs', flush=True)\n    time.sleep(60)\n"
    (tmp_path / "hangs.py").write_text(hangs, encoding="utf-8")
    options = ("-s", "-k", "uni_ and equals_the_reference", "--report", "out.json")
    command = [sys.executable, *MAIN, "hangs.py", *options]
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if "hangs" in line:
                os.kill(process.pid, signal.SIGINT)
                break
        rest = process.stdout.read()
        assert process.wait(timeout=60) == 130, rest
    report = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert report["outcome"] == "incomplete"
    assert report["headline"] == "Interrupted; nothing fails so far"
    assert report["interrupted"]["statement"] == "uni_backward_equals_the_reference"
    assert "implementation.compact_vfsmn_memory_backward(" in report["interrupted"]["call"]
    assert [each["outcome"] for each in report["statements"]] == ["holds"]


@pytest.mark.parametrize(
    ("reports", "message"),
    [
        (["out.pdf"], "--report must end in .html, .md, .json or .xml, got 'out.pdf'"),
        (["a.xml", "b.xml"], "--report must name one .xml file at most, got 'b.xml' as well"),
        (["/dev/null/a.html"], "--report must name a file that can be written, got '/dev/null/a.html'"),
    ],
)
def test_a_report_that_can_not_be_written_is_said_before_anything_runs(
    python: Run, reports: list[str], message: str
) -> None:
    done = python(*MAIN, "fsmn_ref", *FEW, *(option for name in reports for option in ("--report", name)))
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_a_run_in_which_nothing_was_asked_is_reported_as_that(python: Run, tmp_path: Path) -> None:
    done = python(*MAIN, "fsmn_ref", "-k", "no_such_statement_at_all", "--report", tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["headline"] == "No statement was asked"
    assert "Traceback" not in done.stderr + done.stdout


def test_pytest_writes_reports_too_where_warnings_are_errors(python: Run, port: Path, tmp_path: Path) -> None:
    wanted = [tmp_path / "port.xml", tmp_path / "port.html"]
    options = [option for path in wanted for option in ("--report", path)]
    done = python("-m", "pytest", "properties", "--impl", port, "-k", "uni_inputs_are_not_changed", *options)
    assert done.returncode == 0, done.stdout
    assert ET.parse(wanted[0]).getroot()[0].attrib["errors"] == "0"  # noqa: S314, our own file
    assert "The statement that was asked holds" in wanted[1].read_text(encoding="utf-8")
