"""The ways to run the suite: main program, pytest, call, and parameters of somebody else's test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fsmn_properties.implementation import CannotLoadError, load
from fsmn_properties.property import Property

import fsmn_ref
import fsmn_vec
from fsmn_properties import parametrize_with_properties, verify
from fsmn_properties.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]

REVERSED = """
import numpy as np
from fsmn_ref import *

def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    import fsmn_ref
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, np.asarray(filter)[::-1], position, stride=stride)
"""


@pytest.fixture
def port(tmp_path: Path) -> Path:
    """A port with its taps in the wrong order."""
    path = tmp_path / "port.py"
    path.write_text(REVERSED, encoding="utf-8")
    return path


def python(*arguments: object, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=300, check=False)  # noqa: S603


def test_the_main_program_exits_with_0_and_closes_with_totals_if_everything_holds() -> None:
    done = python("-m", "properties", "fsmn_ref", "-k", "notebook or changed")
    assert done.returncode == 0, done.stdout
    assert "uni_notebook_tables" in done.stdout
    assert (
        f"not checked: {len(CATALOGUE) - 6} of the {len(CATALOGUE)} properties, which were not selected" in done.stdout
    )
    assert done.stdout.splitlines()[-1].startswith("6 properties: 6 hold, 0 fail; 404 cases in ")


def test_the_main_program_exits_with_1_and_shows_the_counterexample_of_a_property_that_fails(port: Path) -> None:
    done = python("-m", "properties", port, "-k", "uni_forward_equals")
    assert done.returncode == 1, done.stdout
    assert "memory[1, 0] is 4.0, should be 3.0" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("1 properties: 0 hold, 1 fail; ")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no_such_module", "can't load 'no_such_module': importing no_such_module failed: ModuleNotFoundError"),
        ("no/such/file.py", "can't load 'no/such/file.py': there is no file"),
        ("fsmn_ref:nothing", "can't load 'fsmn_ref:nothing': fsmn_ref has no attribute 'nothing'"),
        ("json", "can't load 'json': json has no function compact_vfsmn_memory_forward, "),
    ],
)
def test_the_main_program_exits_with_2_and_says_why_a_name_cannot_be_loaded(name: str, message: str) -> None:
    done = python("-m", "properties", name)
    assert done.returncode == 2
    assert message in done.stderr


def test_the_main_program_heeds_no_settings_of_the_project_it_is_called_in(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n", encoding="utf-8")
    done = python("-m", "fsmn_properties", "fsmn_ref", "-k", "notebook_tables", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_main_program_without_a_name_verifies_fsmn_vec_and_passes_options_on() -> None:
    done = python("-m", "properties", "-k", "notebook_tables")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("2 properties: 2 hold, 0 fail; 2 cases in ")


def test_the_main_program_says_how_it_is_used() -> None:
    done = python("-m", "properties", "--help")
    assert done.returncode == 0
    assert "python -m fsmn_properties [NAME]" in done.stdout


def test_pytest_verifies_what_impl_names_and_names_the_property_that_fails(port: Path) -> None:
    done = python("-m", "pytest", "properties", "--impl", port, "-q", "-k", "forward_equals")
    assert done.returncode == 1
    assert "FAILED properties/test_properties.py::test_property[uni_forward_equals_the_reference]" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


RECORDER = """
from fsmn_ref import *

def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    import fsmn_ref
    with open({log!r}, "a") as log:
        print(hidden.shape, filter.shape, list(position), stride, file=log)
    return fsmn_ref.compact_vfsmn_memory_forward(hidden, filter, position, stride=stride)
"""


def test_a_seed_on_the_command_line_draws_what_it_draws_in_a_call(tmp_path: Path) -> None:
    port, log = tmp_path / "port.py", tmp_path / "log"
    port.write_text(RECORDER.format(log=str(log)), encoding="utf-8")
    (prop,) = (each for each in CATALOGUE if each.name == "uni_forward_equals_the_reference")
    drawn = []
    for seed in (1, 2):
        python("-m", "properties", port, "-k", prop.name, "--hypothesis-seed", seed)
        drawn.append(log.read_text(encoding="utf-8"))
        log.unlink()
    prop.run(load(str(port)), seed=1, examples=200)
    assert drawn[0] == log.read_text(encoding="utf-8")
    assert drawn[0] != drawn[1]


def test_pytest_collects_the_catalogue_and_nothing_else_from_the_folder() -> None:
    done = python("-m", "pytest", "properties", "--collect-only", "-q")
    collected = [line.partition("::")[2] for line in done.stdout.splitlines() if "::" in line]
    assert collected == [f"test_property[{each.name}]" for each in CATALOGUE]


def test_two_workers_report_as_one() -> None:
    done = python("-m", "properties", "fsmn_ref", "-n", "2", "-k", "notebook")
    assert done.returncode == 0, done.stdout
    assert "4 properties: 4 hold, 0 fail; 4 cases" in done.stdout


def test_verify_reports_what_fails(port: Path) -> None:
    report = verify(load(str(port)), [each for each in CATALOGUE if "uni_forward_equals" in each.name], seed=1)
    assert not report.ok
    assert [outcome.name for outcome in report.failures] == ["uni_forward_equals_the_reference"]
    assert "1 properties: 0 hold, 1 fail" in str(report)
    assert "runpy.run_path" in str(report)


def test_verify_takes_any_object_with_the_four_functions() -> None:
    class Kernels:
        compact_vfsmn_memory_forward = staticmethod(fsmn_ref.compact_vfsmn_memory_forward)
        compact_vfsmn_memory_backward = staticmethod(fsmn_ref.compact_vfsmn_memory_backward)
        bi_compact_vfsmn_memory_forward = staticmethod(fsmn_ref.bi_compact_vfsmn_memory_forward)
        bi_compact_vfsmn_memory_backward = staticmethod(fsmn_ref.bi_compact_vfsmn_memory_backward)

    few = [each for each in CATALOGUE if "notebook" in each.name]
    assert verify(Kernels, few).ok
    assert verify(Kernels(), few).ok


def test_an_object_without_a_function_is_refused() -> None:
    with pytest.raises(CannotLoadError, match="object has no function compact_vfsmn_memory_forward"):
        verify(object())


@pytest.mark.parametrize("name", ["fsmn_ref.unidirectional:numbers", "fsmn_ref.unidirectional"])
def test_a_module_without_the_functions_is_refused(name: str) -> None:
    with pytest.raises(CannotLoadError, match="has no"):
        load(name)


def test_a_file_that_raises_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("1 / 0", encoding="utf-8")
    with pytest.raises(CannotLoadError, match=r"running .*broken.py failed: ZeroDivisionError: division by zero"):
        load(str(tmp_path / "broken.py"))


def test_an_attribute_of_a_file_can_be_verified(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text("import fsmn_ref\nclass Outer:\n    kernels = fsmn_ref\n", encoding="utf-8")
    assert load(f"{tmp_path / 'kernels.py'}:Outer.kernels").functions is fsmn_ref


def marked(decorator: pytest.MarkDecorator) -> dict[str, Any]:
    return {parameter.id: parameter for parameter in decorator.args[1]}


def test_a_decorator_makes_one_test_of_each_property() -> None:
    parameters = marked(parametrize_with_properties(fsmn_ref))
    assert list(parameters) == [each.name for each in CATALOGUE]
    parameters["uni_notebook_tables"].values[0]()


def test_a_decorated_test_fails_with_the_counterexample(port: Path) -> None:
    check = marked(parametrize_with_properties(load(str(port))))["uni_forward_equals_the_reference"].values[0]
    with pytest.raises(pytest.fail.Exception, match=r"memory\[1, 0\] is 4.0, should be 3.0"):
        check()


def test_an_expected_failure_is_marked_with_its_reason_and_strict() -> None:
    reasons = {"uni_notebook_tables": "the port is unidirectional"}
    parameters = marked(parametrize_with_properties(fsmn_ref, expected_failures=reasons))
    (mark,) = parameters["uni_notebook_tables"].marks
    assert (mark.name, mark.kwargs) == ("xfail", {"reason": "the port is unidirectional", "strict": True})
    assert not parameters["bi_notebook_tables"].marks


def test_an_expected_failure_of_no_property_is_refused() -> None:
    with pytest.raises(ValueError, match="no property is called misspelled"):
        parametrize_with_properties(fsmn_ref, expected_failures={"misspelled": "?"})


@pytest.mark.parametrize("each", CATALOGUE, ids=lambda each: each.name)
def test_a_first_look_tries_a_few_cases_and_claims_no_more(each: Property) -> None:
    outcome = each.first_look(fsmn_vec, seed=0)
    assert not outcome.failure
    assert outcome.cases >= (each.few if each.cases is not None else 1)
    assert not outcome.note


def test_a_first_look_stops_where_the_property_says() -> None:
    (whole,) = [each for each in CATALOGUE if each.name == "uni_taps_of_any_number"]
    assert whole.first_look(fsmn_vec).cases == whole.few < whole.run(fsmn_vec).cases
