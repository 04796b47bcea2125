"""What the authority, the ontology's concepts, the properties and the manifest say of their items."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from graph.model import (
    Authority,
    CoordinateValue,
    Entry,
    ExternalIdValue,
    Item,
    ItemValue,
    Links,
    MonolingualValue,
    Property,
    Reference,
    Snak,
    Span,
    Statement,
    StringValue,
    Text,
    TimeValue,
    UrlValue,
    Value,
)
from graph.namespaces import ONTOLOGY
from graph.periods import of_battle
from graph.statements.evidence import Evidence, Notes

OWN = "zhanshi"  # the line of sources.tsv that stands for the authority itself
WIKIDATA = "http://www.wikidata.org/prop/direct/"
NAMED_KINDS = ("Formation", "Side", "Person", "Organization", "Place", "Battle", "Source", "Award", "Materiel")
# The property of the column `kind`.
KIND = {"Place": "placeKind", "Materiel": "materielKind"}
# Precision of a point, in degrees: a settlement's, and a county's centroid's.
PRECISION = {"settlement": Decimal("0.01"), "county": Decimal("0.1")}


class _Catalogue:
    def __init__(self, authority: Authority, links: Links, evidence: Mapping[str, Evidence]) -> None:
        self.authority = authority
        self.links = links
        self.evidence = evidence
        self.numbers = {(item.kind, item.key): number for number, item in links.items.items()}

    def source(self, name: str = OWN) -> Reference:
        """Give the reference to a source named in a table, a text or the authority itself."""
        entry = self.authority.by_name.get(("Source", name))
        number = entry.id if entry else self.links.sources[name]
        return Reference((Snak("statedIn", ItemValue(number)),))

    def concept(self, term: str) -> ItemValue:
        return ItemValue(self.authority.concepts[term].id)

    def item(self, kind: str, name: str) -> ItemValue:
        entry = self.authority.by_name.get((kind, name))
        return ItemValue(entry.id if entry else self.numbers[kind, name])

    def fact(self, subject: str, name: str, value: Value, source: str = OWN, *qualifiers: Snak) -> Statement:
        """Give a fact of a table; where its source is a text, with the passage that names what it is about."""
        witness = self.evidence.get(source)
        place = self._place(subject, value, witness) if witness else None
        if witness and place:
            return witness.statement(subject, name, value, Notes.none(), [place], qualifiers)
        return Statement(subject, name, value, qualifiers, (self.source(source),))

    def _place(self, subject: str, value: Value, witness: Evidence) -> Span | None:
        """Give the first place of a text that names the subject, in a sentence that names the value too if one does."""
        named: dict[str, list[Span]] = {}
        for mention in sorted(witness.reading.mentions.values(), key=lambda m: m.span):
            number = self.links.mentions.get((witness.text.name, mention.id), "")
            named.setdefault(number, []).append(mention.span)
        others = {witness.sentence(span) for span in named.get(value.id, [])} if isinstance(value, ItemValue) else set()
        places = named.get(subject, [])
        return next((place for place in places if witness.sentence(place) in others), next(iter(places), None))


def statements(
    texts: Sequence[Text], authority: Authority, links: Links, evidence: Mapping[str, Evidence]
) -> Iterator[Statement]:
    """Give every statement that no reading makes."""
    book = _Catalogue(authority, links, evidence)
    entries = {entry.id: entry for entry in authority.entries}
    for item in links.items.values():
        if item.kind in NAMED_KINDS:
            yield from _thing(item, entries.get(item.id), book)
    for concept in authority.concepts.values():
        yield from _concept(concept, book)
    for prop in authority.properties.values():
        yield from _property(prop, book)
    read = {name: witness.reading.way.value for name, witness in evidence.items()}
    for text in texts:
        yield from _text(text, read.get(text.name, "unread"), book)


def _thing(item: Item, entry: Entry | None, book: _Catalogue) -> Iterator[Statement]:
    if entry is None and item.key not in book.links.sources:
        yield from _minted(item, book)
        return
    yield book.fact(item.id, "instanceOf", book.concept(item.kind))
    if entry is None:
        return
    if item.kind == "Side":
        yield book.fact(
            item.id, "side", ItemValue(item.id)
        )  # what is asked of a side takes in what is said of it itself
    facts = entry.facts
    if "side" in facts:
        yield book.fact(item.id, "side", book.item("Side", f"{facts['side']}/"))
    for column, term in (("echelon", "echelon"), ("kind", KIND.get(item.kind, ""))):
        if column in facts:
            yield book.fact(item.id, term, book.concept(facts[column]))
    if "wikidata" in facts:
        yield book.fact(
            item.id, "wikidata", ExternalIdValue(facts["wikidata"]), _source(facts["wikidata source"], book)
        )
    yield from _slips(entry, book)
    yield from {"Formation": _formation, "Place": _place, "Battle": _battle}.get(item.kind, _nothing)(entry, book)


def _source(name: str, book: _Catalogue) -> str:
    """Give the name of a source that has an item here; a text that is not in this corpus is cited by the authority."""
    return name if ("Source", name) in book.authority.by_name or name in book.links.sources else OWN


def _nothing(entry: Entry, book: _Catalogue) -> Iterator[Statement]:
    return iter(())


def _minted(item: Item, book: _Catalogue) -> Iterator[Statement]:
    """Give what a name itself says of a thing that only a text names: its kind and its side."""
    for name, witness in book.evidence.items():
        found = (m for m in witness.reading.mentions.values() if book.links.mentions.get((name, m.id)) == item.id)
        mention = min(found, key=lambda m: m.span, default=None)
        if mention:
            notes = Notes.none()
            yield witness.statement(item.id, "instanceOf", book.concept(item.kind), notes, [mention.span])
            if "/" in item.key:
                side = book.item("Side", f"{item.key.split('/')[0]}/")
                yield witness.statement(item.id, "side", side, notes, [mention.span])
            return
    yield book.fact(item.id, "instanceOf", book.concept(item.kind))


def _formation(entry: Entry, book: _Catalogue) -> Iterator[Statement]:
    if "parent" in entry.facts:
        source = _source(entry.facts.get("parent source", OWN), book)
        yield book.fact(entry.id, "organicPartOf", book.item("Formation", entry.facts["parent"]), source)


def _place(entry: Entry, book: _Catalogue) -> Iterator[Statement]:
    facts = entry.facts
    if "within" in facts:
        yield book.fact(entry.id, "locatedIn", book.item("Place", facts["within"]))
    if "lat" in facts:
        precision = facts.get("precision", "settlement")
        point = CoordinateValue(Decimal(facts["lat"]), Decimal(facts["lon"]), PRECISION[precision])
        source = _source(facts["coordinate source"], book)
        yield book.fact(entry.id, "coordinates", point, source)
        yield book.fact(entry.id, "coordinatePrecision", StringValue(precision), source)


def _battle(entry: Entry, book: _Catalogue) -> Iterator[Statement]:
    facts = entry.facts
    if "parent" in facts:
        yield book.fact(entry.id, "partOf", book.item("Battle", facts["parent"]))
    if "place" in facts:
        yield book.fact(entry.id, "place", book.item("Place", facts["place"]))
    source = _source(facts.get("source", OWN), book)
    if entry.when:
        yield book.fact(entry.id, "edtf", StringValue(entry.when), source)
    if period := of_battle(entry, book.authority):
        for name, day in (("earliest", period.earliest), ("latest", period.latest)):
            yield book.fact(entry.id, name, _day(day), source)
        if period.stated_days and "end" in facts:
            for name, day in (("startDate", period.earliest), ("endDate", period.latest)):
                yield book.fact(entry.id, name, _day(day), source)


def _day(day: date) -> TimeValue:
    return TimeValue(day, 11)


def _slips(entry: Entry, book: _Catalogue) -> Iterator[Statement]:
    for slip in entry.slips:
        for name, witness in book.evidence.items():
            mentions = witness.reading.mentions.values()
            places = [
                m.span for m in mentions if m.surface == slip and book.links.mentions.get((name, m.id)) == entry.id
            ]
            if places:
                yield witness.statement(entry.id, "slip", MonolingualValue(slip, "zh"), Notes.none(), places[:1])


def _concept(concept: Entry, book: _Catalogue) -> Iterator[Statement]:
    broader = concept.facts.get("broader")
    if broader:
        yield book.fact(concept.id, "subclassOf", book.concept(broader))
    yield book.fact(concept.id, "ontologyTerm", UrlValue(ONTOLOGY + concept.name))
    if "wikidata" in concept.facts:
        yield book.fact(concept.id, "wikidata", ExternalIdValue(concept.facts["wikidata"]), _source("Wikidata", book))


def _property(prop: Property, book: _Catalogue) -> Iterator[Statement]:
    if prop.wikidata:
        yield book.fact(prop.id, "equivalentProperty", UrlValue(WIKIDATA + prop.wikidata), _source("Wikidata", book))
    if prop.plain.startswith("z:"):
        yield book.fact(prop.id, "equivalentProperty", UrlValue(ONTOLOGY + prop.plain.removeprefix("z:")))


def _text(text: Text, state: str, book: _Catalogue) -> Iterator[Statement]:
    number = book.links.sources[text.name]
    for language, title in text.titles.items():
        yield book.fact(number, "title", MonolingualValue(title, language))
    yield book.fact(number, "sha256", StringValue(text.sha256))
    yield book.fact(number, "originalFile", StringValue(text.original))
    yield book.fact(number, "rightsNote", StringValue(text.rights))
    yield book.fact(number, "readingState", book.concept(state))
