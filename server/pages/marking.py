"""A text cut into pieces at the bounds of what is marked on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from server.pages.texts import Mark


@dataclass(frozen=True)
class Piece:
    """Characters that bear the same marks.

    `mentions` are the numbers of the items they name, the narrowest first; `told` those of what is told in the
    passages that end here; `is_highlit` says that they are of the passage asked for, `begins` that it begins here.
    """

    text: str
    start: int
    mentions: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    is_highlit: bool = False
    begins: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A line of the text: where it starts, and its pieces."""

    start: int
    pieces: tuple[Piece, ...] = field(default=())


def paragraphs(
    characters: str, mentions: Sequence[Mark], tellings: Sequence[Mark], span: tuple[int, int] | None = None
) -> Iterator[Paragraph]:
    """The lines of a text that are not empty, cut into pieces.

    >>> [p.text for each in paragraphs("薛岳命令\\n第4军", [Mark(0, 2, "Q1")], []) for p in each.pieces]
    ['薛岳', '命令', '第4军']
    """
    told = defaultdict(list)
    for mark in tellings:
        told[mark.end].append(mark.number)
    cuts = _cuts(characters, mentions, tellings, span)
    covering = _Covering(mentions)
    pieces: list[Piece] = []
    first = 0
    for start, end in pairwise(cuts):
        if characters[start:end] == "\n":
            if pieces:
                yield Paragraph(first, tuple(pieces))
            pieces, first = [], end
            continue
        is_highlit = span is not None and span[0] <= start and end <= span[1]
        pieces.append(
            Piece(
                text=characters[start:end],
                start=start,
                mentions=covering.at(start),
                told=tuple(told.get(end, ())),
                is_highlit=is_highlit,
                begins=is_highlit and span is not None and start == span[0],
            )
        )
    if pieces:
        yield Paragraph(first, tuple(pieces))


def _cuts(
    characters: str, mentions: Iterable[Mark], tellings: Iterable[Mark], span: tuple[int, int] | None
) -> list[int]:
    cuts = {0, len(characters)}
    cuts.update(place for mark in mentions for place in (mark.start, mark.end))
    cuts.update(mark.end for mark in tellings)
    cuts.update(place for at, c in enumerate(characters) if c == "\n" for place in (at, at + 1))
    cuts.update(span or ())
    return sorted(place for place in cuts if 0 <= place <= len(characters))


class _Covering:
    """Tells which marks cover a place; places must be asked for in order."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._coming = sorted(marks, reverse=True)
        self._open: list[Mark] = []

    def at(self, place: int) -> tuple[str, ...]:
        """The numbers of the marks that cover the character at that place, the narrowest first."""
        while self._coming and self._coming[-1].start <= place:
            self._open.append(self._coming.pop())
        self._open = [mark for mark in self._open if mark.end > place]
        return tuple(mark.number for mark in sorted(self._open, key=lambda m: (m.end - m.start, m.number)))
