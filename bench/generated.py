"""A generated graph of events, units and places: the million triples on which servers are compared."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator

import pyoxigraph as ox

BASE = "https://w3id.org/zhanshi/"
TERMS = BASE + "ontology#"
TEXTS = 5
UNITS = 8_000
PLACES = 4_000
TRIPLES_OF_AN_EVENT = 17
EVENT_TYPES = ("Attack", "Defence", "Withdrawal", "Capture", "March", "Order", "Battle", "Retreat", "Landing", "Siege")
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
DATE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")


def term(name: str) -> ox.NamedNode:
    """The ontology's term of that local name."""
    return ox.NamedNode(TERMS + name)


def entity(kind: str, number: int) -> ox.NamedNode:
    """The IRI of the numbered unit, place or event."""
    return ox.NamedNode(f"{BASE}entity/{kind}{number}")


def quads(triples: int, seed: int = 1939) -> Iterator[ox.Quad]:
    """About that many quads in five named graphs, the same for the same seed."""
    chance = random.Random(seed)
    authority = ox.NamedNode(BASE + "graph/authority")
    yield from (ox.Quad(s, p, o, authority) for s, p, o in _units(chance))
    yield from (ox.Quad(s, p, o, authority) for s, p, o in _places(chance))
    for number in range((triples - 6 * UNITS - 4 * PLACES) // TRIPLES_OF_AN_EVENT):
        graph = ox.NamedNode(f"{BASE}graph/{number % TEXTS:03d}")
        yield from (ox.Quad(s, p, o, graph) for s, p, o in _event(number, chance))


Triples = Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]


def _units(chance: random.Random) -> Triples:
    for number in range(UNITS):
        unit = entity("U", number)
        yield unit, RDF_TYPE, term("Formation")
        yield unit, LABEL, ox.Literal(f"第{number}部队", language="zh")
        yield unit, LABEL, ox.Literal(f"Formation {number}", language="en")
        yield unit, term("side"), entity("S", number % 2)
        yield unit, term("echelon"), term(f"Echelon{number % 7}")
        if number >= 80:
            yield unit, term("subordinateTo"), entity("U", number // 6 + chance.randrange(3))


def _places(chance: random.Random) -> Triples:
    for number in range(PLACES):
        place = entity("P", number)
        yield place, RDF_TYPE, term("Place")
        yield place, LABEL, ox.Literal(f"地点{number}", language="zh")
        yield place, LABEL, ox.Literal(f"Place {number}", language="en")
        yield (
            place,
            term("coordinates"),
            ox.Literal(f"POINT({chance.uniform(110, 120):.4f} {chance.uniform(24, 32):.4f})"),
        )


def _event(number: int, chance: random.Random) -> Triples:
    event = entity("E", number)
    day = datetime.date(1937, 7, 7) + datetime.timedelta(days=chance.randrange(2_900))
    yield event, RDF_TYPE, term(EVENT_TYPES[number % len(EVENT_TYPES)])
    yield event, RDF_TYPE, term("Event")
    yield event, LABEL, ox.Literal(f"事件{number}", language="zh")
    yield event, LABEL, ox.Literal(f"Event {number}", language="en")
    yield event, term("agent"), entity("U", chance.randrange(UNITS))
    yield event, term("opponent"), entity("U", chance.randrange(UNITS))
    yield event, term("place"), entity("P", chance.randrange(PLACES))
    yield event, term("partOf"), entity("B", chance.randrange(60))
    yield event, term("earliest"), ox.Literal(day.isoformat(), datatype=DATE)
    yield event, term("latest"), ox.Literal((day + datetime.timedelta(days=2)).isoformat(), datatype=DATE)
    yield event, term("order"), ox.Literal(number)
    yield event, term("modality"), term("Happened")
    passage = entity("W", number)
    yield event, term("passage"), passage
    yield passage, RDF_TYPE, term("Passage")
    yield passage, term("quote"), ox.Literal(f"是日第{number}部队向敌进攻，激战竟日，毙敌{chance.randrange(900)}余名。")
    yield passage, term("start"), ox.Literal(number * 40)
    yield passage, term("end"), ox.Literal(number * 40 + 38)
