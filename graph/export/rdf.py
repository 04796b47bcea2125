"""The statement layer of a graph, as Wikibase dumps it."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from graph.namespaces import LICENCE, TYPE, Namespaces, term, typed

_PLAIN = ["rdf", "rdfs", "owl", "xsd", "skos", "schema", "prov", "oa", "geo", "dcterms", "wikibase", "cc", "z"]
_UNDER_ROOT = {
    "wd": "entity/",
    "wds": "entity/statement/",
    "wdref": "reference/",
    "wdv": "value/",
    "wdt": "prop/direct/",
    "p": "prop/",
    "ps": "prop/statement/",
    "psv": "prop/statement/value/",
    "pq": "prop/qualifier/",
    "pqv": "prop/qualifier/value/",
    "pr": "prop/reference/",
    "prv": "prop/reference/value/",
    "wdno": "prop/novalue/",
    "wdata": "wiki/Special:EntityData/",
}
_NAMES = tuple(term(name) for name in ("rdfs:label", "skos:prefLabel", "skos:altLabel", "prov:wasDerivedFrom"))
_OWL = tuple(term(name) for name in ("owl:complementOf", "owl:onProperty", "owl:someValuesFrom"))
_VOCABULARIES = tuple(term(f"{prefix}:").value for prefix in ("wikibase", "schema", "cc"))


def prefixes(base: str) -> dict[str, str]:
    """The prefixes of dumps under that root."""
    under = {name: base + path for name, path in _UNDER_ROOT.items()}
    return {**under, **{name: term(f"{name}:").value for name in _PLAIN}}


class Layer:
    """The triples of Wikibase's RDF in a graph that is given as N-Quads."""

    def __init__(self, content: bytes, base: str, date: str) -> None:
        self._content = content
        self._names = Namespaces(base)
        self._date = date
        self._forms = f"{base}prop/"

    def triples(self) -> list[ox.Triple]:
        """The header of a dump, and then every triple once, in the order of the sorted quads."""
        found = dict.fromkeys(
            quad.triple
            for quad in ox.parse(self._content, format=ox.RdfFormat.N_QUADS)
            if self._is_wikibase(quad.subject, quad.predicate, quad.object)
        )
        return [*self._header(), *found]

    def ntriples(self) -> bytes:
        """The layer as N-Triples."""
        return ox.serialize(self.triples(), format=ox.RdfFormat.N_TRIPLES) or b""

    def turtle(self) -> bytes:
        """The layer as Turtle with prefixes."""
        shortened = prefixes(self._names.base)
        return ox.serialize(self.triples(), format=ox.RdfFormat.TURTLE, prefixes=shortened) or b""

    def _header(self) -> Iterator[ox.Triple]:
        dump = term("wikibase:Dump")
        yield ox.Triple(dump, TYPE, term("schema:Dataset"))
        yield ox.Triple(dump, TYPE, term("owl:Ontology"))
        yield ox.Triple(dump, term("cc:license"), LICENCE)
        yield ox.Triple(dump, term("schema:softwareVersion"), ox.Literal("1.0.0"))
        yield ox.Triple(dump, term("schema:dateModified"), typed(f"{self._date}T00:00:00Z", "xsd:dateTime"))
        yield ox.Triple(dump, term("owl:imports"), ox.NamedNode("http://wikiba.se/ontology-1.0.owl"))

    def _is_wikibase(self, subject: object, predicate: ox.NamedNode, value: object) -> bool:
        """Whether Wikibase itself would say it."""
        if not isinstance(subject, ox.NamedNode) or not subject.value.startswith(self._names.base):
            return False
        if predicate == TYPE:
            name = value.value if isinstance(value, ox.NamedNode) else ""
            return name.startswith(_VOCABULARIES) or subject.value.startswith(self._forms)
        return (
            predicate.value.startswith((self._forms, *_VOCABULARIES))
            or predicate in _NAMES
            or (subject.value.startswith(self._forms) and predicate in _OWL)
        )
