"""One mistake as HTML: in words, in a picture, and as a script to copy."""

from __future__ import annotations

from fsmn_properties.checks.trial import clipped
from fsmn_properties.findings.differences import cropped, differences, sentence
from fsmn_properties.findings.markup import html
from fsmn_properties.findings.mistake import Mistake, Picture
from fsmn_properties.findings.picture import legend, size, svg

MOST_PICTURES = 3
WIDEST = 280
LONGEST_SCRIPT = 20_000


def finding(mistake: Mistake, number: int, count: int) -> str:
    """Return a mistake as a card; `number` of `count`."""
    found = mistake.finding
    heading, *more = mistake.sentences or (next(iter(found.problem.splitlines()), ""),)
    pictures = mistake.pictures[:MOST_PICTURES]
    names = mistake.statements
    words = "".join(f"<p>{html(clipped(each, 600))}</p>" for each in more)
    if mistake.known:
        words += f'<p class="soft">Known: {html(clipped(mistake.known, 400))}</p>'
    if mistake.sentences:
        words += f'<p class="shows mono">{html(clipped(found.problem, 600))}</p>'
    case = f" · {html(clipped(found.case, 400))}" if found.case else ""
    told = f"{html(clipped(found.says, 400))} <span class=soft>({html(found.rule)} of the contract{case})</span>"
    seen = f'<p class="small soft">Seen by <code>{html(found.statement)}</code></p>'
    if len(names) > 1:
        listed = "".join(f"<li><code>{html(name)}</code></li>" for name in names)
        seen = f"<details class=small><summary>Seen by {len(names)} statements</summary><ul>{listed}</ul></details>"
    figures = "".join(_figure(each, 100 * number + i) for i, each in enumerate(pictures))
    body = f"<div>{figures}</div>{_script(found.script, number)}" if figures else _script(found.script, number)
    # Beside pictures that leave it the room, else below them.
    beside = bool(pictures) and max(size(each)[0] for each in pictures) <= WIDEST
    which = f"Finding {number} of {count}" if count > 1 else "The finding"
    return (
        f'<article class="finding{" beside" if beside else ""}" aria-labelledby="finding-{number}">'
        f'<p class="which">✗ {which}</p><h3 id="finding-{number}">{html(clipped(heading, 300))}</h3>\n{words}'
        f"<p>{told}</p>{seen}\n"
        f'<div class="body">{body}</div></article>'
    )


def _figure(picture: Picture, number: int) -> str:
    picture = cropped(picture)
    told = [sentence(picture, each) for each in differences(picture)]
    items = "".join(f"<li>{html(each)}</li>" for each in told[:3])
    items += f"<li>and {len(told) - 3} more</li>" if len(told) > 3 else ""
    keys = "".join(
        f'<li><svg class="key" width="22" height="22" aria-hidden="true">{swatch}</svg>{html(words)}</li>'
        for swatch, words in legend(picture)
    )
    return (
        f"<figure><figcaption>Which row reads which frame through which tap: "
        f"<code>{html(picture.function)}</code>, {html(clipped(picture.caption, 300))}</figcaption>\n"
        f'<div class="pair"><div><h4>Found</h4>{svg(picture, "found", number)}</div>'
        f"<div><h4>Expected</h4>{svg(picture, 'wanted', number)}</div></div>\n"
        f'<ul class="legend">{keys}</ul><ul class="small">{items}</ul></figure>'
    )


def _script(script: str, number: int) -> str:
    if not script:
        return ""
    return (
        '<div class="script"><div class="bar"><span class="small soft">Paste into Python to see it fail</span>'
        f'<button type="button" hidden aria-describedby="finding-{number}">Copy script</button></div>'
        f'<pre tabindex="0" role="region" aria-label="Script of finding {number}">'
        f"{html(clipped(script.rstrip(), LONGEST_SCRIPT))}</pre></div>"
    )
