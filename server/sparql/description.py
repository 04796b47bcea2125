"""The service's description of itself: what the endpoint can do, and which graphs it holds."""

from __future__ import annotations

import pyoxigraph as ox
from starlette.datastructures import URL
from starlette.types import Scope

from server.context import Context
from server.formats import GRAPHS, GRAPHS_ENGINE, RESULTS, choose, not_acceptable
from server.prefixes import used_prefixes
from server.publication import Publication

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
INTEGER = ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")
FEATURES = ("UnionDefaultGraph", "BasicFederatedQuery")
FORMAT_NAMES = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV", "turtle": "Turtle", "ntriples": "N-Triples", "rdfxml": "RDF_XML",
    "jsonld": "JSON-LD", "trig": "TriG", "nquads": "N-Quads",
}  # fmt: skip


def describe(context: Context, scope: Scope, accept: str) -> tuple[bytes, str]:
    """The description in the wanted format, and its content type; raises NotAcceptable."""
    name = choose(accept, GRAPHS) or ("turtle" if "text/html" in accept or "*/*" in accept else None)
    if name is None:
        raise not_acceptable(GRAPHS)
    url = context.settings.public_url.rstrip("/") + "/sparql" if context.settings.public_url else ""
    endpoint = ox.NamedNode(url or str(URL(scope=scope).replace(query="", fragment="")))
    triples = description(context.publication, endpoint, services=context.settings.service)
    body = ox.serialize(triples, format=GRAPHS_ENGINE[name], prefixes=used_prefixes(context.publication.base, triples))
    return body or b"", GRAPHS[name].content_type


def description(publication: Publication, endpoint: ox.NamedNode, *, services: tuple[str, ...]) -> list[ox.Triple]:
    """The triples that describe the endpoint over that publication."""
    service, dataset, default = (ox.BlankNode(name) for name in ("service", "dataset", "default"))
    features = FEATURES if services else FEATURES[:1]
    return [
        ox.Triple(service, TYPE, _sd("Service")),
        ox.Triple(service, _sd("endpoint"), endpoint),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        *(ox.Triple(service, _sd("feature"), _sd(feature)) for feature in features),
        *(
            ox.Triple(service, _sd("resultFormat"), ox.NamedNode(FORMATS + FORMAT_NAMES[name]))
            for name in (*RESULTS, *GRAPHS)
        ),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        ox.Triple(dataset, TYPE, _sd("Dataset")),
        ox.Triple(dataset, _sd("defaultGraph"), default),
        ox.Triple(default, TYPE, _sd("Graph")),
        ox.Triple(default, ox.NamedNode(VOID + "triples"), ox.Literal(str(publication.quads), datatype=INTEGER)),
        *(triple for number, graph in enumerate(graph_names(publication)) for triple in _named(dataset, graph, number)),
    ]


def graph_names(publication: Publication) -> list[ox.NamedNode]:
    """The names of the published graphs, in order."""
    names = (name for name in publication.store.named_graphs() if isinstance(name, ox.NamedNode))
    return sorted(names, key=lambda name: name.value)


def _named(dataset: ox.BlankNode, graph: ox.NamedNode, number: int) -> list[ox.Triple]:
    node = ox.BlankNode(f"graph{number}")
    return [
        ox.Triple(dataset, _sd("namedGraph"), node),
        ox.Triple(node, TYPE, _sd("NamedGraph")),
        ox.Triple(node, _sd("name"), graph),
    ]


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
