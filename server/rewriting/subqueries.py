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
    if "%" not in query:
        return None
    lower = query.lower()
    if "include" not in lower and "with" not in lower:
        return None
    return _Assembler(query).assembled()


class _Written:
    """Pieces of a query that are put together; raises LimitReached where they become too many characters."""

    def __init__(self) -> None:
        self.pieces: list[tuple[int, int]] = []
        self.size = 0

    def add(self, start: int, end: int) -> None:
        self.pieces.append((start, end))
        self._grow(end - start)

    def add_all(self, other: _Written) -> None:
        self._grow(other.size)
        self.pieces += other.pieces

    def _grow(self, size: int) -> None:
        self.size += size
        if self.size > MOST_CHARACTERS:
            raise LimitReached(
                f"With its named subqueries written out the query has more than {MOST_CHARACTERS:,} characters.",
                limit="named_subqueries",
                value=MOST_CHARACTERS,
            )


class _Assembler:
    def __init__(self, query: str) -> None:
        self._query = query
        self._found = tokens(query)
        self._defined = dict(self._definitions())
        """The places of the tokens WITH and %x of each definition."""
        self._bodies = {self._found[end].text: (start + 1, end - 1) for start, end in self._defined.items()}
        self._done: dict[str, _Written] = {}

    def assembled(self) -> Assembled:
        ends = set(self._defined.values())
        for place, (word, name) in enumerate(pairwise(self._found), 1):
            if name.kind == SUBQUERY and word.keyword == "AS" and place not in ends:
                raise self._wrong(word, f"the braces before AS {name.text} do not match, or no WITH opens them")
        return Assembled(self._query, tuple(self._written(0, len(self._found), ()).pieces))

    def _definitions(self) -> Iterator[tuple[int, int]]:
        closing = _braces(self._found)
        for place, token in enumerate(self._found):
            end = closing.get(place + 1, len(self._found)) + 2
            if token.keyword != "WITH" or end >= len(self._found):
                continue
            if self._found[end - 1].keyword == "AS" and self._found[end].kind == SUBQUERY:
                yield place, end

    def _written(self, first: int, end: int, within: tuple[str, ...]) -> _Written:
        """What stands from one token to another, written out; `within`: the subqueries it is part of."""
        written = _Written()
        done = self._found[first].start if within else 0
        place = first
        while place < end:
            token = self._found[place]
            last = self._defined.get(place, place)
            is_used = token.keyword == "INCLUDE" and place + 1 < end and self._found[place + 1].kind == SUBQUERY
            if is_used or last > place:
                written.add(done, token.start)
            if is_used:
                last = place + 1
                written.add_all(self._included(self._found[last], within))
            if last > place:
                done = self._found[last].end
            place = last + 1
        written.add(done, self._found[end - 1].end if within else len(self._query))
        return written

    def _included(self, name: Token, within: tuple[str, ...]) -> _Written:
        """The named subquery written out, once for all who include it."""
        if name.text not in self._bodies:
            raise self._wrong(name, f"{name.text} is defined by no WITH {{ … }} AS")
        if name.text in within:
            raise self._wrong(name, f"{name.text} is part of itself")
        if len(within) == MOST_DEEP:
            raise self._wrong(name, f"more than {MOST_DEEP} named subqueries stand in one another")
        if name.text not in self._done:
            self._done[name.text] = self._written(*self._bodies[name.text], (*within, name.text))
        return self._done[name.text]

    def _wrong(self, token: Token, what: str) -> QuerySyntaxError:
        line, column = position(self._query, token.start)
        return QuerySyntaxError(f"Line {line}, column {column}: {what}.", line=line, column=column)


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
