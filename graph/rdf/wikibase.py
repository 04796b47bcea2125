"""Statements as Wikibase writes them: statement nodes with rank, qualifiers, references and full values."""

import hashlib
import uuid
from collections.abc import Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from graph.model import (
    Authority,
    CoordinateValue,
    ExternalIdValue,
    ItemValue,
    MonolingualValue,
    QuantityValue,
    Rank,
    Reference,
    Snak,
    Statement,
    StringValue,
    TimeValue,
    UrlValue,
    Value,
)
from graph.namespaces import DEFAULT_BASE, EARTH, GREGORIAN, TYPE, UNIT_ONE, Namespaces, integer, term, typed
from graph.spelling import spelled, spelled_snak

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, DEFAULT_BASE)
RANKS = {Rank.NORMAL: term("wikibase:NormalRank"), Rank.DEPRECATED: term("wikibase:DeprecatedRank")}


def statement_id(statement: Statement) -> str:
    """Give `Q1-UUID`: a UUIDv5 of subject, property, value and qualifiers, whatever the root."""
    qualifiers = sorted(spelled_snak(snak) for snak in statement.qualifiers)
    name = "\n".join((statement.subject, statement.property, spelled(statement.value), *qualifiers))
    return f"{statement.subject}-{str(uuid.uuid5(_SPACE, name)).upper()}"


def digest(spelling: str) -> str:
    """Give the hash that names a value or a reference."""
    return hashlib.sha1(spelling.encode(), usedforsecurity=False).hexdigest()


def decimal(number: Decimal) -> Literal:
    """Give an xsd:decimal in its canonical form."""
    words = format(number.normalize(), "f")
    return typed(words, "xsd:decimal")


def simple(value: Value, names: Namespaces) -> NamedNode | Literal:
    """Give the simple value of a snak: an IRI or one literal."""
    match value:
        case ItemValue():
            return names.entity(value.id)
        case UrlValue():
            return names.link(value.url)
        case TimeValue():
            return typed(f"{value.day.isoformat()}T00:00:00Z", "xsd:dateTime")
        case QuantityValue():
            return decimal(value.amount)
        case MonolingualValue():
            return Literal(value.text, language=value.language)
        case CoordinateValue():
            return typed(f"Point({value.longitude.normalize():f} {value.latitude.normalize():f})", "geo:wktLiteral")
        case StringValue() | ExternalIdValue():
            return Literal(value.text)


class Writer:
    """Writes statements under one root; shared values and references are written once for each graph."""

    def __init__(self, names: Namespaces, authority: Authority) -> None:
        self.names = names
        self.numbers = {prop.term: prop.id for prop in authority.properties.values()}
        self._written: set[tuple[NamedNode, NamedNode]] = set()

    def quads(self, statement: Statement, graph: NamedNode) -> Iterator[Quad]:
        """Give the quads of one statement."""
        number = self.numbers[statement.property]
        subject = self.names.entity(statement.subject)
        node = self.names.at(f"entity/statement/{statement_id(statement)}")
        value = simple(statement.value, self.names)
        yield Quad(subject, self.names.prop("", number), node, graph)
        yield Quad(node, TYPE, term("wikibase:Statement"), graph)
        yield Quad(node, term("wikibase:rank"), RANKS[statement.rank], graph)
        yield Quad(node, self.names.prop("statement", number), value, graph)
        yield from self._full(node, "statement/value", number, statement.value, graph)
        if statement.rank is Rank.NORMAL:
            yield Quad(node, TYPE, term("wikibase:BestRank"), graph)
            yield Quad(subject, self.names.prop("direct", number), value, graph)
        for snak in statement.qualifiers:
            yield from self._snak(node, "qualifier", snak, graph)
        for reference in statement.references:
            yield from self._reference(node, reference, graph)

    def _snak(self, node: NamedNode, kind: str, snak: Snak, graph: NamedNode) -> Iterator[Quad]:
        number = self.numbers[snak.property]
        yield Quad(node, self.names.prop(kind, number), simple(snak.value, self.names), graph)
        yield from self._full(node, f"{kind}/value", number, snak.value, graph)

    def _reference(self, statement: NamedNode, reference: Reference, graph: NamedNode) -> Iterator[Quad]:
        spelling = "\n".join(sorted(spelled_snak(snak) for snak in reference.snaks))
        node = self.names.at(f"reference/{digest(spelling)}")
        yield Quad(statement, term("prov:wasDerivedFrom"), node, graph)
        if self._first(node, graph):
            yield Quad(node, TYPE, term("wikibase:Reference"), graph)
            for snak in reference.snaks:
                yield from self._snak(node, "reference", snak, graph)

    def _first(self, node: NamedNode, graph: NamedNode) -> bool:
        new = (node, graph) not in self._written
        self._written.add((node, graph))
        return new

    def _full(self, node: NamedNode, kind: str, number: str, value: Value, graph: NamedNode) -> Iterator[Quad]:
        if not isinstance(value, TimeValue | QuantityValue | CoordinateValue):
            return
        full = self.names.at(f"value/{digest(spelled(value))}")
        yield Quad(node, self.names.prop(kind, number), full, graph)
        if self._first(full, graph):
            for predicate, object_ in self._facets(value):
                yield Quad(full, predicate, object_, graph)

    def _facets(
        self, value: TimeValue | QuantityValue | CoordinateValue
    ) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
        if isinstance(value, TimeValue):
            yield TYPE, term("wikibase:TimeValue")
            yield term("wikibase:timeValue"), simple(value, self.names)
            yield term("wikibase:timePrecision"), integer(value.precision)
            yield term("wikibase:timeTimezone"), integer(0)
            yield term("wikibase:timeCalendarModel"), GREGORIAN
        elif isinstance(value, QuantityValue):
            yield TYPE, term("wikibase:QuantityValue")
            yield term("wikibase:quantityAmount"), decimal(value.amount)
            yield term("wikibase:quantityUnit"), self.names.entity(value.unit) if value.unit else UNIT_ONE
            if value.lower is not None and value.upper is not None:
                yield term("wikibase:quantityLowerBound"), decimal(value.lower)
                yield term("wikibase:quantityUpperBound"), decimal(value.upper)
        else:
            yield TYPE, term("wikibase:GlobecoordinateValue")
            yield term("wikibase:geoLatitude"), _double(value.latitude)
            yield term("wikibase:geoLongitude"), _double(value.longitude)
            yield term("wikibase:geoPrecision"), _double(value.precision)
            yield term("wikibase:geoGlobe"), EARTH


def _double(number: Decimal) -> Literal:
    """Give an xsd:double as Oxigraph itself spells it, so that a dump and the store agree."""
    return Literal(float(number))
