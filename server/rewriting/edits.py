"""Replacements in a query's text, and the way back from a place in the new text to the old one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from server.rewriting.subqueries import Assembled


@dataclass(frozen=True, order=True)
class Edit:
    """The text that replaces what stands from `start` to `end` (code points, end excluded; equal: it is put in)."""

    start: int
    end: int
    text: str


class Rewritten(NamedTuple):
    """A query as it was written, and the edits (in order, none over another) that make the engine's query of it."""

    source: str
    edits: tuple[Edit, ...] = ()
    assembled: Assembled | None = None
    """Where `source` itself was put together from what its writer wrote."""

    @property
    def written(self) -> str:
        """The query as its writer wrote it."""
        return self.assembled.source if self.assembled else self.source

    @staticmethod
    def of(source: str, edits: Iterable[Edit]) -> Rewritten:
        """The query with these edits, in whatever order they come."""
        return Rewritten(source, tuple(sorted(edits)))

    @property
    def text(self) -> str:
        """The query with its edits done."""
        if not self.edits:
            return self.source
        parts = []
        done = 0
        for edit in self.edits:
            parts += [self.source[done : edit.start], edit.text]
            done = edit.end
        return "".join(parts) + self.source[done:]

    def place(self, offset: int) -> int:
        """The place in the query as written that a place in `text` comes from; inside an edit, the edit's.

        >>> Rewritten.of("SELECT * { A B }", [Edit(11, 12, "long"), Edit(13, 13, "and ")]).place(21)
        14
        """
        moved = 0
        for edit in self.edits:
            begin = edit.start + moved
            if offset < begin:
                break
            if offset < begin + len(edit.text):
                return self._written(edit.start)
            moved += len(edit.text) - (edit.end - edit.start)
        return self._written(offset - moved)

    def _written(self, offset: int) -> int:
        return self.assembled.place(offset) if self.assembled else offset
