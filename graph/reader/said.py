"""Drafts -> which of them orders, plans and reports say, and which dates stand inside such words."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from graph.model import Mention, Modality, Span
from graph.reader import datewords
from graph.reader.clause_words import SPEECH
from graph.reader.document import Document
from graph.reader.drafts import Draft

# The words of an order or report begin within so many characters behind the word that says it.
_NEAR = 14


class Sayings:
    """What is said in one document: `dates` holds the ids of the date mentions inside an order, a plan or a report."""

    def __init__(self, document: Document, mentions: Mapping[str, Mention], drafts: Sequence[Draft]) -> None:
        self.document = document
        self.ordered = sorted(drafts, key=lambda draft: draft.trigger)
        self.starts = [draft.trigger.start for draft in self.ordered]
        self.by_start = {draft.trigger.start: draft for draft in reversed(self.ordered)}
        self.date_mentions = [m for m in sorted(mentions.values(), key=lambda m: m.span) if m.type == "Date"]
        self.date_starts = [mention.span.start for mention in self.date_mentions]
        self.by: dict[str, int] = {}
        for mention in self.date_mentions:
            said_by = self._said_by(mention)
            if said_by is not None:
                self.by[mention.id] = said_by
        self.dates = frozenset(self.by)

    def container(self, draft: Draft) -> Draft | None:
        """Give the order, plan or report that says an event, or None."""
        if draft.said_by is None or draft.said_by == draft.trigger.start:
            return None
        container = self.by_start.get(draft.said_by)
        if container is None or draft.type in SPEECH or draft.modality is not Modality.ACTUAL:
            return container
        told = container.type != "Report" and self.document.quote_at(draft.trigger.start) is None
        return None if told else container

    def goes_on(self, sentence: int) -> bool:
        """Tell whether a sentence goes on after a semicolon, within its paragraph."""
        if sentence == 0:
            return False
        here, before = self.document.sentences[sentence], self.document.sentences[sentence - 1]
        return here.start == before.end and self.document.normal[before.end - 1] == ";"

    def sibling(self, draft: Draft) -> Draft | None:
        """Give the order before the semicolon that an order goes on after: 命甲军进攻…;命乙军登陆…."""
        sentence = self.document.sentence_at(draft.trigger.start)
        if draft.type != "Order" or not self.goes_on(sentence):
            return None
        before = self.within(self.document.sentences[sentence - 1])
        return next((other for other in reversed(before) if other.type == "Order"), None)

    def following(self, draft: Draft) -> Sequence[Draft]:
        """Give the drafts after one in its sentence, in order."""
        sentence = self.document.sentences[self.document.sentence_at(draft.trigger.start)]
        low = bisect_left(self.starts, draft.trigger.end)
        high = bisect_left(self.starts, sentence.end)
        return self.ordered[low:high]

    def within(self, span: Span) -> Sequence[Draft]:
        """Give the drafts whose triggers begin inside a stretch, in order."""
        return self.ordered[bisect_left(self.starts, span.start) : bisect_left(self.starts, span.end)]

    def last_date(self, draft: Draft) -> Mention | None:
        """Give the last date that the words say before an event that they say, or None."""
        low = bisect_left(self.date_starts, draft.said_by or 0)
        high = bisect_left(self.date_starts, draft.trigger.start)
        said = (m for m in reversed(self.date_mentions[low:high]) if self.by.get(m.id) == draft.said_by)
        normal = self.document.normal
        return next((m for m in said if not datewords.words().stands("aside", normal, m.span.start)), None)

    def dates_of(self, draft: Draft) -> Iterator[Mention]:
        """Give the dates in the quotation that an order, plan or report opens."""
        position = bisect_left(self.document.quotes, draft.trigger.end, key=lambda span: span.start)
        quote = self.document.quotes[position] if position < len(self.document.quotes) else None
        if quote is None or quote.start > draft.trigger.end + _NEAR:
            return
        low, high = bisect_left(self.date_starts, quote.start), bisect_left(self.date_starts, quote.end)
        yield from self.date_mentions[low:high]

    def _said_by(self, mention: Mention) -> int | None:
        """Give the trigger that says the words around a date: those of the next event, or of those on both sides."""
        at = mention.span.start
        position = bisect_left(self.starts, at)
        after = self.ordered[position] if position < len(self.ordered) else None
        before = self.ordered[position - 1] if position else None
        if after is None or after.said_by is None or after.said_by >= at:
            return None
        container = self.by_start.get(after.said_by)
        if container is None:
            return None
        both = before is not None and before.said_by == after.said_by
        same = self.document.sentence_at(at) == self.document.sentence_at(after.trigger.start)
        told = after.modality is Modality.ACTUAL and after.type not in SPEECH
        if told or not (both or same):
            return None
        return None if self._dates_its_order(container, at) else after.said_by

    def _dates_its_order(self, container: Draft, at: int) -> bool:
        """Tell whether a date is the only one of an order's sentence: 命第6师团于9月7日攻击."""
        if container.type != "Order" or container.said_by is not None or self.sibling(container) is not None:
            return False
        sentence = self.document.sentence_at(container.trigger.start)
        if sentence != self.document.sentence_at(at):
            return False
        start = self.document.sentences[sentence].start
        return not any(start <= m.span.start < container.trigger.start for m in self.date_mentions)
