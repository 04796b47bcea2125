"""The triples that describe one thing: an entity in three flavours, or any other thing that has an IRI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from graph.namespaces import TYPE, Namespaces, term
from server.publication import Publication
from server.wikibase.entities import documents

FLAVORS = ("full", "dump", "simple")
NAMES = tuple(term(name) for name in ("rdfs:label", "skos:prefLabel", "schema:name", "schema:description"))
DEFINING = tuple(
    term(f"wikibase:{name}")
    for name in (
        "directClaim",
        "claim",
        "statementProperty",
        "statementValue",
        "qualifier",
        "qualifierValue",
        "reference",
        "referenceValue",
        "novalue",
    )
)


class Description:
    """Collects triples in the order in which they are to be read, each once."""

    def __init__(self, publication: Publication) -> None:
        self._publication = publication
        self._names = Namespaces(publication.base)
        self._documents = documents(publication)
        self._found: dict[ox.Triple, None] = {}
        self._described: set[ox.NamedNode] = set()
        self._read: dict[ox.NamedNode, list[ox.Triple]] = {}

    def entity(self, number: str, flavor: str) -> list[ox.Triple]:
        """What is said of an entity.

        `simple`: names and direct values. `dump`: its statements too, with ranks, qualifiers, references and values.
        `full`: also the names of all entities it names, its properties' forms, and the words of its passages.
        """
        self._add(self._names.data(number))
        own = self._claimed(self._sorted(self._names.entity(number)))
        statements = [triple.object for triple in own if self._is(triple.object, "entity/statement/")]
        self._found.update((t, None) for t in own if flavor != "simple" or t.object not in statements)
        if flavor == "simple":
            return list(self._found)
        for statement in statements:
            self._with_parts(statement)
        if number.startswith("P"):
            self._forms(number)
        if flavor == "full":
            self._surroundings(number)
        return list(self._found)

    def _claimed(self, triples: list[ox.Triple]) -> list[ox.Triple]:
        """Those that an entity's data holds: without direct values that a rule derives and no statement says."""
        direct = f"{self._names.base}prop/direct/"
        return [t for t in triples if not t.predicate.value.startswith(direct) or self._is_stated(t)]

    def _is_stated(self, triple: ox.Triple) -> bool:
        quads = self._publication.store.quads_for_pattern(triple.subject, triple.predicate, triple.object)
        return any(quad.graph_name != self._names.graph("derived") for quad in quads)

    def thing(self, node: ox.NamedNode) -> list[ox.Triple]:
        """What is said of a node, with its values, references and selectors; empty where nothing is."""
        self._with_parts(node)
        for part in self._objects(node, "oa:hasSelector"):
            self._add(part)
        return list(self._found)

    def _with_parts(self, node: object) -> None:
        self._add(node)
        for part in self._parts(node):
            self._with_parts(part)

    def _parts(self, node: object) -> list[object]:
        """The reference and value nodes that a statement or a reference holds and that are not described yet."""
        objects = (triple.object for triple in self._sorted(node))
        return [o for o in objects if (self._is(o, "reference/") or self._is(o, "value/")) and o not in self._described]

    def _add(self, node: object) -> None:
        if isinstance(node, ox.NamedNode) and node not in self._described:
            self._described.add(node)
            self._found.update((triple, None) for triple in self._sorted(node))

    def _sorted(self, node: object) -> list[ox.Triple]:
        if not isinstance(node, ox.NamedNode):
            return []
        if node not in self._read:
            triples = self._publication.triples(node)
            self._read[node] = sorted(triples, key=lambda t: (t.predicate != TYPE, t.predicate.value, str(t.object)))
        return self._read[node]

    def _objects(self, node: ox.NamedNode, predicate: str) -> Iterator[object]:
        yield from (triple.object for triple in self._sorted(node) if triple.predicate == term(predicate))

    def _is(self, node: object, path: str) -> bool:
        return isinstance(node, ox.NamedNode) and node.value.startswith(self._names.base + path)

    def _surroundings(self, number: str) -> None:
        """The names of what is named, the forms of the properties used, and the passages with their words."""
        found = list(self._found)
        passages = {str(t.object): t.object for t in found if self._is(t.object, "passage/")}
        numbers = {self._documents.number(t.object) for t in found} | set(self._properties(found))
        for other in sorted(numbers - {"", number}):
            self._stub(other)
        for passage in sorted(passages):
            self._add(passages[passage])

    def _properties(self, triples: Iterable[ox.Triple]) -> Iterator[str]:
        root = f"{self._names.base}prop/"
        for predicate in {triple.predicate.value for triple in triples}:
            if predicate.startswith(root):
                yield predicate.rsplit("/", 1)[-1]

    def _stub(self, number: str) -> None:
        """The entity's kind and names; a property's datatype and forms."""
        node = self._names.entity(number)
        kept = {TYPE, *NAMES, term("wikibase:propertyType"), *DEFINING}
        self._found.update((triple, None) for triple in self._sorted(node) if triple.predicate in kept)
        if number.startswith("P"):
            self._forms(number)

    def _forms(self, number: str) -> None:
        node = self._names.entity(number)
        for triple in self._sorted(node):
            if triple.predicate in DEFINING:
                self._add(triple.object)
