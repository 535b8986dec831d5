"""Two versions of a target in one process."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

import fsmn_ref
import fsmn_vec
from fsmn_properties.bench.sides import Place, Side
from fsmn_properties.targets.target import CannotLoadError

ROOT = Path(__file__).resolve().parents[2]

KERNEL = """
def compact_vfsmn_memory_forward(hidden, filter, position, *, stride=1):
    from helper import NUMBER
    return NUMBER
"""


def copied(root: Path) -> Place:
    for package in ("fsmn_ref", "fsmn_vec"):
        shutil.copytree(ROOT / package, root / package, ignore=shutil.ignore_patterns("__pycache__"))
    return Place("fsmn_vec", root, root)


def sides(base: Place, candidate: Place) -> tuple[Side, Side]:
    roots = [place.root for place in (base, candidate) if place.root]
    loaded = Side(candidate, roots)
    return Side(base, roots, loaded), loaded


@pytest.fixture
def kernels(tmp_path: Path) -> tuple[Place, Place]:
    """Two folders with a kernel each that imports its helper when it is called."""
    places = []
    for number, name in enumerate(("base", "candidate")):
        folder = tmp_path / name / "src"
        folder.mkdir(parents=True)
        (folder / "kernel.py").write_text(KERNEL, encoding="utf-8")
        (folder / "helper.py").write_text(f"NUMBER = {number}\n", encoding="utf-8")
        places.append(Place("kernel", folder, tmp_path / name))
    return places[0], places[1]


def test_two_sides_are_two_modules(tmp_path: Path) -> None:
    base, candidate = sides(copied(tmp_path / "base"), Place("fsmn_vec", ROOT, ROOT))
    assert str(base.target.functions.__file__).startswith(str(tmp_path))
    assert str(candidate.target.functions.__file__).startswith(str(ROOT))
    name = "compact_vfsmn_memory_forward"
    assert base.target.function(name) is not candidate.target.function(name)


def test_loading_sides_leaves_the_packages_and_the_path_as_they_were(tmp_path: Path) -> None:
    path = list(sys.path)
    sides(copied(tmp_path / "base"), Place("fsmn_vec", ROOT, ROOT))
    assert sys.modules["fsmn_vec"] is fsmn_vec
    assert sys.modules["fsmn_ref"] is fsmn_ref
    assert sys.path == path


def test_what_a_function_imports_when_it_is_called_comes_from_its_own_side(kernels: tuple[Place, Place]) -> None:
    loaded = sides(*kernels)
    for _ in range(2):
        for number, side in enumerate(loaded):
            with side.entered():
                assert side.target.function("compact_vfsmn_memory_forward")(0, 0, 0) == number
    assert "helper" not in sys.modules


def test_a_base_that_is_found_on_the_path_alone_is_found_in_its_own_tree(
    kernels: tuple[Place, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(kernels[1].folder))
    base, candidate = (Place("kernel", tmp_path / name, tmp_path / name) for name in ("base", "candidate"))
    loaded = sides(base, candidate)
    assert [Path(side.target.functions.__file__).parents[1].name for side in loaded] == ["base", "candidate"]


def test_a_file_is_loaded_from_each_tree(kernels: tuple[Place, Place], tmp_path: Path) -> None:
    candidate = Place(str(kernels[1].folder / "kernel.py"), tmp_path, tmp_path / "candidate")
    base = candidate.within(tmp_path / "base")
    assert base.name == str(kernels[0].folder / "kernel.py")
    loaded = sides(base, candidate)
    with loaded[0].entered():
        assert loaded[0].target.function("compact_vfsmn_memory_forward")(0, 0, 0) == 0


def test_a_side_that_does_not_import_is_refused(tmp_path: Path) -> None:
    place = copied(tmp_path / "base")
    (tmp_path / "base/fsmn_vec/delay_line.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    with pytest.raises(
        CannotLoadError, match="importing fsmn_vec failed: ModuleNotFoundError: No module named 'nothing"
    ):
        sides(place, Place("fsmn_vec", ROOT, ROOT))


def test_a_side_whose_modules_come_from_elsewhere_is_refused(tmp_path: Path) -> None:
    place = copied(tmp_path / "base")
    shutil.rmtree(tmp_path / "base/fsmn_ref")
    with pytest.raises(CannotLoadError, match=r"fsmn_ref.* comes from .*, not from|No module named 'fsmn_ref'"):
        sides(place, Place("fsmn_vec", ROOT, ROOT))


def test_a_target_that_is_no_part_of_its_tree_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotLoadError, match="does not come from"):
        Side(Place("fsmn_vec", tmp_path, tmp_path), [tmp_path])
