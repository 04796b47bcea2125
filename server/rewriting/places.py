"""`SERVICE wikibase:around` and `wikibase:box` -> their pattern with a filter on where the place lies."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from server.rewriting.triples import Reader, Term, Triple
from server.tokens import Token

DISTANCE = "http://www.opengis.net/def/function/geosparql/distance"
METRE = "http://www.opengis.net/def/uom/OGC/1.0/metre"
DOUBLE = "http://www.w3.org/2001/XMLSchema#double"
_POINT = re.compile(r"(?:<[^>]*>\s*)?POINT\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """What replaces a service: its pattern with filters, and the distance, to be bound once the centre is."""

    patterns: str
    distance: str = ""
    centre: str = ""


def around(triple: Triple, parameters: Mapping[str, Term], reader: Reader, service: Token) -> Found:
    """Places within a radius (in kilometres) of a centre."""
    centre = _needed(parameters, "center", reader, service)
    radius = _needed(parameters, "radius", reader, service)
    limit = radius.text if radius.is_variable else f"{_number(radius, reader):.12g}"
    limit = f"<{DOUBLE}>({limit})" if radius.is_variable else limit
    if not centre.is_variable:
        point(centre, reader)
    measured = f"(<{DISTANCE}>({triple.object.text}, {centre.text}, <{METRE}>) / 1000)"
    patterns = f"{_pattern(triple)} FILTER({measured} <= {limit})"
    wanted = parameters.get("distance")
    if wanted is None:
        return Found(patterns)
    if not wanted.is_variable:
        raise reader.error(wanted.token, "wikibase:distance gives the distance into a variable")
    return Found(patterns, f" BIND({measured} AS {wanted.text})", centre.text[1:] if centre.is_variable else "")


def box(triple: Triple, parameters: Mapping[str, Term], reader: Reader, service: Token) -> Found:
    """Places in a rectangle, given by its south-west and north-east corners or by a western and an eastern one."""
    if "cornerWest" in parameters or "cornerEast" in parameters:
        first, second = (_needed(parameters, name, reader, service) for name in ("cornerWest", "cornerEast"))
    else:
        first, second = (_needed(parameters, name, reader, service) for name in ("cornerSouthWest", "cornerNorthEast"))
    west, one = _degrees(first, reader)
    east, other = _degrees(second, reader)
    longitude, latitude = _longitude(triple.object.text), _latitude(triple.object.text)
    inside = (
        f"IF({west} <= {east}, {longitude} >= {west} && {longitude} <= {east},"
        f" {longitude} >= {west} || {longitude} <= {east})"
    )
    heights = f"({latitude} >= {one} && {latitude} <= {other})"
    if "cornerWest" in parameters:
        heights = f"({heights} || ({latitude} >= {other} && {latitude} <= {one}))"
    return Found(f"{_pattern(triple)} FILTER({inside} && {heights})")


def point(term: Term, reader: Reader) -> tuple[float, float]:
    """Longitude and latitude of a WKT point in a query; raises QuerySyntaxError."""
    degrees = read_point(term.value)
    if degrees is None:
        raise reader.error(term.token, 'a point is written "Point(longitude latitude)"^^geo:wktLiteral')
    return degrees


def read_point(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of a WKT point.

    >>> read_point("Point(112.97 28.19)"), read_point("Line(1 2)")
    ((112.97, 28.19), None)
    """
    match = _POINT.fullmatch(text.strip())
    try:
        degrees = (float(match[1]), float(match[2])) if match else (math.nan, math.nan)
    except ValueError:
        return None
    return degrees if all(map(math.isfinite, degrees)) else None


def _degrees(corner: Term, reader: Reader) -> tuple[str, str]:
    """Longitude and latitude of a corner as expressions."""
    if corner.is_variable:
        return _longitude(corner.text), _latitude(corner.text)
    longitude, latitude = point(corner, reader)
    return f"{longitude:.12g}", f"{latitude:.12g}"


def _longitude(place: str) -> str:
    return f'<{DOUBLE}>(STRBEFORE(STRAFTER(STR({place}), "("), " "))'


def _latitude(place: str) -> str:
    return f'<{DOUBLE}>(STRBEFORE(STRAFTER(STRAFTER(STR({place}), "("), " "), ")"))'


def _pattern(triple: Triple) -> str:
    return f"{triple.subject.text} {triple.predicate.text} {triple.object.text} ."


def _needed(parameters: Mapping[str, Term], name: str, reader: Reader, service: Token) -> Term:
    if name not in parameters:
        raise reader.error(service, f"this service needs the parameter bd:serviceParam wikibase:{name}")
    return parameters[name]


def _number(term: Term, reader: Reader) -> float:
    try:
        number = float(term.value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise reader.error(term.token, "the radius is a number of kilometres")
    return number
