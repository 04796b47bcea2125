"""A query -> its template: what is left of it without what programs vary, its IRIs, strings and numbers.

Queries that one program makes mostly have one template, and what the gate finds of it holds for them all.
"""

from __future__ import annotations

import re
from typing import Final

_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
# The places of a query at which `tokens` begins an IRI, a string or a comment, if it holds none of _UNCLEAR: nothing
# else holds one of these signs.
_VARYING: Final = re.compile(
    rb"([<\"'#0])"
    rb"(?:(?<=<)[^<>\"{}|^`\\\x00-\x20]*+>|(?<=\")[^\"\\\n\r]*+\"|(?<=')[^'\\\n\r]*+'|(?<=#)[^\n\r]*+|(?<=0)0*+)"
)
_CLOSED: Final = {b"<": b"<>", b'"': b'""', b"'": b"''"}
_UNCLEAR: Final = ("\\", "%", "<<", '"""', "'''")
"""Escapes and signs with which the text of a template may have other tokens than the query."""

Template = tuple[bytes, ...]


def template(query: str) -> Template:
    """The text in UTF-8, cut at each IRI, string, comment and number, of which its first character alone is left.

    >>> template("ASK { ?s <a#b> 1939 }")
    (b'ASK { ?s ', b'<', b' ', b'0', b' }')
    """
    return tuple(_VARYING.split(query.encode().translate(_ZEROS)))


def example(of: Template) -> str | None:
    """The shortest query of that template; None where it may have other tokens than another one.

    >>> example(template("ASK { ?s <a#b> 1939 }"))
    'ASK { ?s <> 0 }'
    """
    pieces = list(of)
    pieces[1::2] = (_CLOSED.get(sign, sign) for sign in of[1::2])
    text = b"".join(pieces).decode()
    return None if any(map(text.__contains__, _UNCLEAR)) else text
