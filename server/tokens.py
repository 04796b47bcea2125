"""SPARQL 1.1 text -> its tokens, each with its kind and its place.

The kinds are those of the grammar's terminals (https://www.w3.org/TR/sparql11-query/#sparqlGrammar): the longest
one that fits is taken. Every character belongs to a token, to white space, or is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from server.errors import QuerySyntaxError

IRI: Final = "iri"
PREFIXED_NAME: Final = "prefixed_name"
VARIABLE: Final = "variable"
STRING: Final = "string"
LANGUAGE: Final = "language"
NUMBER: Final = "number"
BLANK_NODE: Final = "blank_node"
SUBQUERY: Final = "subquery"
"""The name of a named subquery, which Blazegraph adds to the language."""
WORD: Final = "word"
COMMENT: Final = "comment"
PUNCTUATION: Final = "punctuation"
SPACE: Final = "space"
OTHER: Final = "other"


class Token(NamedTuple):
    """A piece of a query: its kind, its text, and where it stands (code points, end excluded)."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def keyword(self) -> str:
        """A bare word in upper case; empty for every other kind."""
        return self.text.upper() if self.kind == WORD else ""


_PN_CHARS_BASE = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_PN_CHARS_U = _PN_CHARS_BASE + "_"
_PN_CHARS = _PN_CHARS_U + r"\-0-9\u00B7\u0300-\u036F\u203F-\u2040"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
# The look ahead keeps the scanner linear: in `a.a.a.…` every `a` could begin a prefix that runs to the end of the text.
_PREFIX = rf"(?=[{_PN_CHARS_BASE}][{_PN_CHARS}.]{{0,254}}+:)[{_PN_CHARS}]++(?:\.++(?=[{_PN_CHARS}])[{_PN_CHARS}]++)*+"
_LOCAL = (
    rf"(?:[{_PN_CHARS_U}:0-9]|{_PLX})[{_PN_CHARS}:]*+"
    rf"(?:(?:{_PLX}|\.++(?=[{_PN_CHARS}:%\\]))[{_PN_CHARS}:]*+)*"
)
_IRI_CHARS = r"[^<>\"{}|^`\\\x00-\x20]*+"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"

TERMINALS: Final = (
    (SPACE, r"[ \t\r\n]+"),
    (VARIABLE, rf"[?$][{_PN_CHARS_U}0-9][{_PN_CHARS_U}0-9\u00B7\u0300-\u036F\u203F-\u2040]*"),
    (PREFIXED_NAME, rf"(?:{_PREFIX})?:(?:{_LOCAL})?"),
    (WORD, r"[A-Za-z][A-Za-z0-9_]*"),
    (IRI, rf"<{_IRI_CHARS}(?:(?:{_UCHAR}){_IRI_CHARS})*+>"),
    (STRING, r'"""(?:"{0,2}(?:[^"\\]|\\.))*"""' + r"|'''(?:'{0,2}(?:[^'\\]|\\.))*'''"
     + r'|"[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*+"' + r"|'[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*+'"),
    (COMMENT, r"#[^\n\r]*"),
    (NUMBER, r"(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"),
    (LANGUAGE, r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
    (BLANK_NODE, rf"_:[{_PN_CHARS_U}0-9](?:[{_PN_CHARS}]|\.+(?=[{_PN_CHARS}]))*"),
    (SUBQUERY, rf"%[{_PN_CHARS_U}0-9]+"),
    (PUNCTUATION, r"\^\^|&&|\|\||<=|>=|!=|<<|>>|[{}()\[\].;,*/|^+\-!?=<>~]"),
)  # fmt: skip
_new: Final = tuple.__new__  # Token(…) itself takes three times as long, and this runs for each token of each query
_SCANNER: Final = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in TERMINALS) + "|(?P<other>.)", re.S)


def scan(query: str) -> Iterator[Token]:
    """Every token of the text in order, white space and comments too.

    Raises QuerySyntaxError with the place of a character that starts no token.
    """
    for match in _SCANNER.finditer(query):
        kind = match.lastgroup or OTHER
        if kind == OTHER:
            raise _unreadable(query, match.start())
        yield Token(kind, match[0], match.start(), match.end())


def tokens(query: str) -> list[Token]:
    """The tokens of a query without white space and comments.

    >>> [(token.kind, token.text) for token in tokens("ASK { ?s a <a#b> } # end")]
    [('word', 'ASK'), ('punctuation', '{'), ('variable', '?s'), ('word', 'a'), ('iri', '<a#b>'), ('punctuation', '}')]

    Raises QuerySyntaxError with the place of a character that starts no token.
    """
    found = []
    for match in _SCANNER.finditer(query):
        kind = match.lastgroup
        if kind in (SPACE, COMMENT):
            continue
        start, end = match.span()
        if kind == OTHER:
            raise _unreadable(query, start)
        found.append(_new(Token, (kind, match[0], start, end)))
    return found


def position(query: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a place in the text.

    >>> position("SELECT *\\n{ ?s", 11)
    (2, 3)
    """
    line = query.count("\n", 0, offset) + 1
    return line, offset - query.rfind("\n", 0, offset)


def offset(query: str, line: int, column: int) -> int:
    """The place in the text of a line and column, both from 1; the end of the text where it has no such line.

    >>> offset("SELECT *\\n{ ?s", 2, 3)
    11
    """
    lines = query.split("\n")
    before = sum(len(text) + 1 for text in lines[: line - 1])
    return min(before + column - 1, len(query)) if line <= len(lines) else len(query)


def _unreadable(query: str, offset: int) -> QuerySyntaxError:
    line, column = position(query, offset)
    character = query[offset]
    what = "this string does not end" if character in "\"'" else f"“{character}” cannot stand here"
    return QuerySyntaxError(f"Line {line}, column {column}: {what}.", line=line, column=column)
