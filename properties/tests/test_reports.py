"""Reports as JSON, HTML and Markdown: complete, made again from JSON, harmless, and never longer than need be."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import fsmn_vec
from fsmn_properties import verify
from fsmn_properties.catalogue import CATALOGUE
from fsmn_properties.findings.differences import differences, sentence
from fsmn_properties.findings.document import Document, document_of
from fsmn_properties.findings.finding_html import finding as card
from fsmn_properties.findings.mistake import Mistake, Picture
from fsmn_properties.findings.picture import svg
from fsmn_properties.findings.report_html import to_html
from fsmn_properties.findings.report_json import NoReportError, of_json, to_json
from fsmn_properties.findings.report_markdown import LONGEST, to_markdown
from fsmn_properties.findings.report_svg import to_svg
from fsmn_properties.findings.rules import grouped
from fsmn_properties.findings.verdict import FAILS, HOLDS, Finding, Verdict
from fsmn_properties.findings.write import write

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report_schema.json").read_text(encoding="utf-8"))


FINDING = Finding("uni_x", "Says.", "R2", "is wrong")


def failing(document: Document, count: int, size: int) -> Document:
    finding = Finding("uni_x", "s" * size, "R2", "p" * size, "c" * size, "x" * size, {"got": "g" * size})
    verdicts = tuple(Verdict(f"s{i}", "F4", FAILS, finding=replace(finding, statement=f"s{i}")) for i in range(count))
    account = replace(document.account, verdicts=verdicts, mistakes=(), target="t" * size)
    return replace(document, account=account, call="c" * size)


def test_json_is_valid_without_numbers_that_are_not_finite_and_fits_the_schema(document: Document) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    data = json.loads(to_json(document), parse_constant=refuse)
    assert data["statements"][0]["worst"] == "inf"
    assert [2, 5, 1, "nan"] in data["mistakes"][0]["pictures"][0]["found"]
    jsonschema = pytest.importorskip("jsonschema", reason="the schema is validated where jsonschema is installed")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.validate(data)
    assert not validator.is_valid({**data, "outcome": "maybe"})


def test_the_schema_describes_every_member(document: Document) -> None:
    data, defined = json.loads(to_json(document)), SCHEMA["$defs"]
    pairs = [(data, SCHEMA), (data["statements"][0], defined["statement"]), (data["beyond"][0], defined["beyond"])]
    pairs.append((data["statements"][0]["finding"], defined["finding"]))
    pairs.append((data["mistakes"][0], defined["mistake"]))
    pairs.append((data["mistakes"][0]["pictures"][0], defined["picture"]))
    for members, schema in pairs:
        assert members.keys() == schema["properties"].keys() == set(schema["required"])


def test_all_formats_can_be_made_again_from_json(document: Document) -> None:
    again = of_json(to_json(document))
    assert to_json(again) == to_json(document)
    assert to_html(again) == to_html(document)
    assert to_markdown(again) == to_markdown(document)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text[:-9], "no JSON"),
        (lambda _: "[" * 100_000, "no JSON"),
        (lambda _: "[]", "its format must be 'fsmn-properties report'"),
        (lambda text: text.replace('"version": 1', '"version": 2'), "its version must be 1, got 2"),
        (lambda text: text.replace('"target"', '"object"'), "does not fit docs/report_schema.json: KeyError"),
        (lambda text: text.replace('"strides": "one"', '"strides": 7'), "does not fit"),
        (lambda text: text.replace('"cases": 3', '"cases": {}'), "does not fit"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(document: Document, change: Any, message: str) -> None:
    with pytest.raises(NoReportError, match=message):
        of_json(change(to_json(document)))


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_says_everything_and_takes_no_text_for_markup(document: Document) -> None:
    page = Page(to_html(document))
    assert page.tags.count("script") == 1
    assert {"a", "b", "img", "link", "iframe"}.isdisjoint(page.tags)
    assert not [name for name, _ in page.attributes if name in {"src", "href", "onclick", "onload"}]
    assert page.text.count("<script>alert(1)</script>") > 5
    assert "\x1b" not in page.text
    assert "\u202e" not in page.text
    for told in (
        "3 statements fail for 2 reasons",
        "The taps are in reverse order.",
        "strides='one'",
        "works: float64",
    ):
        assert told in page.text
    for told in ("Z9", "Seen by 2 statements", "row 2 reads frame 5 through filter[1] with weight nan; it should not"):
        assert told in page.text
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    labels = {word for name, value in page.attributes if name.startswith("aria-") and value for word in value.split()}
    assert {"map-100-found-title", "map-100-wanted-desc"} <= labels & set(ids)


def test_the_page_names_nothing_outside_itself(document: Document) -> None:
    text = to_html(document).replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "default-src 'none'" in text
    assert not re.search(r"https?:|url\(|@import|//\w", text.replace("// Copies", ""))


def test_reports_do_not_grow_with_what_went_wrong(document: Document) -> None:
    much = failing(document, 150, 30_000)
    assert len(to_html(much)) < 500_000
    assert len(to_markdown(much)) <= LONGEST + 200
    assert to_markdown(much).count("\n```") % 2 == 0
    large = replace(document.account.mistakes[0].pictures[1], rows=100, frames=100)
    large = replace(large, found=tuple((r, s, 0, 2.0) for r in range(100) for s in range(100)))
    mistake = replace(document.account.mistakes[0], pictures=(large,) * 50)
    assert len(card(mistake, 1, 1)) < 2_000_000
    account = replace(document.account, mistakes=(mistake,) * 20)
    assert len(to_json(replace(document, account=account))) < 3_000_000


def test_the_first_picture_is_a_file_that_any_reader_of_svg_takes(document: Document) -> None:
    picture = ET.fromstring(to_svg(document))  # noqa: S314, our own text
    names = [each.text for each in picture.iter() if each.tag.endswith("}text")]
    assert {"Found", "Expected", "filter[0]", "read wrongly", "compact_vfsmn_memory_forward"} <= set(names)
    assert sum("class" in each.attrib and each.attrib["class"] == "wrong" for each in picture.iter()) > 3
    bare = replace(document, account=replace(document.account, mistakes=()))
    with pytest.raises(NoReportError, match="none of its findings has a picture"):
        to_svg(bare)


def test_a_picture_takes_no_name_for_markup() -> None:
    names = ("<b>", "filter[<i>]", "&amp;")
    entries = ((0, 0, 0, 1.0), (0, 1, 1, 1.0), (0, 1, 2, 3.5), (1, 1, 7, float("inf")))
    picture = Picture("<f>", "<c>", 2, 2, names, entries, ())
    for text in (svg(picture, "found"), svg(picture, "wanted"), card(Mistake(FINDING, (), (), "", (picture,)), 1, 1)):
        root = ET.fromstring(f"<p>{text.replace(' hidden ', ' ')}</p>".replace("class=soft", 'class="soft"'))  # noqa: S314
        assert not {each.tag.rpartition("}")[2] for each in root.iter()} & {"b", "i", "f", "c"}


def test_a_picture_marks_what_differs_and_says_it() -> None:
    right = ((1, 0, 0, 1.0), (2, 0, 1, 1.0), (2, 1, 0, 1.0), (2, 2, 2, 1.0))
    found = ((1, 0, 1, 1.0), (2, 1, 0, 2.0), (2, 2, 2, 1.0), (0, 2, 0, 1.0))
    picture = Picture("f", "a case", 3, 3, ("filter[0]", "filter[1]", "identity"), found, right)
    told = [sentence(picture, each) for each in differences(picture)]
    assert told == [
        "row 0 reads frame 2 through filter[0]; it should not",
        "row 1 reads frame 0 through filter[1]; it should through filter[0]",
        "row 2 does not read frame 0; it should, through filter[1]",
        "row 2 reads frame 1 through filter[0] with weight 2; it should through filter[0]",
    ]
    drawn = svg(picture, "found")
    assert (drawn.count('class="wrong"'), drawn.count('class="missing"')) == (3, 1)
    assert all(each in drawn for each in told[:3])
    wanted = svg(picture, "wanted")
    assert 'class="wrong"' not in wanted + svg(replace(picture, found=right), "found")


def test_markdown_is_short_and_keeps_code_in_fences(document: Document) -> None:
    text = to_markdown(document)
    assert len(text) <= LONGEST
    assert "<script>" not in re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text, flags=re.DOTALL)
    assert "````python" in text  # a fence that is longer than what a script holds
    assert "The taps are in reverse order." in text
    assert "Seen by 2 statements" in text
    assert "Interrupted in `uni_g`" in text


def test_statements_are_grouped_by_the_rule_that_they_are_mainly_about() -> None:
    verdicts = [Verdict(each.name, each.rule, HOLDS) for each in CATALOGUE]
    groups = grouped(verdicts)
    assert sum(len(group.verdicts) for group in groups) == len(verdicts)
    assert groups[0].rules == "F1, F2"
    assert all(group.title for group in groups)
    assert grouped([Verdict("x", "Z9", HOLDS)])[0].rules == "Z9"


@pytest.mark.parametrize(
    ("kept", "interrupted", "outcome", "headline"),
    [
        ((3, 8), "uni_g", "incomplete", "Interrupted; nothing fails so far"),
        ((3, 4), "", "holds", "The statement that was asked holds"),
        ((3, 5), "", "holds", "1 of 2 statements hold; the rest fail as expected"),
        ((4, 5), "", "holds", "0 of 1 statements hold; the rest fail as expected"),
        ((3, 8), "", "incomplete", "Nothing fails; 1 of 3 statements gave up"),
        ((6, 7), "", "incomplete", "Nothing fails; 1 of 1 statements gave up"),
        ((5, 6), "", "incomplete", "No statement was asked"),
        ((0, 0), "", "incomplete", "No statement was asked"),
    ],
)
def test_the_headline_says_how_it_ended(
    document: Document, kept: tuple[int, int], interrupted: str, outcome: str, headline: str
) -> None:
    account = replace(document.account, verdicts=document.account.verdicts[slice(*kept)], mistakes=())
    found = replace(document, account=account, interrupted=interrupted)
    assert (found.outcome, found.headline) == (outcome, headline)
    assert headline in to_html(found)
    assert headline in to_markdown(found)


def test_a_file_is_written_by_its_ending_with_the_folders_that_it_lies_in(document: Document, tmp_path: Path) -> None:
    for ending, start in ((".html", "<!DOCTYPE html>"), (".md", "## "), (".json", "{")):
        write(document, tmp_path / "new" / f"report{ending}")
        assert (tmp_path / "new" / f"report{ending}").read_text(encoding="utf-8").startswith(start)
    with pytest.raises(ValueError, match=r"path must end in \.html, \.md or \.json, got '.*report\.pdf'"):
        write(document, tmp_path / "report.pdf")


def test_a_report_of_verify_is_written_and_read(tmp_path: Path) -> None:
    few = [each for each in CATALOGUE if each.name == "uni_forward_equals_the_reference"]
    kernel = SimpleNamespace(compact_vfsmn_memory_forward=lambda hidden, *_, **__: np.zeros(hidden.shape, hidden.dtype))
    for implementation, outcome in ((fsmn_vec, HOLDS), (kernel, FAILS)):
        report = verify(implementation, few, seed=1)
        report.write(tmp_path / "report.json")
        again = of_json((tmp_path / "report.json").read_text(encoding="utf-8"))
        assert again.outcome == outcome
        assert again.account.lines() == report.account.lines()
        assert again.says["uni_forward_equals_the_reference"].startswith("On whole numbers")
    assert document_of(report.account).versions["numpy"] == np.__version__
