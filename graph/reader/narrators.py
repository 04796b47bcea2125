"""Who tells a text in the first person: the unit in which the narrator serves, and the sender of each telegram."""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from graph.model import Mention, Span
from graph.reader.document import Document
from graph.reader.echelons import echelons
from graph.reader.grammar import grammar
from graph.reader.skeleton import MentionIndex, Skeleton, skeleton

# A battalion or what is lower; a regiment named bare is told apart by no more than its division.
_SMALL = 4


class Narrators:
    """The narrators of a document."""

    def __init__(self, document: Document, mentions: MentionIndex) -> None:
        self.mentions = mentions
        self.units: list[tuple[int, Mention]] = []
        # Where each telegram begins and ends, and who sends it; one with a head goes on to the next, or to a chapter.
        self.telegrams: list[tuple[Span, tuple[Mention, ...]]] = []
        self.opened = 0
        for sentence in document.sentences:
            paragraph = document.paragraphs[document.paragraph_at(sentence.start)]
            self._learn(skeleton(document, sentence, mentions), paragraph.start)
        self.units.sort(key=lambda pair: pair[0])
        self.telegrams.sort(key=lambda pair: pair[0])

    def _learn(self, view: Skeleton, paragraph: int) -> None:
        patterns = grammar().patterns
        for name in ("narrator_serves", "narrator_reports"):
            for match in patterns[name].finditer(view.text):
                self.units.append((view.starts[match.start()], view.mentions[match.end("unit") - 1]))
        start, end = view.starts[0], view.starts[-1]
        if patterns["sender_opens"].search(view.text):
            self.opened = start
        if patterns["chapter"].search(view.text):
            self.telegrams.append((Span(start, start), ()))
        head, close = patterns["sender_head"].search(view.text), patterns["sender_close"].search(view.text)
        if head:
            self.telegrams.append((Span(start, sys.maxsize), _men(view, head)))
        elif close:
            begun = min(paragraph, self.opened or paragraph)
            self.telegrams.append((Span(begun, end), _men(view, close)))
            self.opened = 0

    def unit(self, at: int) -> Mention | None:
        """Give the unit in which the narrator serves at a character, as he has said it last; None where he has not."""
        position = bisect_right(self.units, at, key=lambda pair: pair[0])
        return self.units[position - 1][1] if position else None

    def sender(self, at: int) -> tuple[Mention, ...]:
        """Give who sends the telegram that holds a character: named at its head or where it closes; empty for none."""
        position = bisect_right(self.telegrams, at, key=lambda pair: pair[0].start)
        if not position or at >= self.telegrams[position - 1][0].end:
            return ()
        return self.telegrams[position - 1][1]

    def parts(self) -> Iterator[tuple[Mention, Mention]]:
        """Give the parts of the narrator's unit that he names without it, and it: the battalions of his regiment."""
        rank = echelons().rank
        outer = self.mentions.outer
        for before, part in zip((None, *outer), outer, strict=False):
            own = self.unit(part.span.start)
            beside = before is not None and before.type == "Unit" and before.span.end >= part.span.start - 1
            if own is None or part.type != "Unit" or beside or own.canonical == part.canonical:
                continue
            if rank(part) == rank(own) - 1 < _SMALL and echelons().stands(part, own):
                yield part, own


def _men(view: Skeleton, match: re.Match[str]) -> tuple[Mention, ...]:
    found = (view.mentions.get(at) for at in range(*match.span("men")))
    return tuple(m for m in found if m and m.type == "Person")


def ending(units: Sequence[Mention], word: str) -> tuple[Mention, ...]:
    """Give those of some units whose names end in an echelon's word."""
    return tuple(unit for unit in units if unit.canonical.endswith(word))
