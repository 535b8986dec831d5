"""The README's example: its kernel is a file in docs, and its account and its picture are what a run of it shows."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
KERNEL = "docs/examples/my_kernel.py"


def test_the_kernel_of_the_readme_is_the_file_that_it_names() -> None:
    text = (ROOT / KERNEL).read_text(encoding="utf-8")
    assert text.split('"""', 2)[2].strip() in README


def test_the_account_and_the_picture_of_the_readme_are_those_of_a_run(
    python: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    data, picture = tmp_path / "my_kernel.json", tmp_path / "my_kernel.svg"
    done = python("-m", "fsmn_properties", KERNEL, "-k", "uni_forward_equals_the_reference", "--report", data)
    shown = README.partition("### How to read a failure")[2].partition("```text\n")[2].partition("\nseen by")[0]
    for line in filter(None, shown.splitlines()):
        assert line.removesuffix(" [...]") in done.stdout
    assert python("-m", "fsmn_properties", "report", data, "--to", "svg", "-o", picture).returncode == 0
    # Where the map is read may change with the cases; that it is this picture of this mistake may not.
    made, shown = (path.read_text(encoding="utf-8") for path in (picture, ROOT / "docs/my_kernel.svg"))
    assert (
        made.partition("</style>")[0].partition("<style>")[2] == shown.partition("</style>")[0].partition("<style>")[2]
    )
    assert all('class="wrong"' in text and ">row 1 reads frame 0 through" in text for text in (made, shown))


def test_the_index_of_the_documentation_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [path.name for path in (ROOT / "docs").iterdir() if path.suffix in {".md", ".ipynb", ".json"}]
    assert not [name for name in pages if name != "README.md" and name not in index]
