"""A query's outline -> how deep it nests and how many triple patterns it has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from server.tokens import PUNCTUATION, WORD, Token

EXPRESSIONS = frozenset({"FILTER", "BIND", "HAVING", "BY"})
TERM_WORDS = frozenset({"A", "TRUE", "FALSE"})
Outline = tuple[str, ...]
"""A query's words and signs in order, with "" for each term."""


def outline_of(found: Iterable[Token]) -> Outline:
    """The outline that those tokens have."""
    return tuple(text if kind in (WORD, PUNCTUATION) else "" for kind, text, _, _ in found)


def measure(outline: Outline) -> tuple[int, int]:
    """How deep the brackets of a query nest, and about how many triple patterns it has.

    >>> from server.tokens import tokens
    >>> measure(outline_of(tokens("SELECT * { ?s a ?c ; ?p (1 2) FILTER(?c IN (3, 4)) }")))
    (3, 4)
    """
    meter = _Meter()
    for text in outline:
        if not text or text.upper() in TERM_WORDS:
            meter.term()
        elif text[0].isalpha():
            meter.keyword(text.upper())
        elif text in "({[":
            meter.open(text)
        elif text in ")}]":
            meter.close()
        elif text in ".;,":
            meter.end()
    return meter.depth, meter.patterns


@dataclass(slots=True)
class _Bracket:
    """An open bracket: what it holds, whether a pattern in it is begun, whether a keyword's own terms are read."""

    holds: str
    begun: bool = False
    keyword: bool = False


class _Meter:
    """Counts while it reads: a pattern ends at its full stop, at the bracket around it, or at the next keyword."""

    def __init__(self) -> None:
        self.depth = self.patterns = 0
        self._open: list[_Bracket] = []
        self._expression = self._values = self._after_word = False

    def keyword(self, word: str) -> None:
        self._expression = self._expression or word in EXPRESSIONS
        self._values = self._values or word == "VALUES"
        self._count_list_member()
        self.end()
        self._after_word = True
        if self._open:
            self._open[-1].keyword = True

    def term(self) -> None:
        self._after_word = False
        self._count_list_member()
        if self._open and not self._open[-1].keyword:
            self._open[-1].begun = True

    def open(self, text: str) -> None:
        inside = self._open[-1].holds if self._open else ""
        holds = _opened(text, inside, self._expression or self._after_word, self._values)
        if text == "{":
            self.end()
        elif holds in ("list", "properties"):
            self.term()
        self._open.append(_Bracket(holds))
        self.depth = max(self.depth, len(self._open))
        self._expression = self._expression and text == "{"
        self._values = self._values and text == "("
        self._after_word = False

    def close(self) -> None:
        self._after_word = False
        if self._open:
            self.end()
            closed = self._open.pop()
            if self._open and closed.holds not in ("list", "properties"):
                self._open[-1].keyword = False

    def end(self) -> None:
        self._after_word = False
        if self._open and self._open[-1].holds in ("group", "properties") and self._open[-1].begun:
            self.patterns += 1
            self._open[-1].begun = False

    def _count_list_member(self) -> None:
        self.patterns += bool(self._open) and self._open[-1].holds == "list"


def _opened(text: str, inside: str, expression: bool, values: bool) -> str:
    if text == "[":
        return "properties"
    if text == "{":
        return "values" if values else "group"
    return "expression" if expression or inside in ("expression", "values") else "list"
