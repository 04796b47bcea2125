"""The IRIs of the graph, all made from one root, and the vocabularies it uses."""

from functools import cache

from pyoxigraph import Literal, NamedNode

ONTOLOGY = "https://w3id.org/zhanshi/ontology#"
DEFAULT_BASE = "https://w3id.org/zhanshi/"
WIKIDATA = "http://www.wikidata.org/entity/"
UNIT_ONE = NamedNode(WIKIDATA + "Q199")
EARTH = NamedNode(WIKIDATA + "Q2")
GREGORIAN = NamedNode(WIKIDATA + "Q1985727")

_PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "schema": "http://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "dcterms": "http://purl.org/dc/terms/",
    "wikibase": "http://wikiba.se/ontology#",
    "cc": "http://creativecommons.org/ns#",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "z": ONTOLOGY,
}
EDTF = NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")
LICENCE = NamedNode("http://creativecommons.org/publicdomain/zero/1.0/")


@cache
def term(name: str) -> NamedNode:
    """Give the IRI of a prefixed name: `z:agent`, `rdf:type`."""
    prefix, _, local = name.partition(":")
    return NamedNode(_PREFIXES[prefix] + local)


TYPE = term("rdf:type")


@cache
def typed(value: str, datatype: str) -> Literal:
    """Give a literal of an XSD (or other prefixed) datatype."""
    return Literal(value, datatype=term(datatype))


def integer(value: int) -> Literal:
    """Give an xsd:integer."""
    return typed(str(value), "xsd:integer")


class Namespaces:
    """The IRIs below one root."""

    def __init__(self, base: str) -> None:
        self.base = base

    def at(self, path: str) -> NamedNode:
        """Give the IRI of a path below the root."""
        return NamedNode(self.base + path)

    def entity(self, number: str) -> NamedNode:
        """Give the IRI of an item or property."""
        return NamedNode(f"{self.base}entity/{number}")

    def prop(self, kind: str, number: str) -> NamedNode:
        """Give one of a property's forms: kind is '', direct, statement, statement/value, qualifier, …"""
        return NamedNode(f"{self.base}prop/{kind}/{number}" if kind else f"{self.base}prop/{number}")

    def graph(self, name: str) -> NamedNode:
        """Give the IRI of a named graph."""
        return NamedNode(f"{self.base}graph/{name}")

    def data(self, number: str) -> NamedNode:
        """Give the IRI of an entity's data document."""
        return NamedNode(f"{self.base}wiki/Special:EntityData/{number}")

    def link(self, url: str) -> NamedNode:
        """Give the IRI of an absolute URL or of a path below the root."""
        return NamedNode(url if "://" in url else self.base + url)
