"""The plain triples that stand in a Wikibase service: parameters, and patterns of names without paths or brackets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.errors import QuerySyntaxError
from server.tokens import IRI, LANGUAGE, NUMBER, PREFIXED_NAME, STRING, VARIABLE, Token, position

TERMS = (IRI, PREFIXED_NAME, VARIABLE, STRING, NUMBER)


@dataclass(frozen=True)
class Term:
    """A term as its writer wrote it: its tokens joined, its first token, and its IRI where it is one."""

    text: str
    token: Token
    iri: str = ""

    @property
    def is_variable(self) -> bool:
        """Whether it is a variable."""
        return self.token.kind == VARIABLE

    @property
    def value(self) -> str:
        """The characters of a string, without its quotation marks; of anything else its text."""
        text = self.token.text
        if self.token.kind != STRING:
            return text
        return text[3:-3] if text[:3] in ('"""', "'''") else text[1:-1]


@dataclass(frozen=True)
class Triple:
    """Subject, predicate and object as written."""

    subject: Term
    predicate: Term
    object: Term


class Reader:
    """Reads the triples between two places of a query's tokens."""

    def __init__(self, query: str, found: list[Token], names: Mapping[str, str]) -> None:
        self.query = query
        self._found = found
        self._names = names

    def iri(self, token: Token) -> str:
        """The IRI that a token writes; empty where it writes none."""
        if token.kind == IRI:
            return token.text[1:-1]
        prefix, _, local = token.text.partition(":")
        return self._names[prefix] + local if token.kind == PREFIXED_NAME and prefix in self._names else ""

    def triples(self, start: int, end: int) -> list[Triple]:
        """The triples there; raises QuerySyntaxError where something else stands."""
        read: list[Triple] = []
        kept: list[Term] = []
        place = start
        while place < end:
            terms = list(kept)
            while len(terms) < 3:
                term, place = self._term(place, end)
                terms.append(term)
            read.append(Triple(*terms))
            shared, place = self._end(place, end)
            kept = terms[:shared]
        return read

    def _end(self, place: int, end: int) -> tuple[int, int]:
        """How many terms the next triple shares with the one that ends here, and where it goes on."""
        mark = self._found[place].text if place < end else "."
        if mark == ",":
            return 2, place + 1
        if mark not in (";", "."):
            raise self.error(self._found[place], "a triple ends before this, with a full stop")
        shared = 1
        while place < end and self._found[place].text in (";", "."):
            shared = 0 if self._found[place].text == "." else shared
            place += 1
        return shared, place

    def _term(self, place: int, end: int) -> tuple[Term, int]:
        if place >= end or self._found[place].kind not in TERMS:
            token = self._found[min(place, end)]
            raise self.error(token, "in this service only plain triples can stand: names, variables and strings")
        token = self._found[place]
        last = place
        if token.kind == STRING and last + 1 < end and self._found[last + 1].kind == LANGUAGE:
            last += 1
        elif token.kind == STRING and last + 2 < end and self._found[last + 1].text == "^^":
            last += 2
        return Term(self.query[token.start : self._found[last].end], token, self.iri(token)), last + 1

    def error(self, token: Token, what: str) -> QuerySyntaxError:
        """The complaint about a token, with its line and column."""
        line, column = position(self.query, token.start)
        return QuerySyntaxError(
            f"Line {line}, column {column}, at “{token.text[:40]}”: {what}.", line=line, column=column
        )
