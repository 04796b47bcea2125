"""The battles that a document tells of, with their days: which one an event belongs to."""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import cache

from graph.model import Mention, Span
from graph.periods import bounds
from graph.reader import datewords
from graph.reader.document import Document, KnownBattle

# What happens so long before a battle prepares it.
_BEFORE = timedelta(days=30)
# A battle told of is looked for among so many names before.
_NEAR = 20
# A battle's name opens a sentence within so many characters.
_HEAD = 3
_LISTED = re.compile("[了、和及与]?")


class Battles:
    """The battles that a document tells of."""

    def __init__(self, document: Document, mentions: Collection[Mention]) -> None:
        self.document = document
        known = {name: battle for battle in document.battles for name in (battle.name, *battle.aliases)}
        named = [(m.span.start, known[m.canonical]) for m in mentions if m.type == "Battle" and m.canonical in known]
        campaign = [(-1, battle) for name, battle in known.items() if name in document.text.campaign]
        self.ends = {m.span.start: m.span.end for m in mentions if m.type == "Battle"}
        unknown = [m for m in mentions if m.type == "Battle" and m.canonical not in known]
        self.unknown = sorted((m.span.start, m.canonical) for m in unknown)
        self.named = tuple(sorted(campaign + named, key=lambda pair: (pair[0], pair[1].name)))
        self.campaign = frozenset(battle.name for _, battle in campaign)
        self.battles = tuple(dict.fromkeys(battle for _, battle in self.named))
        self.dated = cache(self._dated)

    def of(self, when: str | None, at: int) -> KnownBattle | None:
        """Give the battle of an event: the shortest one that holds its date, else the last one named before it."""
        return self.dated(when) if when else self.before(at)

    def told(self, sentence: Span, when: str | None, *, until: int | None = None) -> KnownBattle | None:
        """Give the battle that a sentence sums up: the last one it names, else the one of the date in force.

        None where that is a war, or the last one named since its paragraph began is a battle whose days nobody knows.
        """
        named = [b for b in self.within(Span(sentence.start, until or sentence.end)) if not b.is_war]
        if named:
            return named[-1]
        found = self.of(when, sentence.start) or self.before(sentence.start)
        other = self._unknown(sentence, until or sentence.end)
        return None if found is None or found.is_war or (other and not _namesake(other, found)) else found

    def _unknown(self, sentence: Span, until: int) -> str | None:
        """Give the name of the last battle named since the paragraph began, where its days are not known."""
        paragraph = self.document.paragraphs[self.document.paragraph_at(sentence.start)]
        last = bisect_right(self.unknown, until, key=lambda pair: pair[0])
        if last == 0 or self.unknown[last - 1][0] < paragraph.start:
            return None
        at, name = self.unknown[last - 1]
        return None if any(not battle.is_war for battle in self.within(Span(at, until))) else name

    def named_at(self, start: int, words: str) -> KnownBattle | None:
        """Give the battle whose name opens a sentence about it: 第三次长沙会战是…, 衡阳攻守战,…."""
        patterns = datewords.words().patterns
        for at, battle in self._from(start):
            if at > start + _HEAD:
                break
            if not battle.is_war and patterns["named"].match(words[self.ends.get(at, at) - start :]):
                return battle
        return None

    def listed(self, end: int, normal: str) -> Sequence[KnownBattle]:
        """Give the battles that a list right behind a character names: 豫中战役、长衡战役."""
        found: list[KnownBattle] = []
        for at, battle in self._from(end):
            if not _LISTED.fullmatch(normal[end:at]):
                break
            found.append(battle)
            end = self.ends[at]
        return found

    def _from(self, start: int) -> Sequence[tuple[int, KnownBattle]]:
        low = bisect_right(self.named, start - 1, key=lambda pair: pair[0])
        return self.named[low : low + _NEAR]

    def within(self, span: Span) -> list[KnownBattle]:
        """Give the battles named inside a stretch of the text, in order."""
        low = bisect_right(self.named, span.start - 1, key=lambda pair: pair[0])
        high = bisect_right(self.named, span.end - 1, key=lambda pair: pair[0])
        return [battle for _, battle in self.named[low:high]]

    def before(self, at: int) -> KnownBattle | None:
        """Give the last battle named before a character; a war only where there is no other."""
        position = bisect_right(self.named, at, key=lambda pair: pair[0])
        near = [battle for _, battle in self.named[max(0, position - _NEAR) : position]]
        return next((b for b in reversed(near) if not b.is_war), near[-1] if near else None)

    def _dated(self, when: str) -> KnownBattle | None:
        """Give the battle of a date: one that holds it, else one that it prepares, else the war."""
        period = bounds(when)
        holding = [b for b in self.battles if b.period.earliest <= period.latest and period.earliest <= b.period.latest]
        inside = [b for b in holding if b.period.earliest <= period.earliest and period.latest <= b.period.latest]
        own = [b for b in holding if b.name in self.campaign]
        battles = [b for b in (inside and own) or inside or own or holding if not b.is_war]
        coming = [
            b for b in self.battles if not b.is_war and timedelta(0) < b.period.earliest - period.latest <= _BEFORE
        ]
        nearest = min(coming, key=lambda b: (b.period.earliest, b.name), default=None)
        return min(battles, key=_brief, default=nearest) or min(inside or holding, key=_brief, default=None)


def _namesake(name: str, battle: KnownBattle) -> bool:
    """Tell whether a name that the tables lack means a battle by its place: 长沙大捷, 第三次长沙会战."""
    return any(name[:-2] in known for known in (battle.name, *battle.aliases))


def _brief(battle: KnownBattle) -> tuple[int, str]:
    return battle.days, battle.name
