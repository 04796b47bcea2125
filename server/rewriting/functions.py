"""Functions that queries written for Wikidata call and that the engine lacks."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

import pyoxigraph as ox

from server.rewriting.places import METRE, read_point
from server.rewriting.services import WIKIBASE

GEOF = "http://www.opengis.net/def/function/geosparql/"
GEOF_OF_WIKIDATA = "http://www.opengis.net/def/geosparql/function/"
"""What Wikidata's endpoint calls the same namespace."""
GENID = "/.well-known/genid/"
EARTH_RADIUS = 6371.0088
"""Mean radius in kilometres (IUGG)."""
UNITS = {METRE: 1000.0, METRE.replace("metre", "kilometre"): 1.0}
"""Units of length -> how many there are in a kilometre."""
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The distance between two points, each longitude and latitude in degrees, on the sphere.

    >>> round(kilometres((112.97, 28.19), (113.09, 29.37)), 1)
    131.7
    """
    east, north, east2, north2 = (math.radians(degrees) for degrees in (*one, *other))
    chord = math.sin((north2 - north) / 2) ** 2 + math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))


def distance(one: Term, other: Term, unit: Term | None = None) -> Term | None:
    """The distance of two points: in kilometres, as Wikidata's endpoint has it, or in the unit that is given."""
    degrees, degrees2 = _point(one), _point(other)
    factor = 1.0 if unit is None else UNITS.get(unit.value if isinstance(unit, ox.NamedNode) else "")
    if degrees is None or degrees2 is None or factor is None:
        return None
    return ox.Literal(kilometres(degrees, degrees2) * factor)


def longitude(place: Term) -> Term | None:
    """The longitude of a point in degrees."""
    degrees = _point(place)
    return ox.Literal(degrees[0]) if degrees else None


def latitude(place: Term) -> Term | None:
    """The latitude of a point in degrees."""
    degrees = _point(place)
    return ox.Literal(degrees[1]) if degrees else None


def is_some_value(term: Term) -> Term:
    """Whether the value is one that is there but not known, which has no name of its own."""
    return ox.Literal(isinstance(term, ox.BlankNode) or (isinstance(term, ox.NamedNode) and GENID in term.value))


def _point(term: Term) -> tuple[float, float] | None:
    return read_point(term.value) if isinstance(term, ox.Literal) else None


_MEASURES: Mapping[str, Callable[..., Term | None]] = {
    "distance": distance,
    "longitude": longitude,
    "latitude": latitude,
}
FUNCTIONS: Mapping[ox.NamedNode, Callable[..., Term | None]] = {
    **{ox.NamedNode(GEOF + name): measure for name, measure in _MEASURES.items()},
    **{ox.NamedNode(GEOF_OF_WIKIDATA + name): measure for name, measure in _MEASURES.items()},
    ox.NamedNode(f"{WIKIBASE}isSomeValue"): is_some_value,
}
"""The functions by their IRIs."""
_PARTS = tuple({part for function in FUNCTIONS for part in re.split("(?<=[/#])(?=[^/#]+$)", function.value)})
"""The functions' names, and the beginnings of their IRIs, for a prefix may stand for a piece of the name too."""


def may_call(query: str) -> bool:
    """Whether the query may call one of the functions: it names one, or holds an escape, which may hide a name.

    >>> may_call("SELECT * { ?s ?p ?o }"), may_call("SELECT (geof:longitude(?p) AS ?x) {}")
    (False, True)
    >>> may_call(f"PREFIX d: <{GEOF}dist> SELECT (d:ance(?p, ?q) AS ?x) {{}}")
    True
    """
    return "\\" in query or any(map(query.__contains__, _PARTS))
