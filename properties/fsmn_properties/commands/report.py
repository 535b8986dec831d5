"""`report FILE.json --to html`: make a report in another format from one in JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from fsmn_properties.findings.report_html import to_html
from fsmn_properties.findings.report_json import NoReportError, of_json
from fsmn_properties.findings.report_markdown import to_markdown
from fsmn_properties.findings.report_svg import to_svg

FORMATS = {"html": to_html, "md": to_markdown, "svg": to_svg}
"""What makes each format; the SVG is the picture of the first finding alone."""


def run(arguments: list[str]) -> int:
    """Write the report, and return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fsmn_properties report", description=__doc__)
    parser.add_argument("file", metavar="FILE.json", help="a report that --report FILE.json wrote")
    parser.add_argument("--to", choices=FORMATS, required=True, help="its new format; svg is its first picture")
    parser.add_argument("-o", "--output", metavar="FILE", help="where it is written (default: standard output)")
    try:
        given = parser.parse_args(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    try:
        text = FORMATS[given.to](of_json(Path(given.file).read_text(encoding="utf-8")))
        if given.output is None:
            sys.stdout.buffer.write(text.encode())
        else:
            Path(given.output).write_text(text, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        print(f"can't make a report of {given.file!r}: {error}", file=sys.stderr)  # noqa: T201, a command prints
        return 2
    except NoReportError as error:
        print(f"can't make a report of {given.file!r}: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0
