"""The page in a browser: nothing overflows, the button copies, nothing is fetched, texts stand out."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import escape, unescape
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest

from fsmn_properties.findings.document import Document
from fsmn_properties.findings.palette import AHEAD, BACK, IDENTITY, INK
from fsmn_properties.findings.report_html import to_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed (apt install chromium)")

PROBE = """
document.querySelectorAll("details").forEach((each) => { each.open = true; });
const overflows = [...document.querySelectorAll("body *")].filter(
  (each) => !each.closest("pre") && each.getBoundingClientRect().right > innerWidth + 0.5
).map((each) => each.outerHTML.slice(0, 80));
const button = document.querySelector(".script button");
button.click();
setTimeout(() => {
  parent.document.title = JSON.stringify({
    width: innerWidth, content: document.documentElement.scrollWidth, overflows, button: button.textContent,
    selected: String(getSelection()).slice(0, 18), headings: [...document.querySelectorAll("h1,h2,h3,h4")].map(
      (each) => Number(each.tagName[1])),
  });
}, 300);
"""


def browsed(page: Path, *options: str) -> str:
    """Return a page as it is after its scripts ran."""
    assert CHROMIUM is not None
    command = [CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"]
    command += ["--disable-background-networking", f"--user-data-dir={page.parent / 'profile'}", *options]
    command += ["--virtual-time-budget=2000", "--dump-dom", page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout  # noqa: S603


@needs_browser
@pytest.mark.parametrize("width", [400, 1400])
def test_nothing_overflows_and_the_button_copies_or_selects(document: Document, tmp_path: Path, width: int) -> None:
    # The smallest window is wider than a phone; a frame is not. The policy would not let the probe run.
    page = re.sub(r"<meta http-equiv[^>]*>", "", to_html(document)).replace(
        "</body>", f"<script>{PROBE}</script></body>"
    )
    frame = (
        f'<title>none</title><iframe width="{width}" height="900" style="border:0" srcdoc="{escape(page)}"></iframe>'
    )
    (tmp_path / "frame.html").write_text(f"<!DOCTYPE html><body>{frame}</body>", encoding="utf-8")
    dumped = browsed(tmp_path / "frame.html", "--window-size=1500,1000")
    told: dict[str, Any] = json.loads(unescape(re.findall("<title>(.*?)</title>", dumped)[0]))
    assert told["width"] == width
    assert told["content"] <= width
    assert told["overflows"] == []
    assert told["button"] in {"Copied", "Selected: copy with Ctrl+C"}
    assert told["selected"] in {"import numpy as np", ""}
    levels = told["headings"]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@needs_browser
def test_the_page_fetches_nothing_and_its_own_script_alone_may_run(document: Document, tmp_path: Path) -> None:
    def requests(page: str) -> tuple[str, list[str]]:
        (tmp_path / "page.html").write_text(page, encoding="utf-8")
        dumped = browsed(tmp_path / "page.html", f"--log-net-log={tmp_path / 'net.json'}")
        log = (tmp_path / "net.json").read_text(encoding="utf-8")
        return dumped, re.findall(r'"initiator":"(?!not an origin)[^"]*"', log)  # the browser's own have none

    page = to_html(document)
    dumped, found = requests(page)
    assert '<button type="button" aria-describedby' in dumped  # no longer hidden: the script ran
    assert not found
    bad = '<img src="https://example.invalid/a.png"><script>document.title = "ran"</script></main>'
    dumped, found = requests(page.replace("</main>", bad))
    assert "<title>ran" not in dumped
    assert not found
    assert requests(bad)[1]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, another: str) -> float:
    dark, light = sorted((luminance(one), luminance(another)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_texts_contrast_with_what_lies_behind_them_in_both_themes(document: Document, theme: int) -> None:
    page = to_html(document)
    themes: list[dict[str, str]] = [{}, {}]
    for number, block in enumerate(re.findall(r"(?::root|\.map, \.key) \{([^}]*)\}", page)):
        themes[number % 2] |= dict(re.findall(r"--(\w[\w-]*): (#\w{6})", block))
    colours = themes[theme]
    for text, ground in product(("ink", "soft", "link", "bad", "good", "open"), ("paper", "card", "sunk")):
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for text in ("bad", "good", "open"):
        assert contrast(colours[text], colours[f"{text}-wash"]) >= 4.5, text
    assert contrast(colours["told"], colours["card"]) >= 4.5
    assert contrast(colours["mark"], colours["ground"]) >= 3
    assert all(contrast(INK, each) >= 4.5 for each in (*BACK, *AHEAD, IDENTITY))
