"""A report as JSON, from which the others can be made again; `docs/report_schema.json` says what it holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from math import isfinite
from typing import Any, TypeVar, cast

from fsmn_properties.checks.trial import clipped
from fsmn_properties.contract.promises import Promises
from fsmn_properties.findings.account import Account, Beyond
from fsmn_properties.findings.differences import cropped
from fsmn_properties.findings.document import Document
from fsmn_properties.findings.mistake import Entry, Mistake, Picture
from fsmn_properties.findings.verdict import Finding, Verdict

T = TypeVar("T")

FORMAT, VERSION = "fsmn-properties report", 1
LONGEST_TEXT = 20_000
MOST_PICTURES = 12
"""Of pictures, so many are kept."""


class NoReportError(ValueError):
    """A text is no report; the message says why."""


def to_json(document: Document) -> str:
    """Return a report as JSON."""
    account = document.account
    data = {
        "format": FORMAT,
        "version": VERSION,
        "written": document.written,
        "versions": document.versions,
        "target": account.target,
        "promises": account.promises.narrowed,
        "outcome": document.outcome,
        "headline": document.headline,
        "counts": account.counts,
        "unasked": account.unasked,
        "statements": [{"says": document.says.get(v.name, ""), **v.as_data()} for v in account.verdicts],
        "mistakes": _mistakes(account.mistakes),
        "beyond": [asdict(each) for each in account.beyond],
        "not_checked": document.not_checked,
        "interrupted": {"statement": document.interrupted, "call": document.call} if document.interrupted else None,
    }
    return json.dumps(_plain(data), indent=1, allow_nan=False) + "\n"


def _mistakes(mistakes: tuple[Mistake, ...]) -> list[dict[str, Any]]:
    left, found = MOST_PICTURES, []
    for mistake in mistakes:
        pictures = tuple(cropped(each) for each in mistake.pictures[:left])
        left -= len(pictures)
        found.append(asdict(replace(mistake, pictures=pictures)))
    return found


def _plain(value: Any) -> Any:
    """Return what JSON can hold: it has no number that is not finite, and texts are not longer than need be."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if value is None or isinstance(value, bool) or (isinstance(value, int) and abs(value) < 2**53):
        return value
    if isinstance(value, float):
        return float(value) if isfinite(value) else str(float(value))
    return clipped(value, LONGEST_TEXT)


def of_json(text: str) -> Document:
    """Return the report that `to_json` was of.

    Raises
    ------
    NoReportError
        If it is none, or of a later version.
    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NoReportError(f"it is no JSON: {error}") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NoReportError(f"its format must be {FORMAT!r}")
    if data.get("version") != VERSION:
        raise NoReportError(f"its version must be {VERSION}, got {clipped(repr(data.get('version')), 40)}")
    try:
        return _document(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NoReportError(f"it does not fit docs/report_schema.json: {clipped(repr(error))}") from error


def _document(data: Mapping[str, Any]) -> Document:
    promises = Promises(**{key: _tuple(value) for key, value in data["promises"].items()})
    account = Account(
        str(data["target"]),
        promises,
        tuple(_verdict(each) for each in data["statements"]),
        tuple(_made(Beyond, each) for each in data["beyond"]),
        int(data["unasked"]),
        tuple(_mistake(each) for each in data["mistakes"]),
    )
    says = {str(each["name"]): str(each["says"]) for each in data["statements"]}
    versions = {str(name): str(value) for name, value in data["versions"].items()}
    stop = data["interrupted"] or {"statement": "", "call": ""}
    limits = tuple(str(each) for each in data["not_checked"])
    return Document(account, str(data["written"]), versions, says, str(stop["statement"]), str(stop["call"]), limits)


def _verdict(data: Mapping[str, Any]) -> Verdict:
    finding, worst = data.get("finding"), data.get("worst")
    numbers = {key: int(data[key]) for key in ("cases", "sequences")} | {"seconds": float(data["seconds"])}
    worst = None if worst is None else float(worst)
    return _made(Verdict, {**data, **numbers, "finding": finding and _finding(finding), "worst": worst})


def _finding(data: Mapping[str, Any]) -> Finding:
    facts = {key: _tuple(value) for key, value in data["facts"].items()}
    return _made(Finding, {**data, "facts": facts})


def _mistake(data: Mapping[str, Any]) -> Mistake:
    parts = {key: tuple(str(each) for each in data[key]) for key in ("statements", "sentences")}
    pictures = tuple(_picture(each) for each in data["pictures"])
    return _made(Mistake, {**data, **parts, "finding": _finding(data["finding"]), "pictures": pictures})


def _picture(data: Mapping[str, Any]) -> Picture:
    sizes = {key: int(data[key]) for key in ("rows", "frames")}
    entries = {key: tuple(_entry(each) for each in data[key]) for key in ("found", "wanted")}
    return cropped(_made(Picture, {**data, **sizes, **entries, "taps": tuple(str(tap) for tap in data["taps"])}))


def _entry(data: Any) -> Entry:
    row, frame, tap, weight = data
    return int(row), int(frame), int(tap), float(weight)


def _made(kind: Callable[..., T], data: Mapping[str, Any]) -> T:
    """Return an object of what its fields are given, every text as text; what else there is belongs to others."""
    known = fields(cast("Any", kind))
    given = {each.name: data[each.name] for each in known if each.name in data}
    texts = {each.name for each in known if each.type == "str"}
    return kind(**{name: str(value) if name in texts else value for name, value in given.items()})


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
