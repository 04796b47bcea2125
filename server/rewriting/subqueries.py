"""Blazegraph's named subqueries, `WITH { … } AS %x` and `INCLUDE %x` -> the query with each written where it is used.

The new text is made of pieces of the old one, so that every place in it has a place where its writer wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from server.errors import LimitReached, QuerySyntaxError
from server.tokens import SUBQUERY, Token, offset, position, tokens

MOST_CHARACTERS, MOST_DEEP = 1 << 20, 64
"""Of the new text, and of subqueries in one another: each that includes another twice doubles it."""


@dataclass(frozen=True)
class Assembled:
    """A text, and the pieces of it (start and end in code points, end excluded) that make another one."""

    source: str
    pieces: tuple[tuple[int, int], ...]

    @cached_property
    def text(self) -> str:
        """The other text."""
        return "".join(self.source[start:end] for start, end in self.pieces)

    def place(self, offset: int) -> int:
        """The place in the source that a place in the text comes from.

        >>> Assembled("A {B} C", ((2, 5), (0, 2))).place(4)
        1
        """
        for start, end in self.pieces:
            if offset < end - start:
                return start + offset
            offset -= end - start
        return len(self.source)

    def told(self, error: QuerySyntaxError) -> QuerySyntaxError:
        """The complaint about the text as one about the source."""
        line, column = error.members["line"], error.members["column"]
        moved = position(self.source, self.place(offset(self.text, line, column)))
        return error.at(*moved)


def assemble(query: str) -> Assembled | None:
    """The query without WITH and INCLUDE; None where it has none. Raises QuerySyntaxError and LimitReached."""
    if "%" not in query or "include" not in query.lower():
        return None
    return _Assembler(query).assembled()


class _Assembler:
    def __init__(self, query: str) -> None:
        self._query = query
        self._found = tokens(query)
        self._defined = dict(self._definitions())
        """The places of the tokens WITH and %x of each definition."""
        self._bodies = {self._found[end].text: (start + 1, end - 1) for start, end in self._defined.items()}
        self._size = 0

    def assembled(self) -> Assembled:
        ends = set(self._defined.values())
        for place, (word, name) in enumerate(pairwise(self._found), 1):
            if name.kind == SUBQUERY and word.keyword == "AS" and place not in ends:
                raise self._wrong(word, f"the braces before AS {name.text} do not match, or no WITH opens them")
        return Assembled(self._query, tuple(self._pieces(0, len(self._found), ())))

    def _definitions(self) -> Iterator[tuple[int, int]]:
        closing = _braces(self._found)
        for place, token in enumerate(self._found):
            end = closing.get(place + 1, len(self._found)) + 2
            if token.keyword == "WITH" and end < len(self._found) and self._found[end].kind == SUBQUERY:
                yield place, end

    def _pieces(self, first: int, end: int, within: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        """The pieces that make what stands from one token to another; `within`: the subqueries it is part of."""
        done = self._found[first].start if within else 0
        place = first
        while place < end:
            token = self._found[place]
            last = self._defined.get(place, place)
            is_used = token.keyword == "INCLUDE" and place + 1 < end and self._found[place + 1].kind == SUBQUERY
            if is_used or last > place:
                yield self._piece(done, token.start)
            if is_used:
                last = place + 1
                yield from self._included(self._found[last], within)
            if last > place:
                done = self._found[last].end
            place = last + 1
        yield self._piece(done, self._found[end - 1].end if within else len(self._query))

    def _included(self, name: Token, within: tuple[str, ...]) -> Iterator[tuple[int, int]]:
        if name.text not in self._bodies or name.text in within or len(within) == MOST_DEEP:
            why = "is part of itself" if name.text in self._bodies else "is defined by no WITH { … } AS"
            raise self._wrong(name, f"{name.text} {why}")
        yield from self._pieces(*self._bodies[name.text], (*within, name.text))

    def _wrong(self, token: Token, what: str) -> QuerySyntaxError:
        line, column = position(self._query, token.start)
        return QuerySyntaxError(f"Line {line}, column {column}: {what}.", line=line, column=column)

    def _piece(self, start: int, end: int) -> tuple[int, int]:
        self._size += end - start
        if self._size > MOST_CHARACTERS:
            raise LimitReached(
                f"With its named subqueries written out the query has more than {MOST_CHARACTERS:,} characters.",
                limit="named_subqueries",
                value=MOST_CHARACTERS,
            )
        return start, end


def _braces(found: list[Token]) -> dict[int, int]:
    """The place of the closing brace for each opening one that has one."""
    closing: dict[int, int] = {}
    waiting: list[int] = []
    for place, token in enumerate(found):
        if token.text == "{":
            waiting.append(place)
        elif token.text == "}" and waiting:
            closing[waiting.pop()] = place
    return closing
