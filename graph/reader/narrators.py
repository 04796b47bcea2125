"""Who tells a text in the first person: the unit in which the narrator serves, and the sender of each telegram."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from graph.model import Mention
from graph.reader.document import Document
from graph.reader.echelons import echelons
from graph.reader.grammar import grammar
from graph.reader.relations import Tie
from graph.reader.skeleton import MentionIndex, Skeleton, skeleton

# A battalion or what is lower; a regiment named bare is told apart by no more than its division.
_SMALL = 4


class Narrators:
    """The narrators of a document."""

    def __init__(self, document: Document, mentions: MentionIndex) -> None:
        self.mentions = mentions
        self.units: list[tuple[int, Mention]] = []
        self.heads: list[tuple[int, tuple[Mention, ...]]] = []
        self.closes: list[tuple[int, tuple[Mention, ...]]] = []
        for sentence in document.sentences:
            self._learn(skeleton(document, sentence, mentions))

    def _learn(self, view: Skeleton) -> None:
        patterns = grammar().patterns
        for name in ("narrator_serves", "narrator_reports"):
            for match in patterns[name].finditer(view.text):
                self.units.append((view.starts[match.start()], view.mentions[match.end("unit") - 1]))
        for name, found in (("sender_head", self.heads), ("sender_close", self.closes)):
            for match in patterns[name].finditer(view.text):
                men = tuple(view.mentions[at] for at in range(*match.span("men")) if at in view.mentions)
                found.append((view.starts[match.start()], tuple(m for m in men if m.type == "Person")))

    def unit(self, at: int) -> Mention | None:
        """Give the unit in which the narrator serves at a character, as he has said it last; None where he has not."""
        position = bisect_right(self.units, at, key=lambda pair: pair[0])
        return self.units[position - 1][1] if position else None

    def sender(self, at: int) -> tuple[Mention, ...]:
        """Give who sends the telegram that holds a character: named at its head, else where it closes; empty for none."""
        head = bisect_right(self.heads, at, key=lambda pair: pair[0])
        close = bisect_right(self.closes, at, key=lambda pair: pair[0])
        ended = self.closes[close - 1][0] if close else -1
        if head and self.heads[head - 1][0] > ended:
            return self.heads[head - 1][1]
        return self.closes[close][1] if close < len(self.closes) else ()

    def ties(self) -> Iterator[Tie]:
        """Give the parts of the narrator's unit that he names without it: the battalions of his regiment."""
        rank = echelons().rank
        outer = self.mentions.outer
        for before, part in zip((None, *outer), outer, strict=False):
            own = self.unit(part.span.start)
            beside = before is not None and before.type == "Unit" and before.span.end >= part.span.start - 1
            if own is None or part.type != "Unit" or beside or own.canonical == part.canonical:
                continue
            if rank(part) == rank(own) - 1 < _SMALL and echelons().stands(part, own):
                yield Tie("part.own", "partOf", part, own, part.span.start, {"kind": "organic"})


def ending(units: Sequence[Mention], word: str) -> tuple[Mention, ...]:
    """Give those of some units whose names end in an echelon's word."""
    return tuple(unit for unit in units if unit.canonical.endswith(word))
