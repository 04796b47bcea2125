"""action=parse: the one page of words that clients ask for, the examples of queries, as the query GUI reads it."""

from __future__ import annotations

from html import escape

from server.querypage import examples
from server.wikibase.api.call import Call, Json
from server.wikibase.api.errors import ApiError, unsupported

EXAMPLES = "examples"


def parse(call: Call) -> Json:
    """The page of example queries as HTML: a heading with the question, then the query."""
    title = call.values.text("parse", "page")
    if not title:
        raise unsupported("action=parse without page")
    if EXAMPLES not in title.lower():
        raise ApiError("missingtitle", "The page you specified doesn't exist; only the page of examples does.")
    html = _examples(chinese="/zh" in title.lower())
    text = {"text": {"*": html}} if call.version == 1 else {"text": html}
    return {"title": title, "pageid": 0, "revid": 1, "displaytitle": escape(title), **text}


def _examples(*, chinese: bool) -> str:
    parts = []
    for number, example in enumerate(examples(), 1):
        question = escape((example.chinese if chinese else "") or example.english)
        heading = f'<div class="mw-heading mw-heading2"><h2 id="{number}">{question}</h2></div>'
        parts.append(f'{heading}\n<div class="mw-highlight"><pre>{escape(example.query)}</pre></div>')
    return '<div class="mw-parser-output">' + "\n".join(parts) + "</div>"
