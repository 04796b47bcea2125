"""Statements as readable triples, and the same statement node under readable terms."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from graph.model import (
    Authority,
    CoordinateValue,
    ExternalIdValue,
    ItemValue,
    Property,
    QuantityValue,
    Rank,
    Snak,
    Statement,
    StringValue,
    TimeValue,
    Value,
)
from graph.namespaces import EDTF, TYPE, WIKIDATA, Namespaces, integer, term, typed
from graph.rdf.wikibase import decimal, simple, statement_id
from graph.spelling import passage_path

Object = NamedNode | Literal
# An event may have several strengths: what each counts, and its bounds, stand on its statement. (A claim has one.)
COUNTED = frozenset({"strength", "plannedStrength"})
# A unit of time as the designator of an xsd:duration.
DURATION = {"day": "P{}D", "month": "P{}M", "year": "P{}Y", "hour": "PT{}H"}


class Writer:
    """Writes the plain layer under one root."""

    def __init__(self, names: Namespaces, authority: Authority, concepts: Mapping[str, str]) -> None:
        self.names = names
        self.properties: Mapping[str, Property] = authority.properties
        self.concepts = concepts

    def quads(self, statement: Statement, graph: NamedNode) -> Iterator[Quad]:
        """Give the readable triples of a statement, and its node with the plain form of its parts."""
        subject = self.names.entity(statement.subject)
        predicate = self._predicate(statement.property)
        node = self.names.at(f"entity/statement/{statement_id(statement)}")
        for reference in statement.references:
            if reference.passage:
                yield Quad(node, term("z:passage"), self.names.at(passage_path(reference.passage)), graph)
            for snak in reference.snaks:
                # A passage has its source already: the shorter path for what no text says.
                if snak.property == "rule" or (snak.property == "statedIn" and not reference.passage):
                    yield from self._facts(node, snak, graph)
        for snak in statement.qualifiers:
            yield from self._facts(node, snak, graph)
        if isinstance(statement.value, QuantityValue) and statement.property in COUNTED:
            yield from self._count(node, statement.value, graph)
        if predicate is None:
            return
        value = self._object(statement.property, statement.value)
        yield Quad(node, term("rdf:subject"), subject, graph)
        yield Quad(node, term("rdf:predicate"), predicate, graph)
        yield Quad(node, term("rdf:object"), value, graph)
        if statement.rank is not Rank.NORMAL:
            return
        yield Quad(subject, predicate, value, graph)
        if isinstance(statement.value, QuantityValue) and statement.property == "amount":
            yield from self._bounds(subject, statement.value, graph)
        if isinstance(statement.value, CoordinateValue):
            yield from self._geometry(subject, value, graph)
        if statement.property == "instanceOf":
            for reference in statement.references:
                if reference.passage:
                    passage = self.names.at(passage_path(reference.passage))
                    yield Quad(subject, term("z:passage"), passage, graph)
                    yield from self._facts(subject, reference.snaks[0], graph)

    def _predicate(self, name: str) -> NamedNode | None:
        if name == "wikidata":
            return term("skos:exactMatch")
        plain = self.properties[name].plain
        return term(plain) if plain else None

    def _facts(self, node: NamedNode, snak: Snak, graph: NamedNode) -> Iterator[Quad]:
        predicate = self._predicate(snak.property)
        if predicate:
            yield Quad(node, predicate, self._object(snak.property, snak.value), graph)

    def _object(self, name: str, value: Value) -> Object:
        match value:
            case ItemValue() if value.id in self.concepts:
                return term(f"z:{self.concepts[value.id]}")
            case ExternalIdValue():
                return NamedNode(WIKIDATA + value.text)
            case TimeValue():
                return typed(value.day.isoformat(), "xsd:date")
            case StringValue() if name == "edtf":
                return Literal(value.text, datatype=EDTF)
            case QuantityValue() if name == "duration":
                return self._duration(value)
            case QuantityValue() if name == "order":
                return integer(int(value.amount))
            case _:
                return simple(value, self.names)

    def _duration(self, value: QuantityValue) -> Literal:
        unit = self.concepts[value.unit] if value.unit else "day"
        whole, rest = divmod(value.amount, 1)
        if rest and unit == "day":
            return typed(f"P{whole}DT{(rest * 24).quantize(Decimal(1))}H", "xsd:duration")
        return typed(DURATION[unit].format(whole), "xsd:duration")

    def _count(self, node: NamedNode, value: QuantityValue, graph: NamedNode) -> Iterator[Quad]:
        if value.unit:
            yield Quad(node, term("z:unitOfCount"), term(f"z:{self.concepts[value.unit]}"), graph)
        yield from self._bounds(node, value, graph)

    def _bounds(self, subject: NamedNode, value: QuantityValue, graph: NamedNode) -> Iterator[Quad]:
        if value.lower is not None:
            yield Quad(subject, term("z:amountMin"), decimal(value.lower), graph)
        if value.upper is not None:
            yield Quad(subject, term("z:amountMax"), decimal(value.upper), graph)

    def _geometry(self, subject: NamedNode, point: Object, graph: NamedNode) -> Iterator[Quad]:
        geometry = NamedNode(f"{subject.value}#geometry")
        yield Quad(subject, TYPE, term("geo:Feature"), graph)
        yield Quad(subject, term("geo:hasGeometry"), geometry, graph)
        yield Quad(geometry, TYPE, term("geo:Geometry"), graph)
        yield Quad(geometry, term("geo:asWKT"), point, graph)
