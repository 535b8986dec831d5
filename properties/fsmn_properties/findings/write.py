"""Reports as files, their format by the ending of the name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fsmn_properties.findings.document import Document
from fsmn_properties.findings.report_html import to_html
from fsmn_properties.findings.report_json import to_json
from fsmn_properties.findings.report_markdown import to_markdown

FORMATS: dict[str, Callable[[Document], str]] = {".html": to_html, ".md": to_markdown, ".json": to_json}
"""What makes a report, by the ending of its file's name."""


def write(document: Document, path: str | Path) -> None:
    """Write a report, and the folders that it lies in.

    Parameters
    ----------
    document : Document
        What it holds.
    path : str or Path
        Where it is written; its ending is .html, .md or .json.

    Raises
    ------
    ValueError
        If its ending is none of these.
    """
    path = Path(path)
    if path.suffix not in FORMATS:
        raise ValueError(f"path must end in .html, .md or .json, got {str(path)!r}")
    text = FORMATS[path.suffix](document)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
