"""action=parse: the one page of words that clients ask for, the examples of queries, as the query GUI reads it."""

from __future__ import annotations

from html import escape

from server.examples import by_topic, examples
from server.pages.examples import anchor
from server.pages.language import word
from server.wikibase.api.call import Call, Json
from server.wikibase.api.errors import ApiError, unsupported

EXAMPLES = "examples"


def parse(call: Call) -> Json:
    """The page of example queries as HTML: topics, under each a heading with the question, then the query."""
    title = call.values.text("parse", "page")
    if not title:
        raise unsupported("action=parse without page")
    if EXAMPLES not in title.lower():
        raise ApiError("missingtitle", "The page you specified doesn't exist; only the page of examples does.")
    html = _examples(chinese="/zh" in title.lower())
    text = {"text": {"*": html}} if call.version == 1 else {"text": html}
    return {"title": title, "pageid": 0, "revid": 1, "displaytitle": escape(title), **text}


def _examples(*, chinese: bool) -> str:
    """Topics as headings of the second level, questions of the third, as the page of Wikidata has them."""
    language = "zh-hans" if chinese else "en"
    parts = []
    for topic, listed in by_topic(examples()).items():
        parts.append(_heading(2, word(f"topic.{topic}", language)))
        for example in listed:
            parts.append(_heading(3, (example.chinese if chinese else "") or example.english))
            parts.append(f'<div class="mw-highlight"><pre>{escape(example.query)}</pre></div>')
    return '<div class="mw-parser-output">' + "\n".join(parts) + "</div>"


def _heading(level: int, text: str) -> str:
    heading = f'<h{level} id="{escape(anchor(text))}">{escape(text)}</h{level}>'
    return f'<div class="mw-heading mw-heading{level}">{heading}</div>'
