"""A query -> its outline: its words and signs in order, with "" for each term.

Queries that one program makes differ in their terms alone, so what the gate found of one holds for all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from server.tokens import COMMENT, IRI, PREFIXED_NAME, PUNCTUATION, SPACE, STRING, TERMINALS, WORD, Token

_PATTERNS: Final = dict(TERMINALS)
_SPACE: Final = rf"(?:{_PATTERNS[SPACE]})?+"
_BETWEEN: Final = rf"{_SPACE}(?:{_PATTERNS[COMMENT]}{_SPACE})*+"
_TERM: Final = "|".join(pattern for kind, pattern in TERMINALS if kind not in (SPACE, COMMENT, WORD, PUNCTUATION))
# No other terminal begins with a letter that a word begins with, and prefixed names come before words here too: this
# finds what tokens() finds. `.` takes what begins no token, `\Z` what stands behind the last one.
_EACH: Final = re.compile(rf"{_BETWEEN}(?:{_TERM}|({_PATTERNS[WORD]}|{_PATTERNS[PUNCTUATION]}|.)|\Z)", re.DOTALL)
_SIGN: Final = re.compile(rf"(?:{_PATTERNS[WORD]}|{_PATTERNS[PUNCTUATION]})?")
_DECLARED: Final = rf"{_BETWEEN}(?:{_PATTERNS[IRI]}|{_PATTERNS[STRING]}){_BETWEEN}"
_DECLARATIONS: Final = re.compile(
    rf"{_BETWEEN}(?:(?:PREFIX{_BETWEEN}(?:{_PATTERNS[PREFIXED_NAME]})|BASE|VERSION){_DECLARED})*+(?!PREFIX|BASE|VERSION)",
    re.DOTALL | re.IGNORECASE,
)

Outline = tuple[str, ...]


def outline(query: str) -> Outline:
    """The outline of any text, with a term or two more for its end.

    >>> outline("ASK { ?s a <a#b> }")
    ('ASK', '{', '', 'a', '', '}', '')
    """
    return tuple(_EACH.findall(query))


def declares(query: str) -> bool:
    """Whether each declaration before the query has its IRI, or its string; an outline does not tell terms apart.

    >>> declares("PREFIX a: <b#> SELECT * {}"), declares("PREFIX a: b:c SELECT * {}")
    (True, False)
    """
    return _DECLARATIONS.match(query) is not None


def is_readable(found: Outline) -> bool:
    """Whether the text of that outline is made of tokens alone."""
    return all(map(_SIGN.fullmatch, found))


def outline_of(found: Iterable[Token]) -> Outline:
    """The outline that those tokens have."""
    return tuple(text if kind in (WORD, PUNCTUATION) else "" for kind, text, _, _ in found)
