"""Text of others in HTML and SVG: names of kernels and messages are not to be trusted."""

from __future__ import annotations

from html import escape


def visible(text: object) -> str:
    """Return a text with its control characters, marks of direction and lone surrogates written as escapes."""
    told = str(text).replace("\r\n", "\n")
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in told)


def html(text: object) -> str:
    """Return a text as HTML that is nothing but text."""
    return escape(visible(text))
