"""The formats of answers, and which one an Accept header wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from server.errors import NotAcceptable


@dataclass(frozen=True)
class Format:
    """A format: its short name (as in `?format=`), the media type it is sent as, and others that ask for it."""

    name: str
    media_type: str
    others: tuple[str, ...] = ()
    charset: bool = False

    @property
    def content_type(self) -> str:
        """The value of the Content-Type header."""
        return f"{self.media_type}; charset=utf-8" if self.charset else self.media_type

    @property
    def media_types(self) -> tuple[str, ...]:
        """All media types that ask for this format."""
        return (self.media_type, *self.others)


RESULTS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("json", "application/sparql-results+json", ("application/json",)),
        Format("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
        Format("csv", "text/csv", charset=True),
        Format("tsv", "text/tab-separated-values", charset=True),
    )
}
GRAPHS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("turtle", "text/turtle", ("application/x-turtle",), charset=True),
        Format("ntriples", "application/n-triples", ("text/plain",)),
        Format("rdfxml", "application/rdf+xml", ("application/xml", "text/xml")),
        Format("jsonld", "application/ld+json", ("application/json",)),
        Format("trig", "application/trig", ("application/x-trig",)),
        Format("nquads", "application/n-quads", ("text/x-nquads",)),
    )
}
FORMATS: dict[str, Format] = RESULTS | GRAPHS
SHORT_NAMES = {"ttl": "turtle", "nt": "ntriples", "rdf": "rdfxml", "nq": "nquads", "json-ld": "jsonld"}
RESULTS_ENGINE: dict[str, ox.QueryResultsFormat] = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS_ENGINE: dict[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}


@lru_cache(maxsize=512)
def ranges(accept: str) -> tuple[tuple[str, float], ...]:
    """The media ranges of an Accept header with their quality, the wanted ones first, in the order they were given.

    >>> ranges("text/csv;q=0.5, application/json, */*;q=0")
    (('application/json', 1.0), ('text/csv', 0.5), ('*/*', 0.0))
    """
    found = []
    for part in accept.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            found.append((name.lower(), _quality(parameters)))
    return tuple(sorted(found, key=lambda item: -item[1]))


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0


def quality(accept: str, media_type: str) -> float:
    """How much an Accept header wants that media type, by its most specific range: 0 to 1."""
    kind = media_type.partition("/")[0] + "/*"
    given = dict(reversed(ranges(accept)))
    for name in (media_type, kind, "*/*"):
        if name in given:
            return given[name]
    return 0.0


def choose(accept: str, offered: dict[str, Format]) -> str | None:
    """The name of the offered format that an Accept header wants most (the first offered for an empty one), or None."""
    if not accept.strip():
        return next(iter(offered))
    exactly = dict(reversed(ranges(accept)))
    best, best_quality = None, 0.0
    for name, form in offered.items():
        wanted = max(quality(accept, form.media_type), *(exactly.get(other, 0.0) for other in form.others), 0.0)
        if wanted > best_quality:
            best, best_quality = name, wanted
    return best


def named(name: str, offered: dict[str, Format]) -> str | None:
    """The name of the offered format that a `format=` value names, by short name or media type, or None."""
    name = name.strip().lower()
    name = SHORT_NAMES.get(name, name)
    if name in offered:
        return name
    return next((form.name for form in offered.values() if name in form.media_types), None)


def not_acceptable(offered: dict[str, Format]) -> NotAcceptable:
    """The refusal that lists what is offered."""
    types = [form.media_type for form in offered.values()]
    return NotAcceptable(f"This answer is offered as {', '.join(types)}; ask for one of these.", offered=types)
