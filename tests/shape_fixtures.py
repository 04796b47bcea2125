"""A small graph that keeps every shape, and for each constraint an update that breaks it."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store

from graph import ontologies, rules

FOLDER = Path(__file__).with_name("fixtures") / "shapes"
BASE = "https://w3id.org/zhanshi/"
PREFIXES = {
    "z": "https://w3id.org/zhanshi/ontology#",
    "wd": "https://w3id.org/zhanshi/entity/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "schema": "http://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "wikibase": "http://wikiba.se/ontology#",
    "sh": "http://www.w3.org/ns/shacl#",
}
PROLOGUE = f"BASE <{BASE}>\n" + "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


@cache
def faults() -> Mapping[str, str]:
    """Give the updates by the name of the shape and of the component that each must break: `Item-labels.MinCount`."""
    tables = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    return {name: entry["update"] for table in tables for name, entry in table.items()}


@cache
def _good_quads() -> tuple[Quad, ...]:
    store = Store()
    store.load(path=FOLDER / "good.ttl", format=RdfFormat.TURTLE)
    store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in ontologies.quads(BASE))
    store.update((FOLDER / "complete.ru").read_text(encoding="utf-8"))
    list(rules.derive(store, BASE))
    return tuple(Quad(quad.subject, quad.predicate, quad.object) for quad in store)


def good() -> Store:
    """Give the good graph: the ontology, the plain triples, their statements, and what follows from them."""
    store = Store()
    store.extend(_good_quads())
    return store


def broken(name: str) -> Store:
    """Give the good graph after the update of that name."""
    store = good()
    store.update(PROLOGUE + faults()[name])
    return store


def query(store: Store, words: str) -> list[tuple[str, ...]]:
    """Give the rows of a SELECT as strings, IRIs below the root without it."""
    rows = store.query(PROLOGUE + words, use_default_graph_as_union=True)
    return sorted(tuple(_short(term) for term in row) for row in rows)  # type: ignore[union-attr]


def _short(term: object) -> str:
    return term.value.removeprefix(BASE) if isinstance(term, NamedNode) else str(getattr(term, "value", ""))
