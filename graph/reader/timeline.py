"""Date mentions -> the dates that a text tells, in order: which come in force, and for how long."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from graph.model import Mention, Span
from graph.periods import Period, bounds
from graph.reader import datewords, stretches
from graph.reader.document import Document

# A year of fewer than this share of a text's dates is told in passing.
_FEW = 0.15
# A date that goes back by more days than these, and opens no paragraph, is a flashback.
_FAR = 10
# The precision of a year alone.
_YEAR = 9
# A quotation of more characters is a document with dates of its own; its last so many may hold the day it was signed.
_DOCUMENT = 120
_CLOSING = 24
# A date opens a sentence within so many characters.
_HEAD = 2
# No more than so many dates are looked back upon.
_REACH = 60


@dataclass(frozen=True, slots=True)
class Told:
    """A date where the text prints it.

    `edtf` is the whole stretch where it closes a list or a pair; `narrative` says that the narrator tells it, `moves`
    that it comes in force; a flashback's is in force up to `reach` only, and a `digression` is one to another year.
    `document` is the long quotation that it stands in, and for which alone it is in force; `bare` says that it is a
    part of the day alone, in a paragraph that has told no day.
    """

    mention: Mention
    edtf: str
    narrative: bool
    moves: bool
    reach: int | None = None
    digression: bool = False
    document: Span | None = None
    bare: bool = False

    def in_force(self, at: int) -> bool:
        """Tell whether a date that stands before a character came in force, and still is."""
        if self.document is not None and self.document.start <= at < self.document.end:
            return True
        return self.moves and (self.reach is None or at < self.reach)

    @property
    def at(self) -> int:
        """Give where it stands."""
        return self.mention.span.start

    @property
    def end(self) -> int:
        """Give where its words end."""
        return self.mention.span.end


class Timeline:
    """The dates of a document in order; `said` holds the ids of those inside what is ordered, planned or reported."""

    def __init__(self, document: Document, mentions: Iterable[Mention], said: Collection[str]) -> None:
        self.document = document
        self.patterns = datewords.words().patterns
        dated = (m for m in mentions if m.type == "Date" and stretches.valid(m.canonical))
        self.mentions = tuple(sorted(dated, key=lambda m: m.span))
        self.starts = tuple(mention.span.start for mention in self.mentions)
        self.told = tuple(self._told(said))
        self.following = self._following()

    def heads(self, told: Told) -> bool:
        """Tell whether a date stands in a heading: what follows has it until another date."""
        return self.document.in_heading(told.at)

    def between(self, start: int, end: int) -> Sequence[Told]:
        """Give the dates that begin at `start` or after it, and before `end`."""
        return self.told[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def force(self, at: int) -> Told | None:
        """Give the date in force at a character: the last one that came in force before it, and still is."""
        return next((told for told in self._before(at) if told.in_force(at)), None)

    def signed(self, paragraph: Span) -> Told | None:
        """Give the date with which a telegram or letter that fills a paragraph closes, or None."""
        for told in reversed(self.between(max(paragraph.start, paragraph.end - _CLOSING), paragraph.end)):
            before = self.document.normal[max(paragraph.start, told.at - _CLOSING) : told.at]
            after = self.document.normal[told.end : paragraph.end]
            if self.patterns["signed"].search(before) or self.patterns["sealed"].match(after):
                return told
        return None

    def edtf_by(self, at: int, edtf: str) -> str | None:
        """Give the last date told before a character that lies no later than another date."""
        limit = bounds(edtf).latest
        told = (told.edtf for told in self._before(at) if told.moves and told.in_force(at))
        return next((last for last in told if bounds(last).earliest <= limit), None)

    def _before(self, at: int) -> Iterator[Told]:
        """Give the dates before a character, the last one first, as far as one looks back."""
        position = bisect_left(self.starts, at)
        return reversed(self.told[max(0, position - _REACH) : position])

    def next_edtf(self, at: int) -> str | None:
        """Give the next date that the narrative prints at or after a character, as EDTF."""
        following = self.next(at)
        return following.mention.canonical if following else None

    def digressed(self, at: int) -> bool:
        """Tell whether the last date before a character is a digression's that is no longer in force."""
        last = next((told for told in self._before(at) if told.moves), None)
        return last is not None and last.digression and last.reach is not None and last.reach <= at

    def next(self, at: int) -> Told | None:
        """Give the next date that the narrative prints at or after a character."""
        return self.following[bisect_left(self.starts, at)]

    def visible(self, told: Told, at: int) -> bool:
        """Tell whether a date inside a quotation or bracket is seen from a character."""
        for span in (self.document.quote_at(told.at), self.document.aside_at(told.at)):
            if span and not span.start <= at < span.end:
                return False
        return True

    def aside(self, told: Told) -> bool:
        """Tell whether a date holds for its own words only: 18日晚的命令, 已于25日攻占."""
        return self._attribute(told.mention) or self._stands("aside", told.mention)

    def opens_with_until(self, told: Told) -> bool:
        """Tell whether a date is one until which something went on: 至30日, 激战至12日."""
        return self._stands("until", told.mention)

    def since(self, told: Told) -> bool:
        """Tell whether a date is one since which something went on: 自12月初旬以来."""
        after = self.document.normal[told.end : told.end + 2]
        return self._stands("since_before", told.mention) and bool(self.patterns["since_after"].match(after))

    def _surface(self, mention: Mention) -> str:
        return self.document.normal[mention.span.start : mention.span.end]

    def _stands(self, name: str, mention: Mention) -> bool:
        return datewords.words().stands(name, self.document.normal, mention.span.start)

    def _attribute(self, mention: Mention) -> bool:
        after = self.document.normal[mention.span.end : mention.span.end + 2]
        return bool(self.patterns["attribute"].match(after))

    def _told(self, said: Collection[str]) -> Iterator[Told]:
        digressing = self._digressing()
        carried: Period | None = None
        dated = -1
        for position, mention in enumerate(self.mentions):
            here = self.document.paragraph_at(mention.span.start)
            bare = here != dated and bool(self.patterns["bare"].fullmatch(self._surface(mention)))
            quote = self.document.quote_at(mention.span.start)
            enclosed = quote or self.document.aside_at(mention.span.start)
            within = None if bare or self._attribute(mention) else _document(quote)
            period = bounds(mention.canonical)
            told = not enclosed and not bare and mention.id not in said and not self._stands("aside", mention)
            narrative = told and (period.precision != _YEAR or period.interval)
            moves = narrative and (not self._attribute(mention) or self.document.in_heading(mention.span.start))
            back = self._flashback(mention, period, carried)
            reach = self._account(mention) if moves and (back or digressing[position]) else None
            if moves and reach is None and self._in_passing(mention, period, carried):
                reach = self.document.sentences[self.document.sentence_at(mention.span.start)].end
            if moves:
                dated = here
            if moves and reach is None:
                carried = period
            yield Told(mention, self._stretch(position), narrative, moves, reach, digressing[position], within, bare)

    def _flashback(self, mention: Mention, period: Period, carried: Period | None) -> bool:
        """Tell whether a date goes back: by words that say so, or far, in the middle of a paragraph."""
        if self._stands("flashback", mention):
            return True
        if carried is None or (carried.earliest - period.latest).days <= _FAR:
            return False
        paragraph = self.document.paragraphs[self.document.paragraph_at(mention.span.start)]
        first = self.document.sentence_at(paragraph.start)
        return self.document.sentence_at(mention.span.start) > first

    def _in_passing(self, mention: Mention, period: Period, carried: Period | None) -> bool:
        """Tell whether a bare day goes back in the middle of a sentence: …,而第十军于19日派出的营被歼."""
        at = mention.span.start
        if carried is None or period.latest >= carried.earliest or re.search("[年月]", mention.surface):
            return False
        return at > self.document.sentences[self.document.sentence_at(at)].start + _HEAD

    def _account(self, mention: Mention) -> int:
        """Give where the account of a flashback ends: with its paragraph."""
        return self.document.paragraphs[self.document.paragraph_at(mention.span.start)].end

    def _digressing(self) -> Sequence[bool]:
        """Tell for each date whether its year goes back to a time of which the text tells little."""
        years = [bounds(mention.canonical).earliest.year for mention in self.mentions]
        counts = Counter(years)
        latest, found = 0, []
        for year in years:
            found.append(year < latest and counts[year] < _FEW * len(years))
            latest = max(latest, year)
        return found

    def _following(self) -> Sequence[Told | None]:
        """Give for each date, and for the end, the next one at or after it that the narrative goes on to."""
        found: list[Told | None] = [None]
        for told in reversed(self.told):
            found.append(told if told.narrative and told.reach is None else found[-1])
        return found[::-1]

    def _stretch(self, position: int) -> str:
        """Give the stretch that a date closes: 27日、28日; 自26日敌军迫城至本月8日."""
        last = self.mentions[position]
        if position and "/" not in last.canonical:
            before = self.mentions[position - 1]
            gap = self.document.normal[before.span.end : last.span.start]
            listed = self.patterns["listed"].fullmatch(gap) and "/" not in before.canonical
            if listed or (self.patterns["pair"].fullmatch(gap) and self._stands("since_before", before)):
                return stretches.stretch(before.canonical, last.canonical) or last.canonical
        return last.canonical


def _document(quote: Span | None) -> Span | None:
    """Give a quotation that is long enough to be a document with dates of its own; else None."""
    return quote if quote is not None and quote.end - quote.start > _DOCUMENT else None
