"""Generated events in the form of the shipped graph, a few of them broken: the graphs on which validation is timed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from pyoxigraph import Literal, NamedNode, Quad, Store

from graph.namespaces import TYPE, typed
from graph.namespaces import term as named
from tests.shape_fixtures import BASE, good

FIRST = 1_000_000  # the number of the first event's item
EVERY = 100  # of each hundred events, five are broken, each in its way
BACKWARDS, OUTSIDE, UNSOURCED, UNNAMED, SAME_ORDER = 0, 20, 40, 60, 80
Term = NamedNode | Literal


def store_of(count: int) -> Store:
    """Give the ontology, the items that events need, and that many events with their statements."""
    store = good()
    store.bulk_extend(events(count))
    return store


def events(count: int) -> Iterator[Quad]:
    """Give events with their names, statements and evidence: some 72 triples each."""
    for number in range(count):
        yield from _event(number, number % EVERY if number % EVERY in BROKEN else None)


BROKEN = frozenset({BACKWARDS, OUTSIDE, UNSOURCED, UNNAMED, SAME_ORDER})


def entity(name: str) -> NamedNode:
    return NamedNode(f"{BASE}entity/{name}")


def _event(number: int, fault: int | None) -> Iterator[Quad]:
    event = entity(f"Q{FIRST + number}")
    for kind in ("wikibase:Item", "z:Event", "z:Capture", "z:Action", "z:Occurrence"):
        yield Quad(event, TYPE, named(kind))
    for language in ("en", "zh-hans", "zh-hant"):
        if fault != UNNAMED or language != "zh-hant":
            yield Quad(event, named("rdfs:label"), Literal(event.value[-9:], language=language))
        yield Quad(event, named("schema:description"), Literal(event.value[-9:], language=language))
    passage, quote = _evidence()
    yield Quad(event, named("z:passage"), passage)
    yield Quad(event, named("z:statedIn"), entity("Q1"))
    yield Quad(entity("Q40"), named("z:hasPart"), event)
    for name, value in _values(number, fault):
        yield Quad(event, named(name), value)
        yield from _statement(event, named(name), value, passage, quote)


def _values(number: int, fault: int | None) -> Iterator[tuple[str, Term]]:
    day = date(1943, 1, 1) if fault == OUTSIDE else date(1941, 9, 17) + timedelta(days=number % 20)
    yield "z:order", typed(str(FIRST + number - (fault == SAME_ORDER)), "xsd:integer")
    yield "z:partOf", entity("Q40")
    yield "z:agent", entity("Q10" if number % 2 else "Q14")
    yield "z:place", entity("Q30")
    yield "z:earliest", typed(day.isoformat(), "xsd:date")
    yield "z:latest", typed((day - timedelta(days=fault == BACKWARDS)).isoformat(), "xsd:date")
    yield "z:yearBasis", named("z:carried" if fault == UNSOURCED else "z:printed")


def _statement(
    event: NamedNode, predicate: NamedNode, value: Term, passage: NamedNode, quote: Literal
) -> Iterator[Quad]:
    node = NamedNode(f"{event.value.replace('/entity/', '/entity/statement/')}-{predicate.value.rpartition('#')[2]}")
    reference = NamedNode(f"{BASE}reference/{event.value[-7:-2]}")
    yield Quad(event, NamedNode(f"{BASE}prop/P1"), node)
    yield Quad(node, TYPE, named("wikibase:Statement"))
    yield Quad(node, named("wikibase:rank"), named("wikibase:NormalRank"))
    yield Quad(node, NamedNode(f"{BASE}prop/statement/P1"), value)
    yield Quad(node, named("rdf:subject"), event)
    yield Quad(node, named("rdf:predicate"), predicate)
    yield Quad(node, named("rdf:object"), value)
    yield Quad(node, named("z:passage"), passage)
    yield Quad(node, named("prov:wasDerivedFrom"), reference)
    yield Quad(reference, TYPE, named("wikibase:Reference"))
    yield Quad(reference, NamedNode(f"{BASE}prop/reference/P1"), quote)


@cache
def _evidence() -> tuple[NamedNode, Literal]:
    """Give the passage of an event of the good graph, and its quote."""
    store = good()
    (passage,) = (quad.object for quad in store.quads_for_pattern(entity("Q50"), named("z:passage"), None))
    assert isinstance(passage, NamedNode)
    (quote,) = (quad.object for quad in store.quads_for_pattern(passage, named("z:quote"), None))
    assert isinstance(quote, Literal)
    return passage, quote
