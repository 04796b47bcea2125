"""What a reading's annotations rest on: passages, references, and how the reader knows what the text does not say."""

import re
from collections.abc import Iterable, Iterator, Mapping

from graph import basis
from graph.model import (
    Authority,
    Event,
    ItemValue,
    Links,
    Mention,
    MonolingualValue,
    Passage,
    Reading,
    Reference,
    Relation,
    Snak,
    Span,
    Statement,
    StringValue,
    Text,
    UrlValue,
    Value,
)
from graph.spelling import passage_path

# Two places of a text further apart than this are quoted apart.
FARTHEST = 300
DAMAGE = re.compile(r"\d[oO]|[oO]\d|第第|\*")
LANGUAGE = "zh"


class Evidence:
    """The reading of one text as evidence for statements in that text's graph."""

    def __init__(self, text: Text, reading: Reading, authority: Authority, links: Links) -> None:
        self.text = text
        self.reading = reading
        self.authority = authority
        self.links = links
        self.dates = basis.dates(reading)
        self.source = links.sources[text.name]

    def statement(
        self,
        subject: str,
        name: str,
        value: Value,
        notes: "Notes",
        places: Iterable[Span],
        qualifiers: Iterable[Snak] = (),
    ) -> Statement:
        """Give a statement of this text, quoted from the sentences that hold `places`."""
        references = tuple(self.reference(passage, notes.rule) for passage in self.passages(places))
        return Statement(subject, name, value, tuple(qualifiers), references, graph=self.text.name)

    def reference(self, passage: Passage, rule: str | None) -> Reference:
        """Give the reference to a passage."""
        snaks = [
            Snak("statedIn", ItemValue(self.source)),
            Snak("quotation", MonolingualValue(passage.quote, LANGUAGE)),
            Snak("referenceUrl", UrlValue(passage_path(passage))),
            Snak("reading", self.concept(self.reading.way)),
        ]
        if rule:
            snaks.append(Snak("rule", StringValue(rule)))
        return Reference(tuple(snaks), passage)

    def concept(self, term: str) -> ItemValue:
        """Give the item of a term of the ontology."""
        return ItemValue(self.authority.concepts[term].id)

    def passages(self, places: Iterable[Span]) -> tuple[Passage, ...]:
        """Give the passages of whole sentences that hold the places: one where they are near, else several."""
        spans = sorted(self.sentence(place) for place in places)
        joined: list[Span] = []
        for span in spans:
            if joined and span.end - joined[-1].start <= FARTHEST:
                joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
            else:
                joined.append(span)
        return tuple(self.passage(span) for span in dict.fromkeys(joined))

    def passage(self, span: Span) -> Passage:
        """Give the passage of exactly these characters."""
        return Passage(self.text.name, span, self.text.characters[span.start : span.end])

    def sentence(self, place: Span) -> Span:
        """Give the sentence that holds the start of a place, stretched to hold it whole."""
        for span in self.text.sentences:
            if span.start <= place.start < span.end:
                return Span(span.start, max(span.end, place.end))
        return place

    def filler(self, name: str) -> tuple[ItemValue | None, Mention | None]:
        """Give the item that a role's filler stands for, and the mention of it where the text names it."""
        if name == "@narrator":
            return ItemValue(self.source), None
        if name.startswith("@"):
            return ItemValue(self.links.names[self.text.name, name]), None
        if name in self.reading.mentions:
            mention = self.reading.mentions[name]
            number = self.links.mentions.get((self.text.name, name))
            return (ItemValue(number) if number else None), mention
        return ItemValue(self.links.occurrences[self.text.name, name]), None

    def sourcing(self, mention: Mention) -> Iterator[Snak]:
        """Give the qualifiers of a damaged or unsure mention, with the string as printed."""
        number = self.links.mentions.get((self.text.name, mention.id))
        item = self.links.items.get(number) if number else None
        slip = item is not None and mention.surface in self.slips(item.key, item.kind)
        if mention.unsure:
            yield Snak("sourcing", self.concept("uncertainReading"))
        elif DAMAGE.search(mention.surface) or slip:
            yield Snak("sourcing", self.concept("damagedText"))
        else:
            return
        yield Snak("asPrinted", StringValue(mention.surface))

    def slips(self, key: str, kind: str) -> tuple[str, ...]:
        """Give the known misprints of a thing's name."""
        entry = self.authority.by_name.get((kind, key))
        return entry.slips if entry else ()

    def between(self, one: Mention, other: Mention) -> tuple[tuple[Span, ...], bool]:
        """Give the places that say how two mentions stand to each other, and whether one sentence holds them both.

        The later mention's sentence says it. Of the other end that mention counts which stands nearest; one that is too
        far away to be quoted with it says nothing.
        """
        return self.beside(*sorted((one, other), key=lambda mention: mention.span))

    def beside(self, other: Mention, said: Mention) -> tuple[tuple[Span, ...], bool]:
        """Give the places that say how a mention stands to another whose sentence says it; else as `between`."""
        sentence = self.sentence(said.span)
        nearest = min(self._same(other), key=lambda m: abs(m.span.start - said.span.start)).span
        if nearest in sentence:
            return (nearest, said.span), True
        spans = (self.sentence(nearest), sentence)
        near = max(span.end for span in spans) - min(span.start for span in spans) <= FARTHEST
        return ((nearest, said.span) if near else (said.span,)), False

    def _same(self, mention: Mention) -> Iterator[Mention]:
        """Give the mentions of what a mention means, itself first."""
        number = self.links.mentions.get((self.text.name, mention.id))
        yield mention
        for other in self.reading.mentions.values():
            if number and other is not mention and self.links.mentions.get((self.text.name, other.id)) == number:
                yield other

    def told_elsewhere(self, mention: Mention | None, trigger: Span) -> bool:
        """Tell whether a role is filled from outside the sentence of its trigger."""
        return mention is None or mention.span not in self.sentence(trigger)


class Notes:
    """The keys of an event or relation, read once."""

    def __init__(self, annotation: Event | Relation | None) -> None:
        self.all: Mapping[str, str] = annotation.notes if annotation else {}
        self.when = self.all.get("when")
        self.battle = self.all.get("in")
        self.rule = self.all.get("rule")

    def words(self, key: str) -> str:
        """Give the words of a key, whose blanks the notes write as underscores."""
        return self.all[key].replace("_", " ")

    @classmethod
    def none(cls) -> "Notes":
        """Give the notes of a statement that rests on a mention alone."""
        return cls(None)
